package form

import (
	"net/url"
	"slices"
	"strings"

	"voronka/internal/kernel/fault"
	"voronka/internal/record/schema"
)

// Fields a hosted form can show, in their order.
var Fields = []string{"name", "phone", "email", "company", "comment"}

// MaxValue is how much one field of a form may hold, in bytes.
const MaxValue = 8 << 10

// Trap is the field people don't see. What fills it in is a program.
const Trap = "website"

// TokenField carries the token.
const TokenField = "t"

// Options say how a form is.
type Options struct {
	Heading string   `json:"heading,omitempty"` // shown above the fields; "": the usual words
	Button  string   `json:"button,omitempty"`
	Thanks  string   `json:"thanks,omitempty"`
	Fields  []string `json:"fields,omitempty"`   // of Fields; none: name, phone, email, comment
	Wanted  []string `json:"required,omitempty"` // of Fields; a phone or an e-mail is always wanted
	Secret  string   `json:"secret,omitempty"`   // signs tokens; never shown
}

// Shown are the fields the form has, in their order. There is always one to answer to.
func (o Options) Shown() []string {
	if len(o.Fields) == 0 {
		return []string{"name", "phone", "email", "comment"}
	}
	shown := slices.DeleteFunc(slices.Clone(Fields), func(f string) bool { return !slices.Contains(o.Fields, f) })
	if !slices.Contains(shown, "phone") && !slices.Contains(shown, "email") {
		shown = append(shown, "phone")
	}
	return shown
}

// IsWanted tells whether a field has to be filled in.
func (o Options) IsWanted(field string) bool {
	if slices.Contains(o.Wanted, field) {
		return true
	}
	shown := o.Shown() // the only way to answer is wanted
	return field == "phone" && !slices.Contains(shown, "email") || field == "email" && !slices.Contains(shown, "phone")
}

// Check refuses what a person has forgotten or mistyped; the paths are names of fields.
func (o Options) Check(values url.Values, region string) error {
	var wrong *fault.Error
	for _, field := range o.Shown() {
		v := strings.TrimSpace(values.Get(field))
		switch {
		case len(v) > MaxValue:
			wrong = wrong.With(field, "form.too_long")
		case v == "" && o.IsWanted(field):
			wrong = wrong.With(field, "required")
		case v == "":
		case field == "phone":
			if normal, ok := schema.NormalPhone(v, region); !ok || len(normal) < 6 {
				wrong = wrong.With(field, "form.bad_phone")
			}
		case field == "email":
			if _, _, ok := schema.NormalEmail(v); !ok {
				wrong = wrong.With(field, "form.bad_email")
			}
		}
	}
	if wrong == nil && strings.TrimSpace(values.Get("phone")+values.Get("email")) == "" {
		wrong = wrong.With("phone", "form.phone_or_email")
	}
	return wrong.OrNil()
}
