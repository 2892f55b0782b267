package app

import (
	"net"
	"slices"
	"testing"

	"voronka/internal/config"
)

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		name, listen, base string
		want               []string
	}{
		{"this machine only", "127.0.0.1:8080", "", nil},
		{"by name", "localhost:8080", "", nil},
		{"IPv6 loopback", "[::1]:8080", "", nil},
		{"one address", "192.168.1.5:8080", "", []string{"http://192.168.1.5:8080"}},
		{"behind a proxy", "127.0.0.1:8080", "https://crm.example.com/", []string{"https://crm.example.com"}},
	} {
		a := &App{Config: config.Config{}}
		a.Config.Listen, a.Config.BaseURL = c.listen, c.base
		if got := a.addresses(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	list := []net.Addr{
		&net.IPNet{IP: net.IPv4(127, 0, 0, 1)}, &net.IPNet{IP: net.IPv4(169, 254, 1, 1)}, &net.IPNet{IP: net.IPv4(10, 0, 0, 7)}, &net.IPNet{IP: net.ParseIP("fe80::1")},
	}
	if got := outward(list, "http://", "80"); !slices.Equal(got, []string{"http://10.0.0.7:80"}) {
		t.Errorf("of the machine: %v", got)
	}
}
