package salesapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/access"
	"voronka/internal/sales/form"
	"voronka/internal/sales/intake"
)

// IntakeKey is a door for requests.
type IntakeKey struct {
	ID          int64     `json:"id"`
	Code        string    `json:"code" doc:"Never changes"`
	Key         string    `json:"key" doc:"The secret part of the address: POST /api/intake/{key}, form at /f/{key}"`
	Title       string    `json:"title"`
	Channel     string    `json:"channel"`
	Source      string    `json:"source" doc:"Source of requests that don't say theirs"`
	Pipeline    *int64    `json:"pipeline"`
	Drum        *int64    `json:"drum"`
	Responsible *int64    `json:"responsible" doc:"Who answers for the records without a drum"`
	Lang        string    `json:"lang" doc:"Of the hosted form; empty: the visitor's"`
	Form        Form      `json:"form"`
	Active      bool      `json:"active"`
	CreatedAt   time.Time `json:"created_at"`
}

// Form is how the hosted form is.
type Form struct {
	Heading  string   `json:"heading,omitempty"`
	Button   string   `json:"button,omitempty"`
	Thanks   string   `json:"thanks,omitempty"`
	Fields   []string `json:"fields,omitempty" doc:"Of name, phone, email, company, comment; of a built form the names of its items"`
	Required []string `json:"required,omitempty"`

	Words    map[string]form.Words `json:"words,omitempty" doc:"Texts by language, ru and en"`
	Items    []form.Item           `json:"items,omitempty" doc:"The fields of a built form, in order: name, phone, email, company, comment or lead.code, contact.code, company.code"`
	Consent  *form.Consent         `json:"consent,omitempty"`
	Look     *form.Look            `json:"look,omitempty"`
	Work     int                   `json:"work,omitempty" doc:"Difficulty of the puzzle in bits; 0: the usual, -1: none"`
	NoScript string                `json:"no_script,omitempty" enum:",hold,accept" doc:"What becomes of requests from browsers without scripts; empty: hold"`
}

// options are those a form is kept with.
func (f *Form) options() form.Options {
	o := form.Options{
		Heading: f.Heading, Button: f.Button, Thanks: f.Thanks, Wanted: f.Required, Words: f.Words, Items: f.Items, Consent: f.Consent, Work: f.Work, NoScript: f.NoScript,
	}
	if len(f.Items) == 0 {
		o.Fields = f.Fields
	} else {
		o.Wanted = nil
	}
	if f.Look != nil {
		o.Look = *f.Look
	}
	return o
}

func formOf(o form.Options) Form {
	f := Form{
		Heading: o.Heading, Button: o.Button, Thanks: o.Thanks, Fields: o.Shown(), Required: o.Wanted, Words: o.Words, Items: o.Items, Consent: o.Consent, Work: o.Work,
		NoScript: o.NoScript,
	}
	if o.Look != (form.Look{}) {
		f.Look = &o.Look
	}
	return f
}

func keyOf(k *intake.Key) IntakeKey {
	return IntakeKey{
		ID: k.ID, Code: k.Code, Key: k.Key, Title: k.Title, Channel: k.Channel, Source: k.Source, Pipeline: httpapi.OrNull(k.PipelineID), Drum: httpapi.OrNull(k.DrumID),
		Responsible: httpapi.OrNull(k.ResponsibleID), Lang: k.Lang, Active: k.Active, CreatedAt: k.CreatedAt.Time(),
		Form: formOf(k.Form),
	}
}

// IntakeKeyPatch is a new key, or what shall change; what is left out stays.
type IntakeKeyPatch struct {
	Code        *string           `json:"code,omitempty" doc:"Only of a new key; made from the title when left out"`
	Title       *string           `json:"title,omitempty"`
	Channel     *string           `json:"channel,omitempty" doc:"form, api, site, call, email, chat or import"`
	Source      *string           `json:"source,omitempty"`
	Pipeline    httpapi.Reference `json:"pipeline,omitempty"`
	Drum        httpapi.Reference `json:"drum,omitempty"`
	Responsible httpapi.Reference `json:"responsible,omitempty"`
	Lang        *string           `json:"lang,omitempty"`
	Form        *Form             `json:"form,omitempty"`
	Active      *bool             `json:"active,omitempty"`
	Rotate      bool              `json:"rotate,omitempty" doc:"Gives a new address; the old one is dead at once"`
}

func (p IntakeKeyPatch) patch() intake.KeyPatch {
	out := intake.KeyPatch{
		Code: p.Code, Title: p.Title, Channel: p.Channel, Source: p.Source, PipelineID: p.Pipeline.Value(), DrumID: p.Drum.Value(),
		ResponsibleID: p.Responsible.Value(), Lang: p.Lang, Active: p.Active, Rotate: p.Rotate,
	}
	if f := p.Form; f != nil {
		o := f.options()
		out.Form = &o
	}
	return out
}

func (d Deps) keyRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/intake-keys", httpapi.Area(access.Forms), "intake", "Doors for requests"), d.listKeys)
	httpapi.Handle(r, httpapi.Route(http.MethodPost, "/api/intake-keys", httpapi.Area(access.Forms), "intake", "Open a door"), d.addKey)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/intake-keys/{id}", httpapi.Area(access.Forms), "intake", "Change a door, or give it a new address"), d.changeKey)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/intake-keys/{id}", httpapi.Area(access.Forms), "intake", "One door"), d.getKey)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/intake-keys/{id}", httpapi.Area(access.Forms), "intake", "Close a door for good"), d.removeKey)
}

func (d Deps) listKeys(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[IntakeKey]], error) {
	keys, err := d.Requests.Keys(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]IntakeKey, len(keys))
	for i, k := range keys {
		list[i] = keyOf(k)
	}
	return httpapi.ListOf(list, ""), nil
}

func (d Deps) getKey(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[IntakeKey], error) {
	k, err := d.Requests.KeyOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(keyOf(k)), nil
}

func (d Deps) addKey(ctx context.Context, in *httpapi.Body[IntakeKeyPatch]) (*httpapi.Body[IntakeKey], error) {
	k, err := d.Intake.CreateKey(ctx, httpapi.Who(ctx), in.Body.patch())
	if err != nil {
		return nil, err
	}
	return httpapi.OK(keyOf(k)), nil
}

type changeKeyIn struct {
	httpapi.ByID
	Body IntakeKeyPatch
}

func (d Deps) changeKey(ctx context.Context, in *changeKeyIn) (*httpapi.Body[IntakeKey], error) {
	k, err := d.Intake.ChangeKey(ctx, httpapi.Who(ctx), in.ID, in.Body.patch())
	if err != nil {
		return nil, err
	}
	return httpapi.OK(keyOf(k)), nil
}

func (d Deps) removeKey(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Intake.RemoveKey(ctx, httpapi.Who(ctx), in.ID)
}
