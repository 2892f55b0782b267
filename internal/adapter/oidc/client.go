package oidcclient

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// Limits of one call to a provider.
const (
	timeout   = 10 * time.Second
	maxAnswer = 1 << 20
)

// errInside is the answer to an address the provider must not send us to.
var errInside = errors.New("oidc: the address leads into the network of this server")

// newClient makes a client for one provider. An administrator may have typed the address of a provider in the company's own
// network, so its host and port may be private. Whatever else the provider names (its endpoints, its keys) must be there
// too or public: a provider outside can't have us call machines inside. Addresses of the link, where clouds keep their
// secrets, are never called. Redirects are not followed, no proxy of the environment is used.
func newClient(issuer *url.URL) *http.Client {
	own := place(issuer)
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		private := address == own
		dialer := net.Dialer{Timeout: timeout / 2, Control: func(_, to string, _ syscall.RawConn) error { return allowed(to, private) }}
		return dialer.DialContext(ctx, network, address)
	}
	transport := &http.Transport{
		DialContext: dial, TLSHandshakeTimeout: timeout / 2, ResponseHeaderTimeout: timeout, MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
	}
	return &http.Client{
		Transport: plain{transport, own}, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// place is host and port of an address, as they are dialled.
func place(u *url.URL) string {
	return net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), map[string]string{"https": "443", "http": "80"}[u.Scheme]))
}

// notPublic are networks the standard library has no word for: shared, benchmark and documentation networks, and those that
// carry other addresses inside.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("fec0::/10"),
}

// allowed looks at the address a name has led to, right before the connection is made.
func allowed(address string, private bool) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := to.Addr().Unmap().WithZone("")
	if private && (ip.IsLoopback() || ip.IsPrivate()) {
		return nil
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return errInside
	}
	for _, network := range notPublic {
		if network.Contains(ip) {
			return errInside
		}
	}
	return nil
}

// plain refuses unencrypted calls but those to an issuer on this machine, and cuts answers that are too long.
type plain struct {
	next http.RoundTripper
	own  string
}

// RoundTrip implements http.RoundTripper.
func (p plain) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" && place(req.URL) != p.own {
		return nil, errors.New("oidc: the address is not encrypted")
	}
	answer, err := p.next.RoundTrip(req)
	if err == nil {
		answer.Body = limited{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	}
	return answer, err
}

type limited struct {
	io.Reader
	io.Closer
}
