package config

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"voronka/internal/kernel/fault"
)

// check refuses what can't work together.
func (l *Loaded) check() error {
	bad := func(name string) error {
		i := slices.IndexFunc(l.Settings, func(s Setting) bool { return s.Name == name })
		return fault.New(fault.Invalid, "config.bad", fault.Args{"name": name, "source": string(l.Settings[i].Source)})
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, l.LogLevel) {
		return bad("log-level")
	}
	if l.LogFormat != "text" && l.LogFormat != "json" {
		return bad("log-format")
	}
	if (l.TLSCert == "") != (l.TLSKey == "") {
		return fault.New(fault.Invalid, "config.tls_pair")
	}
	if l.TLSCert != "" && len(l.ACMEDomain) > 0 {
		return fault.New(fault.Invalid, "config.tls_twice")
	}
	if l.BaseURL != "" {
		u, err := url.Parse(l.BaseURL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
			return bad("base-url")
		}
		l.BaseURL = u.Scheme + "://" + u.Host
	}
	if _, err := l.Proxies(); err != nil {
		return bad("trusted-proxies")
	}
	return nil
}

// Proxies are the trusted proxies as networks.
func (s *Server) Proxies() ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for _, text := range s.TrustedProxies {
		if addr, err := netip.ParseAddr(text); err == nil {
			networks = append(networks, netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err
		}
		networks = append(networks, p.Masked())
	}
	return networks, nil
}
