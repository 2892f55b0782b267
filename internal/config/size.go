package config

import (
	"fmt"
	"strconv"
	"strings"
)

// Size is a number of bytes, written as 512KB, 1MB, 2GB (of 1024) or a plain number.
type Size int64

var units = []struct {
	name  string
	bytes int64
}{{"GB", 1 << 30}, {"MB", 1 << 20}, {"KB", 1 << 10}, {"B", 1}}

// UnmarshalText reads a size.
func (s *Size) UnmarshalText(b []byte) error {
	text, unit := strings.ToUpper(strings.TrimSpace(string(b))), int64(1)
	for _, u := range units {
		if number, ok := strings.CutSuffix(text, u.name); ok {
			text, unit = strings.TrimSpace(number), u.bytes
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > (1<<62)/unit {
		return fmt.Errorf("%q is no size like 512KB or 1MB", b)
	}
	*s = Size(n * unit)
	return nil
}

// String writes a size.
func (s Size) String() string {
	for _, u := range units {
		if n := int64(s); n >= u.bytes && n%u.bytes == 0 {
			return strconv.FormatInt(n/u.bytes, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10)
}
