package form

import (
	"net/url"
	"slices"
	"strings"

	"voronka/internal/record/schema"
)

// Item is one field of a form. Its name is one of Usual, or the type and code of a field: lead.area, contact.position,
// company.inn. "lead" stands for whatever requests become, so that the form outlives a change to simple mode.
type Item struct {
	Name     string `json:"name"`
	Label    Titles `json:"label,omitzero" doc:"Empty: the title of the field"`
	Hint     Titles `json:"hint,omitzero"`
	Required bool   `json:"required,omitempty"`
	When     *When  `json:"when,omitempty" doc:"Shown only then"`
}

// When is a condition on a field further up.
type When struct {
	Item string   `json:"item"`
	Is   []string `json:"is,omitempty" doc:"Codes of list values, texts, or true and false; none: anything at all"`
}

// met tells whether what was given for the item fulfils the condition.
func (w *When) met(values []string) bool {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" && (len(w.Is) == 0 || slices.ContainsFunc(w.Is, func(is string) bool { return strings.EqualFold(is, v) })) {
			return true
		}
	}
	return false
}

// Field is an item with what it stands for.
type Field struct {
	Item
	Kind schema.Kind
	Of   *schema.Field // nil: one of Usual
}

var usualKinds = map[string]schema.Kind{
	"name": schema.Text, "phone": schema.Phone, "email": schema.Email, "company": schema.Text, "comment": schema.LongText,
}

// asked are the kinds of fields a visitor can be asked for.
var asked = []schema.Kind{
	schema.Text, schema.LongText, schema.Integer, schema.Decimal, schema.Money, schema.Bool, schema.Date, schema.List, schema.MultiList,
	schema.Phone, schema.Email, schema.URL, schema.Address,
}

// CanAsk tells whether forms can ask for a field.
func CanAsk(f *schema.Field) bool {
	return f != nil && !f.System && !f.ReadOnly && f.RemovedAt == 0 && slices.Contains(asked, f.Kind)
}

func resolve(item Item, c *schema.Catalog, main string) (Field, bool) {
	if kind, ok := usualKinds[item.Name]; ok {
		return Field{Item: item, Kind: kind}, true
	}
	f := fieldOf(item.Name, c, main)
	if !CanAsk(f) {
		return Field{}, false
	}
	return Field{Item: item, Kind: f.Kind, Of: f}, true
}

// fieldOf finds the field of a name like contact.position, nil when there is none.
func fieldOf(name string, c *schema.Catalog, main string) *schema.Field {
	code, field, ok := strings.Cut(name, ".")
	if !ok || c == nil {
		return nil
	}
	switch code {
	case "lead", "deal":
		code = main
	case "contact", "company":
	default:
		return nil
	}
	typ := c.Type(code)
	if typ == nil {
		return nil
	}
	return typ.Field(field)
}

// Sent is the name of the field in the request: fields of the record go by their code.
func (f Field) Sent() string {
	if code, ok := strings.CutPrefix(f.Name, "lead."); ok {
		return code
	}
	if code, ok := strings.CutPrefix(f.Name, "deal."); ok {
		return code
	}
	return f.Name
}

// Visible tells which fields show with the values given. A field that is hidden holds nothing for those after it.
func (f *Form) Visible(values url.Values) []bool {
	shown := make([]bool, len(f.Items))
	for i, field := range f.Items {
		shown[i] = field.When == nil
		if field.When == nil {
			continue
		}
		for j := range i {
			if f.Items[j].Name == field.When.Item {
				shown[i] = shown[j] && field.When.met(values[field.When.Item])
			}
		}
	}
	return shown
}

// Values are what was given for the fields that show, under the names of a request.
func (f *Form) Values(values url.Values) url.Values {
	out := url.Values{}
	shown := f.Visible(values)
	for i, field := range f.Items {
		given := slices.DeleteFunc(slices.Clone(values[field.Name]), func(v string) bool { return strings.TrimSpace(v) == "" })
		if !shown[i] || len(given) == 0 {
			continue
		}
		if field.Kind != schema.MultiList {
			given = []string{plain(field.Kind, given[0])}
		}
		out[field.Sent()] = given
	}
	return out
}

// plain is a value as the API takes it: numbers without spaces and with a point.
func plain(kind schema.Kind, v string) string {
	switch kind {
	case schema.Integer, schema.Decimal, schema.Money:
		return strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".").Replace(strings.TrimSpace(v))
	}
	return v
}
