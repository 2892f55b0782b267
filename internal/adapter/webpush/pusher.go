// Package webpush gives messages to the push services of browsers: encrypted for the browser (RFC 8291), signed with the
// portal's key (VAPID, RFC 8292). The address of a push service comes from a browser and so from anybody who is signed in:
// only https is spoken, only with public addresses, briefly, and no redirect is followed.
package webpush

import (
	"context"
	"crypto/ecdh"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	push "github.com/SherClockHolmes/webpush-go"

	"voronka/internal/work/notify"
)

// Limits of one push.
const (
	timeout    = 15 * time.Second
	maxAnswer  = 4 << 10
	maxAddress = 1000
	maxPayload = 3500 // push services take 4096 bytes with everything around it
)

// Pusher implements notify.Pusher.
type Pusher struct {
	// Loopback lets push services be on this machine, without https; for tests.
	Loopback bool
	client   *http.Client
}

var _ notify.Pusher = (*Pusher)(nil)

// New makes a Pusher. roots are the authorities to trust, nil the system's.
func New(loopback bool, roots *x509.CertPool) *Pusher {
	p := &Pusher{Loopback: loopback}
	dialer := &net.Dialer{Timeout: timeout / 2, Control: p.control}
	transport := &http.Transport{
		DialContext: dialer.DialContext, TLSHandshakeTimeout: timeout / 2, ResponseHeaderTimeout: timeout, MaxResponseHeaderBytes: 16 << 10,
		MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
	}
	if roots != nil {
		transport.TLSClientConfig = tlsOf(roots)
	}
	p.client = &http.Client{
		Transport: transport, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p
}

// errPrivate is the answer to an address that isn't public.
var errPrivate = errors.New("webpush: the address isn't public")

// control looks at the address a name has led to, right before the connection is made: a name can't lead inside.
func (p *Pusher) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	return p.allowed(to.Addr())
}

// notPublic are networks the standard library has no word for: shared, benchmark and documentation networks, and those that
// carry other addresses inside.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("fec0::/10"),
}

func (p *Pusher) allowed(ip netip.Addr) error {
	ip = ip.Unmap().WithZone("")
	if p.Loopback && ip.IsLoopback() {
		return nil
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return errPrivate
	}
	for _, network := range notPublic {
		if network.Contains(ip) {
			return errPrivate
		}
	}
	return nil
}

// Check implements notify.Pusher.
func (p *Pusher) Check(x notify.Subscription) error {
	u, err := url.Parse(x.Endpoint)
	switch {
	case err != nil || u.Host == "" || u.User != nil || len(x.Endpoint) > maxAddress:
		return errors.New("webpush: the address of the push service is none")
	case u.Scheme != "https" && !(p.Loopback && u.Scheme == "http"):
		return errors.New("webpush: the address of the push service isn't https")
	case u.Port() != "" && u.Port() != "443" && !p.Loopback:
		return errors.New("webpush: the port of the push service isn't that of https")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		if err := p.allowed(ip); err != nil {
			return err
		}
	} else if name := strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")); !p.Loopback && (name == "localhost" || strings.HasSuffix(name, ".localhost") || !strings.Contains(name, ".")) {
		return errPrivate
	}
	key, err := decode(x.P256dh)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(key)
	}
	if err != nil {
		return fmt.Errorf("webpush: key of the browser: %w", err)
	}
	if auth, err := decode(x.Auth); err != nil || len(auth) != 16 {
		return errors.New("webpush: the secret of the browser isn't 16 bytes")
	}
	return nil
}

// decode reads base64 of either alphabet, padded or not.
func decode(s string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(s), "="))
}

// Make implements notify.Pusher.
func (p *Pusher) Make() (public, private string, err error) {
	private, public, err = push.GenerateVAPIDKeys()
	return public, private, err
}

// Push implements notify.Pusher.
func (p *Pusher) Push(ctx context.Context, k notify.Keys, x notify.Subscription, m notify.Message) error {
	if err := p.Check(x); err != nil {
		return errors.Join(notify.ErrRefused, err)
	}
	if len(m.Payload) > maxPayload {
		return errors.Join(notify.ErrRefused, fmt.Errorf("webpush: %d bytes are too many", len(m.Payload)))
	}
	o := &push.Options{
		HTTPClient: p.client, Subscriber: strings.TrimPrefix(m.Contact, "mailto:"), Topic: m.Topic, TTL: max(0, int(m.TTL/time.Second)), Urgency: push.UrgencyNormal,
		VAPIDPublicKey: k.Public, VAPIDPrivateKey: k.Private,
	}
	if m.Urgent {
		o.Urgency = push.UrgencyHigh
	}
	answer, err := push.SendNotificationWithContext(ctx, m.Payload, &push.Subscription{Endpoint: x.Endpoint, Keys: push.Keys{Auth: x.Auth, P256dh: x.P256dh}}, o)
	if err != nil {
		if errors.Is(err, errPrivate) {
			return errors.Join(notify.ErrRefused, errPrivate)
		}
		return fmt.Errorf("webpush: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxAnswer))
	switch status := answer.StatusCode; {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusNotFound || status == http.StatusGone:
		return notify.ErrGone
	case status == http.StatusTooManyRequests || status >= 500:
		return fmt.Errorf("webpush: the push service answers %d", status)
	default:
		return errors.Join(notify.ErrRefused, fmt.Errorf("webpush: the push service answers %d", status))
	}
}
