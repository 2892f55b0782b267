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
	// Admit holds back floods of wrong tries, which cost as much as right ones.
	Admit(key, ip string) error
}

// Doors finds keys.
type Doors interface {
	Door(ctx context.Context, address string) (*intake.Key, error)
}

// Handler serves GET and POST /f/{key}. The path value "key" must be set by the mux.
type Handler struct {
	Intake Intake
	Doors  Doors
	Clock  clock.Clock
	// Lang and Region are the portal's, for visitors who wish neither language and for numbers without a country.
	Lang   func(ctx context.Context) string
	Region func(ctx context.Context) string
	IP     func(r *http.Request) string
	Log    *slog.Logger
}

// carried are the values a link to the form may bring along.
var carried = []string{"utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "referrer", "landing"}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, err := h.Doors.Door(r.Context(), r.PathValue("key"))
	if err != nil {
		h.fail(w, r, nil, err)
		return
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		h.show(w, r, key)
	case http.MethodPost:
		h.post(w, r, key)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	}
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request, key *intake.Key) {
	if r.URL.Query().Has("done") {
		h.write(w, http.StatusOK, h.thanks(r, key))
		return
	}
	values := url.Values{}
	for _, name := range carried {
		if v := r.URL.Query().Get(name); v != "" {
			values.Set(name, v)
		}
	}
	if values.Get("referrer") == "" && r.Referer() != "" {
		values.Set("referrer", r.Referer())
	}
	h.write(w, http.StatusOK, h.page(r, key, values, nil))
}

func (h *Handler) post(w http.ResponseWriter, r *http.Request, key *intake.Key) {
	r.Body = http.MaxBytesReader(w, r.Body, intake.MaxBody)
	if err := r.ParseMultipartForm(intake.MaxBody); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		h.fail(w, r, key, fault.Wrap(fault.Invalid, "intake.bad_form", err))
		return
	}
	values := r.PostForm
	token := values.Get(form.TokenField)
	if values.Get(form.Trap) != "" { // a program: let it believe it got through
		h.done(w, r, key)
		return
	}
	err := key.Form.Check(values, h.region(r))
	if err == nil {
		switch form.CheckToken(key.Form.Secret, token, h.Clock.Now()) {
		case form.Forged, form.TooOld:
			values.Del(form.TokenField)
			err = fault.New(fault.Invalid, "form.expired")
		case form.TooFast:
			err = fault.New(fault.Invalid, "form.too_fast")
		}
	}
	if err != nil {
		if flood := h.Intake.Admit(key.Key, h.ip(r)); flood != nil {
			err = flood
		}
		h.again(w, r, key, values, err)
		return
	}
	if err := h.accept(r, key, values, token); err != nil {
		h.again(w, r, key, values, err)
		return
	}
	h.done(w, r, key)
}

// accept sends on what people filled in. The same page sent twice is one request, a corrected one is another.
func (h *Handler) accept(r *http.Request, key *intake.Key, values url.Values, token string) error {
	sent := url.Values{}
	for name, v := range values {
		if name != form.TokenField && name != form.Trap && name != "dedupe" {
			sent[name] = v
		}
	}
	payload, err := intake.ParseForm(sent)
	if err != nil {
		return err
	}
	hash := sha256.Sum256([]byte(sent.Encode()))
	dedupe := token + "." + base64.RawURLEncoding.EncodeToString(hash[:9])
	_, err = h.Intake.Accept(r.Context(), intake.Incoming{Key: key.Key, Payload: payload, Dedupe: dedupe, IP: h.ip(r)})
	return err
}

// done leads to the page of thanks, so that going back and reloading sends nothing again.
func (h *Handler) done(w http.ResponseWriter, r *http.Request, key *intake.Key) {
	http.Redirect(w, r, "/f/"+url.PathEscape(key.Key)+"?done=1", http.StatusSeeOther)
}

// again shows the form with everything that was typed and what is wrong with it.
func (h *Handler) again(w http.ResponseWriter, r *http.Request, key *intake.Key, values url.Values, err error) {
	f := h.faultOf(err)
	setRetry(w, f)
	h.write(w, status(f), h.page(r, key, values, f))
}

// fail is a page without a form.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, key *intake.Key, err error) {
	f := h.faultOf(err)
	setRetry(w, f)
	h.write(w, status(f), h.message(r, key, f))
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

func status(f *fault.Error) int {
	switch f.Code {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
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

func (h *Handler) ip(r *http.Request) string {
	if h.IP == nil {
		return r.RemoteAddr
	}
	return h.IP(r)
}

func (h *Handler) region(r *http.Request) string {
	if h.Region == nil {
		return "RU"
	}
	return h.Region(r.Context())
}
