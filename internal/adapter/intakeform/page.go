package intakeform

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"voronka/internal/kernel/fault"
	"voronka/internal/record/schema"
	"voronka/internal/sales/form"
	"voronka/internal/texts"
)

//go:embed form.html
var html string

var pages = template.Must(template.New("form").Parse(html))

// page is what the template shows.
type page struct {
	Lang, Action, Heading, Logo, Message string
	Intro                                string
	Bad                                  bool // Message says what is wrong
	Contact                              []form.Piece
	CSS                                  template.CSS
	Script                               string
	Framed, Compact, Draft, Done         bool
	Fields                               []field
	Consent                              []form.Piece
	ConsentWanted                        bool
	Agreed                               bool
	ConsentError                         string
	Hidden                               []pair
	Bits                                 int
	MinFill                              int64 // milliseconds
	Button, Working, Optional            string
	Trap, TrapLabel                      string
}

type field struct {
	ID, Name, Label, Hint, Type, Auto, Mode, Value, Error string
	Shape                                                 string // input, area, select, checks, box
	Wanted                                                bool
	Choose                                                string
	Choices                                               []choice
	When                                                  string // JSON of [name, values], "" always
}

// Notes are the parts of the page that say more about the field.
func (f field) Notes() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-bad")
	}
	return strings.Join(ids, " ")
}

type choice struct {
	Code, Title string
	Chosen      bool
}

type pair struct{ Name, Value string }

// helps says how browsers help with a field: type, autocomplete, inputmode.
var helps = map[string][3]string{
	"name": {"text", "name", ""}, "phone": {"tel", "tel", "tel"}, "email": {"email", "email", "email"}, "company": {"text", "organization", ""},
	string(schema.Date):    {"date", "off", ""},
	string(schema.Integer): {"text", "off", "numeric"}, string(schema.Decimal): {"text", "off", "decimal"}, string(schema.Money): {"text", "off", "decimal"},
	string(schema.URL): {"url", "url", "url"}, string(schema.Address): {"text", "street-address", ""},
}

func (v *visit) write(status int, p page) {
	var b bytes.Buffer
	if err := pages.Execute(&b, p); err != nil {
		v.Log.Error("hosted form can't be shown", "err", err)
		http.Error(v.w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	header := v.w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", policy(string(p.CSS)))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	header.Set("Cache-Control", "no-store")
	v.w.WriteHeader(status)
	_, _ = v.w.Write(b.Bytes()) // a visitor who has gone is no mistake of ours
}

// policy lets the page show itself, run our script and send its form back to us, nothing else; the style is known by its hash.
func policy(css string) string {
	hash := sha256.Sum256([]byte(css))
	return "default-src 'none'; script-src 'self'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'; form-action 'self'; base-uri 'none'"
}

var matcher = language.NewMatcher([]language.Tag{language.Russian, language.English})

// language is what the page around asks for, else the key's, what the browser wishes, the portal's.
func (v *visit) language() string {
	if lang := v.r.URL.Query().Get("lang"); slices.Contains(texts.Langs, lang) {
		return lang
	}
	if v.key != nil && v.key.Lang != "" {
		return v.key.Lang
	}
	wishes, _, err := language.ParseAcceptLanguage(v.r.Header.Get("Accept-Language"))
	if err == nil && len(wishes) > 0 {
		if _, i, sure := matcher.Match(wishes...); sure > language.No {
			return texts.Langs[i]
		}
	}
	if v.Lang != nil {
		return v.Lang(v.r.Context())
	}
	return texts.Langs[0]
}

func (v *visit) begin() (page, form.Words, func(string, map[string]any) string) {
	say := texts.For(v.lang).Say
	p := page{Lang: v.lang, Heading: say("form.heading", nil), Script: "/f/form.js?v=" + formScript.version, Framed: v.framed, Draft: v.draft}
	var look form.Look
	var words form.Words
	if v.form != nil {
		look, words = v.form.Look, v.form.In(v.lang)
		p.Logo, p.Compact = look.Logo, look.Compact
		p.Action = v.address(url.Values{})
	}
	p.Heading = or(words.Heading, p.Heading)
	p.CSS = template.CSS(style(look)) // only our own text and checked colours
	return p, words, say
}

func (v *visit) thanks() page {
	p, words, say := v.begin()
	p.Heading, p.Message, p.Done = say("form.thanks", nil), or(words.Thanks, say("form.thanks_more", nil)), true
	return p
}

// message is a page that only says what is wrong.
func (v *visit) message(f *fault.Error) page {
	p, words, say := v.begin()
	p.Message, p.Bad, p.Contact = say(f.Key, f.Args), true, form.Pieces(words.Contact)
	return p
}

// page is the form with values; wrong may be nil.
func (v *visit) page(values url.Values, wrong *fault.Error) page {
	p, words, say := v.begin()
	p.Intro, p.Button, p.Working = words.Intro, or(words.Button, say("form.button", nil)), say("form.working", nil)
	p.Optional, p.Trap, p.TrapLabel = say("form.optional", nil), form.Trap, say("form.trap", nil)
	p.Bits, p.MinFill = v.form.Bits(), form.MinFill.Milliseconds()
	bad := map[string]string{}
	if wrong != nil {
		p.Message, p.Bad = say(wrong.Key, wrong.Args), true
		for _, f := range wrong.Fields {
			bad[f.Path] = say(f.Key, f.Args)
		}
		if len(wrong.Fields) > 0 {
			p.Message = say("form.wrong", nil)
		} else {
			p.Contact = form.Pieces(words.Contact)
		}
	}
	for _, item := range v.form.Items {
		p.Fields = append(p.Fields, v.field(item, values, bad, say))
	}
	terms := v.consent(&p, values, bad)
	token := values.Get(form.TokenField)
	if token == "" {
		token = form.Ticket{Opened: v.Clock.Now(), Bits: p.Bits, Consent: terms}.Token(v.form.Secret)
	}
	p.Hidden = append(p.Hidden, pair{form.TokenField, token}, pair{form.WorkField, ""}, pair{form.VisitField, values.Get(form.VisitField)})
	for _, name := range slices.Sorted(slices.Values(carried)) {
		if s := values.Get(name); s != "" {
			p.Hidden = append(p.Hidden, pair{name, s})
		}
	}
	return p
}

// consent shows what the visitor is asked to agree to and gives its hash.
func (v *visit) consent(p *page, values url.Values, bad map[string]string) string {
	c := v.form.Consent
	if c == nil {
		return ""
	}
	terms := c.In(v.lang)
	p.Consent, p.ConsentWanted, p.Agreed, p.ConsentError = form.Pieces(terms.Text), c.Required, values.Get(form.AgreedField) != "", bad[form.AgreedField]
	return terms.Hash()
}

func (v *visit) field(item form.Field, values url.Values, bad map[string]string, say func(string, map[string]any) string) field {
	help, ok := helps[item.Name]
	if !ok {
		help = helps[string(item.Kind)]
	}
	f := field{
		ID: strings.ReplaceAll(item.Name, ".", "-"), Name: item.Name, Label: item.Label.In(v.lang), Hint: item.Hint.In(v.lang), Shape: "input",
		Type: or(help[0], "text"), Auto: or(help[1], "off"), Mode: help[2], Value: values.Get(item.Name), Error: bad[item.Name], Wanted: item.Required,
	}
	switch {
	case f.Label != "":
	case item.Of == nil:
		f.Label = say("form.field."+item.Name, nil)
	default:
		f.Label = item.Of.Title(v.lang)
	}
	switch item.Kind {
	case schema.LongText:
		f.Shape = "area"
	case schema.Bool:
		f.Shape = "box"
	case schema.List:
		f.Shape, f.Choose = "select", say("form.choose", nil)
	case schema.MultiList:
		f.Shape = "checks"
	}
	if item.Of != nil {
		for _, value := range item.Of.Values {
			f.Choices = append(f.Choices, choice{value.Code, value.Title(v.lang), slices.Contains(values[item.Name], value.Code)})
		}
	}
	if w := item.When; w != nil {
		if b, err := json.Marshal([]any{w.Item, w.Is}); err == nil {
			f.When = string(b)
		}
	}
	return f
}

func or(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}
