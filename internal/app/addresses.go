package app

import (
	"net"
	"strings"
)

// addresses are where other machines reach the portal, best first; none when it listens on its own machine only.
func (a *App) addresses() []string {
	if a.Config.BaseURL != "" {
		return []string{strings.TrimRight(a.Config.BaseURL, "/")}
	}
	host, port, err := net.SplitHostPort(a.Config.Listen)
	if err != nil {
		return nil
	}
	scheme := "http://"
	if a.TLS != nil || a.Config.TLSCert != "" || len(a.Config.ACMEDomain) > 0 {
		scheme = "https://"
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		if host == "localhost" || ip != nil && ip.IsLoopback() {
			return nil
		}
		return []string{scheme + net.JoinHostPort(host, port)}
	}
	list, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	return outward(list, scheme, port)
}

// outward are the addresses phones in the same network can open.
func outward(list []net.Addr, scheme, port string) []string {
	var out []string
	for _, one := range list {
		if n, ok := one.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
			out = append(out, scheme+net.JoinHostPort(n.IP.String(), port))
		}
	}
	return out
}
