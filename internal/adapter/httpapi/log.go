package httpapi

import (
	"log/slog"
	"net/http"
	"time"
)

// note writes the request into the log and the metrics. The query isn't logged: it holds what people look for. Doors with a
// key in their path are logged by their pattern.
func (r *Router) note(a *answer, req *http.Request, c *call, took time.Duration) {
	status := a.status
	if status == 0 {
		status = http.StatusOK
	}
	if c.route == nil {
		r.metrics.other.Inc()
	} else {
		c.route.seen.note(status, took)
	}
	level := slog.LevelInfo
	switch {
	case status == http.StatusServiceUnavailable, c.route != nil && c.route.Always && status < 400:
		level = slog.LevelDebug // under overload a line for each refusal would be a load of its own
	case status >= 500:
		level = slog.LevelError
	}
	if !r.opt.Log.Enabled(req.Context(), level) {
		return
	}
	path := req.URL.Path
	if c.route != nil && c.route.Access == Public && c.route.Path != "/" {
		path = c.route.Path
	}
	r.opt.Log.LogAttrs(req.Context(), level, "http", slog.String("request", c.id), slog.String("method", req.Method), slog.String("path", path),
		slog.Int("status", status), slog.Int64("bytes", a.size), slog.Duration("took", took), slog.Int64("user", c.who.UserID), slog.String("ip", c.ip))
}
