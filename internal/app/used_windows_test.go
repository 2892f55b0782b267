package app_test

import (
	"testing"
	"time"
)

// used is not asked for here: what runs in vain on one system runs in vain on all.
func used(*testing.T) time.Duration { return 0 }
