package httpapi

import (
	"context"
	"crypto/subtle"
	"io"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"voronka/internal/kernel/fault"
)

// addHealth adds /healthz (the process lives), /readyz (it can work: the database answers) and /metrics.
func (r *Router) addHealth() {
	Raw(r, Op{Method: http.MethodGet, Path: "/healthz", Access: Public, Always: true}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		say(w, "ok\n")
	}))
	Raw(r, Op{Method: http.MethodGet, Path: "/readyz", Access: Public, Always: true}, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ctx, cancel := context.WithTimeout(req.Context(), 3*time.Second)
		defer cancel()
		switch {
		case r.isStopping():
			Fail(req.Context(), w, fault.New(fault.Unavailable, "http.stopping"))
		case r.opt.Ready(ctx) != nil:
			Fail(req.Context(), w, fault.New(fault.Unavailable, "http.not_ready"))
		default:
			say(w, "ready\n")
		}
	}))
	figures := promhttp.HandlerFor(r.metrics.registry, promhttp.HandlerOpts{DisableCompression: true})
	Raw(r, Op{Method: http.MethodGet, Path: "/metrics", Access: Public, Always: true}, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !r.mayMeasure(req) {
			Fail(req.Context(), w, fault.New(fault.Forbidden, "http.forbidden"))
			return
		}
		figures.ServeHTTP(w, req)
	}))
}

func say(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text)
}

// mayMeasure: with the token of the settings, or without one from this machine and not through a proxy.
func (r *Router) mayMeasure(req *http.Request) bool {
	if token := r.opt.MetricsToken; token != "" {
		return subtle.ConstantTimeCompare([]byte(req.Header.Get("Authorization")), []byte("Bearer "+token)) == 1
	}
	return loopback(IP(req.Context())) && req.Header.Get("X-Forwarded-For") == "" && req.Header.Get("Forwarded") == ""
}
