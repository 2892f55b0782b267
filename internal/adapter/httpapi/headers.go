package httpapi

import (
	"crypto/rand"
	"net/http"
	"strings"
)

// protect sets the headers that keep a browser from being led astray. The policy lets pages run only our own scripts, and
// styles that are ours or carry the nonce. Hosted forms may be put into frames of other sites and say so themselves.
func protect(h http.Header, req *http.Request, c *call) {
	h.Set("X-Request-Id", c.id)
	h.Set("X-Content-Type-Options", "nosniff")
	if strings.HasPrefix(req.URL.Path, "/api/") {
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		return
	}
	c.nonce = rand.Text()
	h.Set("Content-Security-Policy", policy(c.nonce, "'none'"))
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	if c.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

func policy(nonce, ancestors string) string {
	return "default-src 'self'; script-src 'self' 'nonce-" + nonce + "'; style-src 'self' 'nonce-" + nonce + "'; " +
		"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; " +
		"form-action 'self'; frame-ancestors " + ancestors
}

// Embeddable lets a page be shown inside pages of any other site: hosted forms.
func Embeddable(w http.ResponseWriter, req *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy(Nonce(req.Context()), "*"))
	h.Del("Cross-Origin-Opener-Policy")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}
