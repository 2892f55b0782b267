package demoapi

import "testing"

// TestTheLinkIsForThisMachine: neither another machine nor another name of this one gets in.
func TestTheLinkIsForThisMachine(t *testing.T) {
	for _, c := range []struct {
		ip, host string
		want     bool
	}{
		{"127.0.0.1", "localhost:8080", true},
		{"127.0.0.1", "127.0.0.1:8080", true},
		{"::1", "[::1]:8080", true},
		{"::ffff:127.0.0.1", "localhost", true},
		{"127.0.0.1", "evil.example:8080", false},
		{"127.0.0.1", "localhost.evil.example", false},
		{"192.0.2.1", "localhost:8080", false},
		{"", "localhost", false},
		{"127.0.0.1", "192.0.2.1:8080", false},
		{"127.0.0.1", "", false},
	} {
		if got := near(c.ip, c.host); got != c.want {
			t.Errorf("from %s to %s: %v", c.ip, c.host, got)
		}
	}
}
