package form

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"voronka/internal/kernel/fault"
	"voronka/internal/record/schema"
)

func (o Options) checkItems(c *schema.Catalog, main string, wrong *fault.Error) *fault.Error {
	for _, name := range slices.Concat(o.Fields, o.Wanted) {
		if !slices.Contains(Usual, name) {
			wrong = wrong.With("form", "intake.bad_form_field", fault.Args{"field": name})
		}
	}
	if len(o.Items) > MaxItems {
		return wrong.With("form/items", "form.too_many_items", fault.Args{"max": MaxItems})
	}
	seen := map[string]bool{}
	for i, item := range o.Items {
		path := fmt.Sprintf("form/items/%d", i)
		if _, ok := resolve(item, c, main); !ok {
			wrong = wrong.With(path+"/name", "intake.bad_form_field", fault.Args{"field": item.Name})
		}
		if seen[item.Name] {
			wrong = wrong.With(path+"/name", "form.item_twice", fault.Args{"field": item.Name})
		}
		for _, text := range []string{item.Label.RU, item.Label.EN, item.Hint.RU, item.Hint.EN} {
			if utf8.RuneCountInString(text) > 300 {
				wrong = wrong.With(path+"/label", "flow.too_long", fault.Args{"max": 300})
			}
		}
		if item.When != nil && !seen[item.When.Item] {
			wrong = wrong.With(path+"/when", "form.bad_when")
		}
		if item.When != nil && len(item.When.Is) > 50 {
			wrong = wrong.With(path+"/when", "form.too_many_items", fault.Args{"max": 50})
		}
		seen[item.Name] = true
	}
	return wrong
}

func (o Options) checkWords(wrong *fault.Error) *fault.Error {
	texts := map[string]string{"form/heading": o.Heading, "form/button": o.Button, "form/thanks": o.Thanks}
	for lang, w := range o.Words {
		if lang != "ru" && lang != "en" {
			wrong = wrong.With("form/words", "intake.bad_lang")
		}
		for name, text := range map[string]string{"heading": w.Heading, "intro": w.Intro, "button": w.Button, "thanks": w.Thanks, "contact": w.Contact} {
			texts["form/words/"+lang+"/"+name] = text
		}
	}
	for path, text := range texts {
		if utf8.RuneCountInString(text) > MaxWords {
			wrong = wrong.With(path, "flow.too_long", fault.Args{"max": MaxWords})
		}
	}
	return wrong
}

// Look is how a form looks. Zero values are the usual.
type Look struct {
	Accent  string `json:"accent,omitempty" doc:"Colour of the button and the focus, #rrggbb"`
	Ground  string `json:"ground,omitempty" doc:"Colour behind the form, #rrggbb; only in the light theme"`
	Size    int    `json:"size,omitempty" doc:"Size of the letters in pixels, 13 to 20; 0: 16"`
	Theme   string `json:"theme,omitempty" enum:",light,dark" doc:"Empty: as the visitor's system"`
	Compact bool   `json:"compact,omitempty"`
	Logo    string `json:"logo,omitempty" doc:"A few words above the heading"`
}

func (l Look) check(wrong *fault.Error) *fault.Error {
	for path, colour := range map[string]string{"form/look/accent": l.Accent, "form/look/ground": l.Ground} {
		if colour != "" && !IsColour(colour) {
			wrong = wrong.With(path, "form.bad_colour")
		}
	}
	if l.Size != 0 && (l.Size < 13 || l.Size > 20) {
		wrong = wrong.With("form/look/size", "form.bad_size")
	}
	if l.Theme != "" && l.Theme != "light" && l.Theme != "dark" {
		wrong = wrong.With("form/look/theme", "form.bad_theme")
	}
	if utf8.RuneCountInString(l.Logo) > 100 {
		wrong = wrong.With("form/look/logo", "flow.too_long", fault.Args{"max": 100})
	}
	return wrong
}

// IsColour tells whether s is a colour as #rrggbb: nothing else gets into a style sheet.
func IsColour(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	return strings.Trim(s[1:], "0123456789abcdefABCDEF") == ""
}
