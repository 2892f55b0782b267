package form

import (
	"slices"

	"voronka/internal/record/schema"
)

// Usual are the fields every form can show, whatever the portal's record types are; in the order of forms without items.
var Usual = []string{"name", "phone", "email", "company", "comment"}

// Limits of a form.
const (
	MaxValue = 8 << 10 // bytes one field may hold
	MaxItems = 60      // fields of a form
	MaxWords = 1000    // characters of a text of a form
	MaxTerms = 5000    // characters of the text of a consent
)

// Names of the hidden inputs.
const (
	Trap        = "website" // the field people don't see; what fills it in is a program
	TokenField  = "t"       // the token
	WorkField   = "w"       // the answer to the puzzle
	VisitField  = "attribution"
	AgreedField = "consent"
)

// Titles are a text in both languages.
type Titles struct {
	RU string `json:"ru,omitempty"`
	EN string `json:"en,omitempty"`
}

// In is the text in a language, the other one when it is empty.
func (t Titles) In(lang string) string {
	if lang == "ru" && t.RU != "" || t.EN == "" {
		return t.RU
	}
	return t.EN
}

// Words are the texts of a form in one language; an empty one is the usual.
type Words struct {
	Heading string `json:"heading,omitempty"`
	Intro   string `json:"intro,omitempty" doc:"Under the heading"`
	Button  string `json:"button,omitempty"`
	Thanks  string `json:"thanks,omitempty"`
	Contact string `json:"contact,omitempty" doc:"How to reach you otherwise: shown when the form is closed or fails"`
}

// Options say how a form is.
type Options struct {
	Heading string   `json:"heading,omitempty"` // in any language that has no words of its own; "": the usual words
	Button  string   `json:"button,omitempty"`
	Thanks  string   `json:"thanks,omitempty"`
	Fields  []string `json:"fields,omitempty"`   // of Usual, for forms without items; none: name, phone, email, comment
	Wanted  []string `json:"required,omitempty"` // of Usual, for forms without items; a phone or an e-mail is always wanted
	Secret  string   `json:"secret,omitempty"`   // signs tokens; never shown

	Words    map[string]Words `json:"words,omitempty"` // by language
	Items    []Item           `json:"items,omitempty"` // the fields, in order
	Consent  *Consent         `json:"consent,omitempty"`
	Look     Look             `json:"look,omitzero"`
	Work     int              `json:"work,omitempty"`      // difficulty of the puzzle in bits; 0: WorkBits, -1: none
	NoScript string           `json:"no_script,omitempty"` // what becomes of requests without scripts: "" or Hold, Accept
}

// What becomes of requests from browsers that run no scripts.
const (
	Hold   = "hold"
	Accept = "accept"
)

// In are the words of a form in a language.
func (o Options) In(lang string) Words {
	w := o.Words[lang]
	for _, text := range []struct {
		to   *string
		from string
	}{{&w.Heading, o.Heading}, {&w.Button, o.Button}, {&w.Thanks, o.Thanks}} {
		if *text.to == "" {
			*text.to = text.from
		}
	}
	return w
}

// Bits is how hard the puzzle is; 0 is none.
func (o Options) Bits() int {
	switch {
	case o.Work < 0:
		return 0
	case o.Work == 0:
		return WorkBits
	}
	return min(o.Work, MaxBits)
}

// Shown are the names of the fields the form has, in their order. There is always one to answer to.
func (o Options) Shown() []string {
	if len(o.Items) > 0 {
		names := make([]string, 0, len(o.Items))
		for _, item := range o.items() {
			names = append(names, item.Name)
		}
		return names
	}
	if len(o.Fields) == 0 {
		return []string{"name", "phone", "email", "comment"}
	}
	shown := slices.DeleteFunc(slices.Clone(Usual), func(f string) bool { return !slices.Contains(o.Fields, f) })
	if !slices.Contains(shown, "phone") && !slices.Contains(shown, "email") {
		shown = append(shown, "phone")
	}
	return shown
}

// items are the fields of any form as items, always with a way to answer.
func (o Options) items() []Item {
	if len(o.Items) == 0 {
		var items []Item
		for _, name := range o.Shown() {
			items = append(items, Item{Name: name, Required: slices.Contains(o.Wanted, name)})
		}
		return items
	}
	items := slices.Clone(o.Items)
	if !slices.ContainsFunc(items, func(i Item) bool { return i.Name == "phone" || i.Name == "email" }) {
		items = append(items, Item{Name: "phone"})
	}
	return items
}

// Form is a form as it can be shown now: its items with the fields they stand for, without those whose fields have gone.
type Form struct {
	Options
	Items   []Field
	catalog *schema.Catalog
}

// Resolve finds the fields of a form's items. main is the type requests become: lead or deal.
func Resolve(o Options, c *schema.Catalog, main string) *Form {
	f := &Form{Options: o, catalog: c}
	for _, item := range o.items() {
		if field, ok := resolve(item, c, main); ok {
			f.Items = append(f.Items, field)
		}
	}
	ways := 0 // the only way to answer is wanted
	last := -1
	for i, field := range f.Items {
		if field.Name == "phone" || field.Name == "email" {
			ways, last = ways+1, i
		}
	}
	if ways == 1 && f.Items[last].When == nil {
		f.Items[last].Required = true
	}
	return f
}
