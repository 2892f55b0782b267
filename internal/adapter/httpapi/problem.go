package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"voronka/internal/kernel/fault"
	"voronka/internal/texts"
)

// statuses turns what rooms say into what HTTP says. It is the only such table.
var statuses = map[fault.Code]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.TooLarge:        http.StatusRequestEntityTooLarge,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Internal:        http.StatusInternalServerError,
}

// keyStatuses are the few messages about the request as such for which HTTP has a status of its own.
var keyStatuses = map[string]int{
	"input.json":           http.StatusBadRequest,
	"input.utf8":           http.StatusBadRequest,
	"input.nul":            http.StatusBadRequest,
	"input.form":           http.StatusBadRequest,
	"input.body_missing":   http.StatusBadRequest,
	"input.media_type":     http.StatusUnsupportedMediaType,
	"input.not_acceptable": http.StatusNotAcceptable,
	"http.body_slow":       http.StatusRequestTimeout,
	"http.body_broken":     http.StatusBadRequest,
	"http.no_such_method":  http.StatusMethodNotAllowed,
}

// Problem is what every failure looks like (RFC 9457). Title and Detail are in the reader's language.
type Problem struct {
	Type   string         `json:"type" doc:"Always about:blank; look at code and key"`
	Title  string         `json:"title" doc:"The kind of failure, in the reader's language"`
	Status int            `json:"status"`
	Detail string         `json:"detail" doc:"What is wrong and what to do, in the reader's language"`
	Code   string         `json:"code" enum:"invalid,unauthenticated,forbidden,not_found,conflict,too_many,too_large,unavailable,internal"`
	Key    string         `json:"key" doc:"Names the message in any language"`
	Errors []ProblemField `json:"errors,omitempty" doc:"What is wrong where"`
	Data   any            `json:"data,omitempty" doc:"Both values of a conflict and the like"`

	retryAfter int
}

// ProblemField is one wrong input.
type ProblemField struct {
	Path   string `json:"path" doc:"The field, with / between levels: phones/0/value"`
	Detail string `json:"detail" doc:"What is wrong with it, in the reader's language"`
	Key    string `json:"key"`
}

// Error implements error and huma.StatusError.
func (p *Problem) Error() string { return p.Code + ": " + p.Key }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="voronka"`)
	}
	return h
}

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// ProblemOf turns any error into a problem for the reader in ctx. What isn't a fault is logged and becomes 500.
func ProblemOf(ctx context.Context, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			f = fault.Wrap(fault.Unavailable, "http.timeout", err)
		case errors.Is(err, context.Canceled):
			f = fault.Wrap(fault.Unavailable, "http.body_broken", err)
		default:
			f = fault.Wrap(fault.Internal, "internal", err)
		}
	}
	return translate(ctx, f)
}

func translate(ctx context.Context, f *fault.Error) *Problem {
	say := texts.For(Lang(ctx)).Say
	status, known := statuses[f.Code]
	if !known {
		status, f = http.StatusInternalServerError, fault.Wrap(fault.Internal, "internal", f)
	}
	if special, ok := keyStatuses[f.Key]; ok {
		status = special
	}
	title := "problem.title." + string(f.Code)
	if status == http.StatusMethodNotAllowed { // the address is there
		title = "problem.title.no_such_method"
	}
	args := f.Args
	if f.Code == fault.Internal {
		Log(ctx).Error("our mistake", "err", f.Error())
		f = &fault.Error{Code: fault.Internal, Key: "internal"}
		args = fault.Args{"id": RequestID(ctx)}
	} else if f.Code == fault.Unavailable && f.Err != nil {
		Log(ctx).Warn("unavailable", "err", f.Error())
	}
	p := &Problem{
		Type: "about:blank", Title: say(title, nil), Status: status, Detail: say(f.Key, args),
		Code: string(f.Code), Key: f.Key, Data: f.Data, retryAfter: f.RetryAfter,
	}
	if p.retryAfter == 0 && (f.Code == fault.Unavailable || f.Code == fault.TooMany) {
		p.retryAfter = 1
	}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, ProblemField{Path: field.Path, Detail: say(field.Key, field.Args), Key: field.Key})
	}
	if len(p.Errors) == 1 && f.Key == "invalid" {
		p.Detail = p.Errors[0].Detail
	}
	return p
}

// Fail answers with the problem of err. Handlers return their errors instead; this is for middlewares and pages.
func Fail(ctx context.Context, w http.ResponseWriter, err error) {
	p := ProblemOf(ctx, err)
	body, e := json.Marshal(p)
	if e != nil { // data that can't be written
		Log(ctx).Error("problem can't be written", "err", e)
		p.Data = nil
		body, _ = json.Marshal(p)
	}
	for k, v := range p.GetHeaders() {
		w.Header()[k] = v
	}
	h := w.Header()
	h.Del("Content-Encoding")
	h.Del("Content-Length")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_, _ = w.Write(body)
}

// WriteJSON answers with JSON that is written already.
func WriteJSON(w http.ResponseWriter, status int, body []byte) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, err := w.Write(body)
	return gone(err)
}

// Decode reads the JSON body of a hand-written handler. Numbers inside any become json.Number.
func Decode(req *http.Request, into any) error {
	d := json.NewDecoder(req.Body)
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return unreadable(err)
	}
	if d.More() {
		return fault.New(fault.Invalid, "input.json", fault.Args{"detail": "more than one value"})
	}
	return nil
}

// goneError says that nobody listens any more; nothing is answered and nothing logged as a mistake.
type goneError struct{ err error }

func (e goneError) Error() string { return "the client is gone: " + e.err.Error() }
func (e goneError) Unwrap() error { return e.err }

func gone(err error) error {
	if err == nil {
		return nil
	}
	return goneError{err}
}

var (
	_ huma.StatusError       = (*Problem)(nil)
	_ huma.HeadersError      = (*Problem)(nil)
	_ huma.ContentTypeFilter = (*Problem)(nil)
)
