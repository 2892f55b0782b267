package intakeform

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"golang.org/x/text/language"

	"voronka/internal/kernel/fault"
	"voronka/internal/sales/form"
	"voronka/internal/sales/intake"
	"voronka/internal/texts"
)

//go:embed form.css
var css string

//go:embed form.html
var html string

var pages = template.Must(template.New("form").Parse(html))

// policy lets the page show itself and send its form back to us, nothing else; the style is known by its hash.
var policy = func() string {
	hash := sha256.Sum256([]byte(css))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'; form-action 'self'; base-uri 'none'"
}()

// page is what the template shows.
type page struct {
	Lang, Key, Heading, Message string
	Bad                         bool // Message says what is wrong
	CSS                         template.CSS
	Fields                      []field
	Hidden                      []pair
	Button, Optional            string
	Trap, TrapLabel             string
}

type field struct {
	Name, Label, Type, Auto, Value, Error string
	Long, Wanted                          bool
}

type pair struct{ Name, Value string }

// kinds says how browsers help with a field.
var kinds = map[string][2]string{"name": {"text", "name"}, "phone": {"tel", "tel"}, "email": {"email", "email"}, "company": {"text", "organization"}}

func (h *Handler) write(w http.ResponseWriter, status int, p page) {
	var b bytes.Buffer
	if err := pages.Execute(&b, p); err != nil {
		h.Log.Error("hosted form can't be shown", "err", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a visitor who has gone is no mistake of ours
}

var matcher = language.NewMatcher([]language.Tag{language.Russian, language.English})

// lang is the key's language, else what the browser wishes, else the portal's.
func (h *Handler) lang(r *http.Request, key *intake.Key) string {
	if key != nil && key.Lang != "" {
		return key.Lang
	}
	wishes, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err == nil && len(wishes) > 0 {
		if _, i, sure := matcher.Match(wishes...); sure > language.No {
			return texts.Langs[i]
		}
	}
	if h.Lang != nil {
		return h.Lang(r.Context())
	}
	return texts.Langs[0]
}

func (h *Handler) begin(r *http.Request, key *intake.Key) (page, func(string, map[string]any) string) {
	lang := h.lang(r, key)
	say := texts.For(lang).Say
	p := page{Lang: lang, CSS: template.CSS(css), Heading: say("form.heading", nil)}
	if key != nil {
		p.Key = key.Key
		if key.Form.Heading != "" {
			p.Heading = key.Form.Heading
		}
	}
	return p, say
}

func (h *Handler) thanks(r *http.Request, key *intake.Key) page {
	p, say := h.begin(r, key)
	p.Heading, p.Message = say("form.thanks", nil), say("form.thanks_more", nil)
	if key.Form.Thanks != "" {
		p.Message = key.Form.Thanks
	}
	return p
}

// message is a page that only says what is wrong.
func (h *Handler) message(r *http.Request, key *intake.Key, f *fault.Error) page {
	p, say := h.begin(r, key)
	p.Message, p.Bad = say(f.Key, f.Args), true
	return p
}

// page is the form with values; wrong may be nil.
func (h *Handler) page(r *http.Request, key *intake.Key, values url.Values, wrong *fault.Error) page {
	p, say := h.begin(r, key)
	p.Button, p.Optional, p.Trap, p.TrapLabel = say("form.button", nil), say("form.optional", nil), form.Trap, say("form.trap", nil)
	if key.Form.Button != "" {
		p.Button = key.Form.Button
	}
	bad := map[string]string{}
	if wrong != nil {
		p.Message, p.Bad = say(wrong.Key, wrong.Args), true
		for _, f := range wrong.Fields {
			bad[f.Path] = say(f.Key, f.Args)
		}
		if len(wrong.Fields) > 0 {
			p.Message = say("form.wrong", nil)
		}
	}
	for _, name := range key.Form.Shown() {
		kind := kinds[name]
		p.Fields = append(p.Fields, field{
			Name: name, Label: say("form.field."+name, nil), Type: kind[0], Auto: kind[1], Value: values.Get(name), Error: bad[name],
			Long: name == "comment", Wanted: key.Form.IsWanted(name),
		})
	}
	token := values.Get(form.TokenField)
	if token == "" {
		token = form.Token(key.Form.Secret, h.Clock.Now())
	}
	p.Hidden = append(p.Hidden, pair{form.TokenField, token})
	for _, name := range slices.Sorted(slices.Values(carried)) {
		if v := values.Get(name); v != "" {
			p.Hidden = append(p.Hidden, pair{name, v})
		}
	}
	return p
}
