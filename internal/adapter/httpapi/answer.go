package httpapi

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"
)

// worthZipping is the length from which compressing pays; shorter answers fit into one packet.
const worthZipping = 1400

// answer is the ResponseWriter of every request. It knows whether an answer has begun, compresses what is worth it, and
// keeps a copy when one is wished. It holds the first bytes back until it knows whether to compress.
type answer struct {
	w       http.ResponseWriter
	req     *http.Request
	status  int
	size    int64
	started bool          // status and headers are decided
	sent    bool          // they are on the wire
	dead    bool          // the connection is to be cut
	private bool          // not for caches
	onStart func()        // once, when the answer begins
	copy    *bytes.Buffer // of the plain answer
	held    []byte
	zip     *gzip.Writer
	mayZip  bool
}

func newAnswer(w http.ResponseWriter, req *http.Request, c *call) *answer {
	return &answer{w: w, req: req, mayZip: strings.Contains(req.Header.Get("Accept-Encoding"), "gzip") && req.Method != http.MethodHead && !loopback(c.ip)}
}

// loopback: within one machine compressing costs more than it saves.
func loopback(ip string) bool {
	addr, err := netip.ParseAddr(ip)
	return err == nil && addr.IsLoopback()
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.w.Header() }

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.w }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.started {
		return
	}
	if status >= 100 && status < 200 {
		a.w.WriteHeader(status)
		return
	}
	a.started, a.status = true, status
	a.limitTime()
	if a.onStart != nil {
		a.onStart()
	}
	h := a.Header()
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	if !a.zippable() {
		a.send()
	}
}

// limitTime bounds how long a slow reader may take; big files get more.
func (a *answer) limitTime() {
	if c := callOf(a.req.Context()); c.route == nil || c.route.Long {
		return // who writes for long sets his own
	}
	limit := time.Minute
	if n, _ := strconv.ParseInt(a.Header().Get("Content-Length"), 10, 64); n > 1<<20 {
		limit = time.Hour
		stays(a.req.Context())
	}
	_ = http.NewResponseController(a.w).SetWriteDeadline(time.Now().Add(limit)) // not every writer can
}

func (a *answer) zippable() bool {
	h := a.Header()
	if !a.mayZip || h.Get("Content-Encoding") != "" || h.Get("Content-Range") != "" || a.status == http.StatusNoContent || a.status == http.StatusNotModified || a.status == http.StatusPartialContent {
		return false
	}
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	switch {
	case strings.HasSuffix(kind, "json"), kind == "text/html", kind == "text/css", kind == "text/javascript", kind == "text/plain", kind == "image/svg+xml":
		h.Add("Vary", "Accept-Encoding")
		return true
	}
	return false
}

// send puts status and headers on the wire, with what was held back.
func (a *answer) send() {
	if a.sent {
		return
	}
	a.sent = true
	a.w.WriteHeader(a.status)
	if len(a.held) > 0 {
		held := a.held
		a.held = nil
		_, _ = a.out(held)
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	if !a.started {
		a.WriteHeader(http.StatusOK)
	}
	a.size += int64(len(b))
	if a.copy != nil && a.copy.Len() <= maxKept {
		a.copy.Write(b)
	}
	if a.sent {
		return a.out(b)
	}
	if len(a.held)+len(b) < worthZipping {
		a.held = append(a.held, b...)
		return len(b), nil
	}
	a.startZip()
	a.send()
	return a.out(b)
}

func (a *answer) out(b []byte) (int, error) {
	if a.zip != nil {
		return a.zip.Write(b)
	}
	return a.w.Write(b)
}

var zippers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return z
}}

func (a *answer) startZip() {
	z, ok := zippers.Get().(*gzip.Writer)
	if !ok {
		return
	}
	h := a.Header()
	h.Set("Content-Encoding", "gzip")
	h.Del("Content-Length")
	if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		h.Set("ETag", "W/"+tag)
	}
	z.Reset(a.w)
	a.zip = z
}

// Flush implements http.Flusher.
func (a *answer) Flush() {
	if !a.started {
		a.WriteHeader(http.StatusOK)
	}
	a.send()
	if a.zip != nil {
		_ = a.zip.Flush()
	}
	_ = http.NewResponseController(a.w).Flush()
}

// finish ends the answer. One that must not look whole is cut off.
func (a *answer) finish() {
	if a.zip != nil {
		if !a.dead {
			_ = a.zip.Close()
		}
		a.zip.Reset(nil)
		zippers.Put(a.zip)
		a.zip = nil
	}
	if a.dead {
		if a.onStart != nil {
			a.onStart()
		}
		panic(http.ErrAbortHandler)
	}
	if a.started {
		a.send()
	}
}
