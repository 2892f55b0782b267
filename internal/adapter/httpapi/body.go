package httpapi

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"voronka/internal/kernel/fault"
)

// bodyTime is how long a caller may take to send a body that is read before the work begins.
const bodyTime = 15 * time.Second

// body is a request's body in memory; nil bytes when the handler reads it itself.
type body struct {
	bytes  []byte
	weight *weight
	held   int64
}

func (b *body) release() {
	if b.held > 0 {
		b.weight.now.Add(-b.held)
		b.held = 0
	}
}

// readBody reads the body before the request takes a place among the running, so that a slow sender takes nobody's place.
// Uploads are left to the handler, behind a limit.
func (rt *route) readBody(w http.ResponseWriter, req *http.Request) (*body, error) {
	b := &body{weight: rt.r.bodies}
	if req.Body == nil || req.Body == http.NoBody {
		return b, nil
	}
	if req.ContentLength > rt.MaxBody {
		return nil, tooLarge(rt.MaxBody)
	}
	if rt.Upload {
		req.Body = http.MaxBytesReader(w, req.Body, rt.MaxBody)
		return b, nil
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(bodyTime)) // not every writer can; then the server's own limit holds
	defer func() { _ = control.SetReadDeadline(time.Time{}) }()
	if err := b.fill(req, rt.MaxBody); err != nil {
		b.release()
		return nil, err
	}
	req.Body = io.NopCloser(bytes.NewReader(b.bytes))
	if err := cleanText(req.Header.Get("Content-Type"), b.bytes); err != nil {
		b.release()
		return nil, err
	}
	return b, nil
}

func (b *body) fill(req *http.Request, most int64) error {
	var buf bytes.Buffer
	if req.ContentLength > 0 {
		if !b.hold(req.ContentLength) {
			return errBusy()
		}
		buf.Grow(int(req.ContentLength) + bytes.MinRead)
	}
	chunk := io.LimitReader(req.Body, most+1)
	for {
		n, err := io.CopyN(&buf, chunk, 64<<10)
		if int64(buf.Len()) > b.held && !b.hold(int64(buf.Len())-b.held) {
			return errBusy()
		}
		if int64(buf.Len()) > most {
			return tooLarge(most)
		}
		if errors.Is(err, io.EOF) {
			b.bytes = buf.Bytes()
			return nil
		}
		var slow net.Error
		switch {
		case err == nil && n > 0:
		case errors.As(err, &slow) && slow.Timeout():
			return fault.New(fault.Invalid, "http.body_slow")
		default:
			return fault.Wrap(fault.Invalid, "http.body_broken", err)
		}
	}
}

func (b *body) hold(n int64) bool {
	if !b.weight.add(n) {
		return false
	}
	b.held += n
	return true
}

func tooLarge(most int64) error {
	return fault.New(fault.TooLarge, "http.body_too_large", fault.Args{"max": most})
}

func errBusy() error {
	return &fault.Error{Code: fault.Unavailable, Key: "http.overloaded", Args: fault.Args{"seconds": 1}, RetryAfter: 1}
}

// cleanText refuses bodies that are no text in UTF-8, and the character NUL, which no database keeps.
func cleanText(contentType string, b []byte) error {
	media, _, _ := mime.ParseMediaType(contentType)
	switch {
	case media == "application/x-www-form-urlencoded":
		return cleanQuery(string(b))
	case media != "" && media != "application/json" && !strings.HasSuffix(media, "+json"):
		return nil
	}
	if !utf8.Valid(b) {
		return fault.New(fault.Invalid, "input.utf8")
	}
	if bytes.IndexByte(b, 0) >= 0 || hasNUL(b) {
		return fault.New(fault.Invalid, "input.nul")
	}
	return nil
}

// hasNUL finds \u0000 in JSON; after an even number of backslashes it is no escape.
func hasNUL(b []byte) bool {
	for {
		i := bytes.Index(b, []byte(`\u0000`))
		if i < 0 {
			return false
		}
		before := 0
		for before < i && b[i-1-before] == '\\' {
			before++
		}
		if before%2 == 0 {
			return true
		}
		b = b[i+6:]
	}
}

// cleanURL does the same for path and query.
func cleanURL(req *http.Request) error {
	if err := cleanString(req.URL.Path); err != nil {
		return err
	}
	return cleanQuery(req.URL.RawQuery)
}

func cleanQuery(query string) error {
	if query == "" {
		return nil
	}
	text, err := url.QueryUnescape(query)
	if err != nil {
		return fault.Wrap(fault.Invalid, "input.form", err)
	}
	return cleanString(text)
}

func cleanString(s string) error {
	if !utf8.ValidString(s) {
		return fault.New(fault.Invalid, "input.utf8")
	}
	if strings.IndexByte(s, 0) >= 0 {
		return fault.New(fault.Invalid, "input.nul")
	}
	return nil
}
