package oidcclient

import "testing"

// A provider may be inside, what it names else may not, and nobody calls where clouds keep their keys.
func TestWhereAProviderMaySendUs(t *testing.T) {
	for address, want := range map[string][2]bool{ // as any host, as the issuer's own
		"93.184.216.34:443":        {true, true},
		"[2606:4700::1111]:443":    {true, true},
		"127.0.0.1:80":             {false, true},
		"[::1]:443":                {false, true},
		"10.1.2.3:443":             {false, true},
		"192.168.0.5:8443":         {false, true},
		"[fd00::5]:443":            {false, true},
		"[::ffff:10.1.2.3]:443":    {false, true},
		"169.254.169.254:80":       {false, false},
		"[fe80::1%25eth0]:443":     {false, false},
		"0.0.0.0:80":               {false, false},
		"[::]:80":                  {false, false},
		"224.0.0.1:80":             {false, false},
		"100.64.0.1:443":           {false, false},
		"[64:ff9b::a9fe:a9fe]:443": {false, false},
		"[2002:a9fe:a9fe::]:443":   {false, false},
		"255.255.255.255:443":      {false, false},
		"not an address":           {false, false},
		"provider.example:443":     {false, false}, // names are resolved before
	} {
		for i, private := range []bool{false, true} {
			if got := allowed(address, private) == nil; got != want[i] {
				t.Errorf("%s (own: %v): %v", address, private, got)
			}
		}
	}
}
