package intakeform

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/sales/form"
	"voronka/internal/sales/intake"
)

// Intake takes requests in.
type Intake interface {
	Accept(ctx context.Context, in intake.Incoming) (intake.Answer, error)
	// Hold keeps a request for a person to decide on.
	Hold(ctx context.Context, in intake.Incoming, reason string) (int64, error)
	// Admit holds back floods of wrong tries, which cost as much as right ones.
	Admit(key, ip string) error
	// Worn tells whether the page a token stands for has been sent too often.
	Worn(ctx context.Context, k *intake.Key, token string) (bool, error)
}

// Doors finds keys.
type Doors interface {
	Door(ctx context.Context, address string) (*intake.Key, error)
	// ClosedDoor is one that was switched off or removed.
	ClosedDoor(ctx context.Context, address string) (*intake.Key, error)
}

// Handler serves GET and POST /f/{key}. The path value "key" must be set by the mux.
type Handler struct {
	Intake Intake
	Doors  Doors
	Clock  clock.Clock
	// Lang is the portal's, for visitors who wish neither language.
	Lang func(ctx context.Context) string
	// Resolve finds the fields of a form as they are now.
	Resolve func(ctx context.Context, o form.Options) (*form.Form, error)
	IP      func(r *http.Request) string
	Log     *slog.Logger
}

// carried are the values a link to the form may bring along.
var carried = []string{"utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "referrer", "landing"}

// visit is one call: the door, its form, and how the page is shown.
type visit struct {
	*Handler
	w      http.ResponseWriter
	r      *http.Request
	key    *intake.Key // nil: there is none
	form   *form.Form
	lang   string
	closed bool // the door was closed; what was opened before may still be sent
	framed bool // the page stands in a page of another site
	draft  bool // a preview beside the builder: nothing can be sent
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := &visit{Handler: h, w: w, r: r, framed: r.URL.Query().Has("embed")}
	if err := v.open(); err != nil {
		v.fail(err)
		return
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		v.show()
	case http.MethodPost:
		v.post()
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	}
}

// open finds the door and its form.
func (v *visit) open() (err error) {
	ctx, address := v.r.Context(), v.r.PathValue("key")
	if v.key, err = v.Doors.Door(ctx, address); fault.Is(err, fault.NotFound) {
		missing := err
		if v.key, err = v.Doors.ClosedDoor(ctx, address); fault.Is(err, fault.NotFound) {
			err = missing
		}
		v.closed = err == nil
	}
	if err != nil {
		v.key = nil
		return err
	}
	options := v.key.Form
	if draft := v.r.URL.Query().Get("draft"); draft != "" && v.r.Method != http.MethodPost {
		if options, err = form.Unseal(draft, options.Secret, v.Clock.Now()); err != nil {
			return fault.Wrap(fault.NotFound, "intake.no_such_key", err)
		}
		v.draft = true
	}
	v.lang = v.language()
	v.form, err = v.Resolve(ctx, options)
	return err
}

func (v *visit) show() {
	if v.r.URL.Query().Has("done") {
		v.write(http.StatusOK, v.thanks())
		return
	}
	if v.closed {
		v.fail(fault.New(fault.NotFound, "form.closed"))
		return
	}
	values := url.Values{}
	for _, name := range carried {
		if s := v.r.URL.Query().Get(name); s != "" {
			values.Set(name, s)
		}
	}
	if values.Get("referrer") == "" && v.r.Referer() != "" {
		values.Set("referrer", v.r.Referer())
	}
	v.write(http.StatusOK, v.page(values, nil))
}

func (v *visit) post() {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, intake.MaxBody)
	if err := v.r.ParseMultipartForm(intake.MaxBody); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		v.fail(fault.Wrap(fault.Invalid, "intake.bad_form", err))
		return
	}
	values := v.r.PostForm
	token := values.Get(form.TokenField)
	ticket, verdict := form.Open(v.form.Secret, token, v.Clock.Now())
	if v.closed && (verdict == form.Forged || verdict == form.TooOld) {
		v.fail(fault.New(fault.NotFound, "form.closed"))
		return
	}
	err := v.form.Check(values)
	if err == nil && (verdict == form.Forged || verdict == form.TooOld) {
		values.Del(form.TokenField)
		err = fault.New(fault.Invalid, "form.expired")
	}
	if err != nil {
		if flood := v.Intake.Admit(v.key.Key, v.ip()); flood != nil {
			err = flood
		}
		v.again(values, err)
		return
	}
	suspicion := v.suspicion(values, token, ticket, verdict)
	if suspicion == "" {
		if worn, err := v.Intake.Worn(v.r.Context(), v.key, token); err == nil && worn { // whether it could be asked shows when it is taken
			suspicion = intake.WhyBadWork
		}
	}
	if err := v.take(values, token, ticket, suspicion); err != nil {
		v.again(values, err)
		return
	}
	v.done()
}

// suspicion is why a person should look at a request first, "" when he need not.
func (v *visit) suspicion(values url.Values, token string, ticket form.Ticket, verdict form.Verdict) string {
	answer := values.Get(form.WorkField)
	switch {
	case values.Get(form.Trap) != "":
		return intake.WhyTrap
	case v.closed:
		return intake.WhyFormClosed
	case verdict == form.TooFast:
		return intake.WhyTooFast
	case ticket.Bits > 0 && answer == "" && v.form.NoScript != form.Accept:
		return intake.WhyNoScript
	case ticket.Bits > 0 && answer != "" && !form.Solved(token, answer, ticket.Bits):
		return intake.WhyBadWork
	}
	return ""
}

// take sends on what people filled in. The same page sent twice is one request, a corrected one is another.
func (v *visit) take(values url.Values, token string, ticket form.Ticket, suspicion string) error {
	sent := v.form.Values(values)
	for _, name := range carried {
		if s := values.Get(name); s != "" {
			sent.Set(name, s)
		}
	}
	hash := sha256.Sum256([]byte(sent.Encode()))
	if s := values.Get(form.VisitField); s != "" {
		sent.Set(form.VisitField, s)
	}
	payload, err := intake.ParseForm(sent)
	if err != nil {
		return err
	}
	in := intake.Incoming{Key: v.key.Key, Payload: payload, Dedupe: token + "." + base64.RawURLEncoding.EncodeToString(hash[:9]), IP: v.ip()}
	if values.Get(form.AgreedField) != "" {
		in.Consent = ticket.Consent
	}
	if suspicion != "" {
		_, err = v.Intake.Hold(v.r.Context(), in, suspicion)
		return err
	}
	_, err = v.Intake.Accept(v.r.Context(), in)
	if fault.Is(err, fault.NotFound) { // closed between our look and this
		_, err = v.Intake.Hold(v.r.Context(), in, intake.WhyFormClosed)
	}
	return err
}

// done leads to the page of thanks, so that going back and reloading sends nothing again.
func (v *visit) done() {
	http.Redirect(v.w, v.r, v.address(url.Values{"done": {"1"}}), http.StatusSeeOther)
}

// address is the form's own with what has to stay in it.
func (v *visit) address(more url.Values) string {
	for _, name := range []string{"embed", "lang"} {
		if s := v.r.URL.Query().Get(name); s != "" {
			more.Set(name, s)
		}
	}
	address := "/f/" + url.PathEscape(v.key.Key)
	if len(more) > 0 {
		address += "?" + more.Encode()
	}
	return address
}

// again shows the form with everything that was typed and what is wrong with it.
func (v *visit) again(values url.Values, err error) {
	f := v.faultOf(err)
	setRetry(v.w, f)
	v.write(v.status(f), v.page(values, f))
}

// fail is a page without a form.
func (v *visit) fail(err error) {
	if v.lang == "" {
		v.lang = v.language()
	}
	f := v.faultOf(err)
	setRetry(v.w, f)
	v.write(v.status(f), v.message(f))
}

func (h *Handler) faultOf(err error) *fault.Error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code == fault.Internal {
		h.Log.Error("hosted form", "err", err)
		return fault.New(fault.Internal, "form.failed")
	}
	if f.Code == fault.Unavailable {
		h.Log.Warn("hosted form", "err", err)
		return fault.New(fault.Unavailable, "form.failed")
	}
	return f
}

func (v *visit) status(f *fault.Error) int {
	switch f.Code {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		if v.closed {
			return http.StatusGone
		}
		return http.StatusNotFound
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func setRetry(w http.ResponseWriter, f *fault.Error) {
	if f.Code == fault.TooMany || f.Code == fault.Unavailable {
		w.Header().Set("Retry-After", strconv.Itoa(max(f.RetryAfter, 1)))
	}
}

func (h *Handler) address(r *http.Request) string {
	if h.IP == nil {
		return r.RemoteAddr
	}
	return h.IP(r)
}

func (v *visit) ip() string { return v.Handler.address(v.r) }
