package httpapi

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/texts"
)

// CookieName is the cookie of the session.
const CookieName = "voronka_session"

// authenticate fills in who asks, by token or by cookie.
func (r *Router) authenticate(req *http.Request, c *call) error {
	if r.opt.Auth == nil {
		return fault.New(fault.Unauthenticated, "http.unauthenticated")
	}
	var err error
	if token, ok := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer "); ok {
		c.token = true
		c.who, err = r.opt.Auth.ByToken(req.Context(), strings.TrimSpace(token))
	} else if cookie, e := req.Cookie(CookieName); e == nil {
		c.who, c.session, err = r.opt.Auth.ByCookie(req.Context(), cookie.Value)
	} else {
		err = fault.New(fault.Unauthenticated, "http.unauthenticated")
	}
	if err != nil {
		return err
	}
	if c.who.Lang != "" {
		c.lang = texts.For(c.who.Lang).Lang()
	}
	return nil
}

// SessionCookie makes the cookie that carries a session's secret; an empty one takes it away. It is for the Set-Cookie
// header of an answer.
func SessionCookie(ctx context.Context, secret string, expires time.Time) string {
	cookie := http.Cookie{Name: CookieName, Value: secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: Secure(ctx), Expires: expires}
	if secret == "" {
		cookie.MaxAge = -1
		cookie.Expires = time.Unix(1, 0)
	}
	return cookie.String()
}

// DeviceCookieName is the cookie by which a browser is known that somebody has signed in with.
const DeviceCookieName = "voronka_device"

// deviceLives is how long browsers keep it: as long as they keep anything.
const deviceLives = 400 * 24 * time.Hour

// DeviceCookie makes the cookie of a device. Only the doors that sign in get it back.
func DeviceCookie(ctx context.Context, secret string, now time.Time) string {
	cookie := http.Cookie{
		Name: DeviceCookieName, Value: secret, Path: "/api", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: Secure(ctx), Expires: now.Add(deviceLives),
	}
	return cookie.String()
}

// Secure tells whether the browser spoke TLS, with us or with a trusted proxy.
func Secure(ctx context.Context) bool { return callOf(ctx).secure }

// address is where a request really comes from: the nearest address that is no trusted proxy.
func (r *Router) address(req *http.Request) string {
	peer, err := netip.ParseAddrPort(req.RemoteAddr)
	if err != nil {
		return req.RemoteAddr
	}
	ip := peer.Addr().Unmap().WithZone("")
	if !r.trusted(ip) {
		return ip.String()
	}
	hops := strings.Split(strings.Join(req.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = hop.Unmap().WithZone("")
		if !r.trusted(ip) {
			break
		}
	}
	return ip.String()
}

func (r *Router) trusted(ip netip.Addr) bool {
	for _, p := range r.opt.TrustedProxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// secure tells whether the browser's side of the way is encrypted.
func (r *Router) secure(req *http.Request) bool {
	if req.TLS != nil {
		return true
	}
	peer, err := netip.ParseAddrPort(req.RemoteAddr)
	return err == nil && r.trusted(peer.Addr().Unmap().WithZone("")) && strings.EqualFold(req.Header.Get("X-Forwarded-Proto"), "https")
}

// wishedLang is the language a browser asks for, or the portal's.
func (r *Router) wishedLang(req *http.Request) string {
	for wish := range strings.SplitSeq(req.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(wish), ";")
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		for _, lang := range texts.Langs {
			if base == lang {
				return lang
			}
		}
	}
	return texts.For(r.opt.PortalLang(req.Context())).Lang()
}

// Again tells who sends a long request by now: he may have been signed out, or have other rights.
func (r *Router) Again(req *http.Request) (access.Who, error) {
	c := *callOf(req.Context())
	err := r.authenticate(req, &c)
	if err == nil && c.route != nil {
		err = c.route.narrow(&c.who, c.token)
	}
	return c.who, err
}
