package salesapi

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/access"
	"voronka/internal/sales/form"
	"voronka/internal/sales/intake"
)

// FormPreview is a form that isn't saved yet.
type FormPreview struct {
	Form Form   `json:"form"`
	Lang string `json:"lang,omitempty" enum:",ru,en"`
}

// PreviewAddress is where the form is shown for an hour. Nothing can be sent from there.
type PreviewAddress struct {
	Path string `json:"path"`
}

// Trial is a request to try.
type Trial struct {
	Values map[string]any `json:"values" doc:"As they are sent to POST /api/intake/{key}"`
}

// Tried is what would become of a request.
type Tried struct {
	Type   string `json:"type" doc:"Of the record it would become or join"`
	Title  string `json:"title"`
	Repeat bool   `json:"repeat" doc:"It would join a record that is open already"`
	Record *int64 `json:"record" doc:"The record it would join"`
	User   *int64 `json:"user" doc:"Who would answer for it"`
	Drum   *int64 `json:"drum" doc:"The drum that would offer it to him"`
}

func (d Deps) formRoutes(r *httpapi.Router) {
	o := httpapi.Route(http.MethodPost, "/api/intake-keys/{id}/preview", httpapi.Area(access.Forms), "intake", "Where a form that isn't saved yet can be seen")
	o.Status, o.Everyday = http.StatusOK, true
	httpapi.Handle(r, o, d.previewForm)
	o = httpapi.Route(http.MethodPost, "/api/intake-keys/{id}/trial", httpapi.Area(access.Forms), "intake", "What would become of a request; nothing stays")
	o.Status, o.Everyday = http.StatusOK, true
	httpapi.Handle(r, o, d.tryForm)
}

type previewIn struct {
	httpapi.ByID
	Body FormPreview
}

func (d Deps) previewForm(ctx context.Context, in *previewIn) (*httpapi.Body[PreviewAddress], error) {
	k, err := d.Requests.KeyOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	draft, err := form.Seal(in.Body.Form.options(), k.Form.Secret, d.Clock.Now())
	if err != nil {
		return nil, err
	}
	query := url.Values{"draft": {draft}}
	if in.Body.Lang != "" {
		query.Set("lang", in.Body.Lang)
	}
	return httpapi.OK(PreviewAddress{"/f/" + url.PathEscape(k.Key) + "?" + query.Encode()}), nil
}

type tryIn struct {
	httpapi.ByID
	Body Trial
}

func (d Deps) tryForm(ctx context.Context, in *tryIn) (*httpapi.Body[Tried], error) {
	body, err := json.Marshal(in.Body.Values)
	if err != nil {
		return nil, err
	}
	p, err := intake.ParseJSON(body)
	if err != nil {
		return nil, err
	}
	t, err := d.Intake.Try(ctx, httpapi.Who(ctx), in.ID, p)
	if err != nil {
		return nil, err
	}
	out := Tried{Type: t.Record.Type, Title: t.Title, Repeat: t.Repeat, User: httpapi.OrNull(t.UserID)}
	if t.Repeat {
		out.Record = &t.Record.ID
	}
	if t.Offer != nil {
		out.Drum = httpapi.OrNull(t.Offer.DrumID)
	}
	return httpapi.OK(out), nil
}
