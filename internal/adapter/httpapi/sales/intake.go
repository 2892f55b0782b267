package salesapi

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/page"
	"voronka/internal/kernel/ref"
	"voronka/internal/sales/intake"
)

// Accepted is all a client outside learns of his request: whether he is known is nobody's business.
type Accepted struct {
	Request int64  `json:"request"`
	Status  string `json:"status" enum:"accepted"`
}

// Request is what came in.
type Request struct {
	ID       int64           `json:"id"`
	At       time.Time       `json:"at"`
	Key      *int64          `json:"key"`
	Channel  string          `json:"channel"`
	Source   string          `json:"source"`
	Payload  httpapi.RawJSON `json:"payload" doc:"As it came"`
	Type     string          `json:"type"`
	Record   int64           `json:"record" doc:"What it became"`
	RepeatOf *int64          `json:"repeat_of" doc:"The first request of the record, when it wasn't this one"`

	Attribution *intake.Attribution `json:"attribution" doc:"How the visitor came: the first and the last arrival at the site"`
	Consent     *RequestConsent     `json:"consent" doc:"What was agreed to, exactly as it was shown"`
}

// RequestConsent are the words of a consent as they were shown.
type RequestConsent struct {
	ID   int64  `json:"id" doc:"The same number is the same words"`
	Lang string `json:"lang"`
	Text string `json:"text"`
	Hash string `json:"hash" doc:"SHA-256 of language, a line end and the text"`
}

func requestOf(q intake.Request) Request {
	r := Request{
		ID: q.ID, At: q.At.Time(), Key: httpapi.OrNull(q.KeyID), Channel: q.Channel, Source: q.Source, Payload: httpapi.RawJSON{RawMessage: q.Payload},
		Type: q.Record.Type, Record: q.Record.ID, RepeatOf: httpapi.OrNull(q.RepeatOf), Attribution: intake.ReadAttribution(string(q.Attribution)),
	}
	if q.Consent != nil {
		r.Consent = &RequestConsent{q.ConsentID, q.Consent.Lang, q.Consent.Text, q.Consent.Hash()}
	}
	return r
}

func (d Deps) intakeRoutes(r *httpapi.Router) {
	o := httpapi.Route(http.MethodPost, "/api/intake/{key}", httpapi.Public, "intake", "Send a request")
	o.Doc = "JSON or form with name, phone, email, company, comment, amount, title, source, utm_*, referrer, dedupe and fields of the record; others are kept with the request."
	o.Status, o.MaxBody, o.Anywhere, o.OwnKeys = http.StatusCreated, intake.MaxBody, true, true
	o.Body = map[string]any{}
	httpapi.Stream(r, o, Accepted{}, d.accept)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/requests", httpapi.Member, "intake", "Requests of a record, or all for administrators; the newest first"), d.listRequests)
}

// accept is the public door.
func (d Deps) accept(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
	p, err := read(req)
	if err != nil {
		return err
	}
	a, err := d.Intake.Accept(ctx, intake.Incoming{Key: req.PathValue("key"), Payload: p, Dedupe: req.Header.Get("Idempotency-Key"), IP: httpapi.IP(ctx)})
	if err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusCreated, []byte(`{"request":`+strconv.FormatInt(a.Request, 10)+`,"status":"accepted"}`))
}

// read understands JSON and both kinds of forms. Pages that may not say so send JSON as plain text.
func read(req *http.Request) (*intake.Payload, error) {
	kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	switch kind {
	case "application/x-www-form-urlencoded", "multipart/form-data":
		if err := req.ParseMultipartForm(intake.MaxBody); err != nil && !errors.Is(err, http.ErrNotMultipart) {
			return nil, tooLarge(err, fault.Wrap(fault.Invalid, "intake.bad_form", err))
		}
		return intake.ParseForm(req.PostForm)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, tooLarge(err, fault.Wrap(fault.Invalid, "intake.bad_json", err))
	}
	return intake.ParseJSON(body)
}

func tooLarge(err error, otherwise *fault.Error) error {
	var ours *fault.Error
	var tooMuch *http.MaxBytesError
	switch {
	case errors.As(err, &ours):
		return err
	case errors.As(err, &tooMuch):
		return fault.New(fault.TooLarge, "http.body_too_large", fault.Args{"max": intake.MaxBody})
	}
	return otherwise
}

type requestsIn struct {
	Record string `query:"record" doc:"lead/5"`
	Key    int64  `query:"key" minimum:"0"`
	Limit  int    `query:"limit" minimum:"0" maximum:"500" doc:"Items a page, 50 by default"`
	After  string `query:"after" doc:"next of the page before"`
}

func (d Deps) listRequests(ctx context.Context, in *requestsIn) (*httpapi.Body[httpapi.List[Request]], error) {
	f := intake.RequestFilter{KeyID: in.Key, Limit: page.Limit(in.Limit) + 1}
	if in.Record != "" {
		var err error
		if f.Record, err = ref.Parse(in.Record); err != nil {
			return nil, fault.In("record", "input.bad")
		}
	}
	if in.After != "" {
		if err := page.Decode(in.After, &f.Before); err != nil {
			return nil, err
		}
	}
	found, err := d.Requests.Requests(ctx, httpapi.Who(ctx), f)
	if err != nil {
		return nil, err
	}
	next := ""
	if limit := f.Limit - 1; len(found) > limit {
		found = found[:limit]
		next = page.Encode(found[limit-1].ID)
	}
	c, err := d.view(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Request, len(found))
	for i, q := range found {
		list[i] = requestOf(q.Shown(c))
	}
	return httpapi.ListOf(list, next), nil
}
