package intake

import (
	"bytes"
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"voronka/internal/kernel/fault"
)

// Limits of a request.
const (
	MaxBody   = 64 << 10
	maxFields = 200
	maxText   = 10_000 // characters of a comment
	maxLine   = 200    // characters of anything that is one line
	maxMany   = 10     // phones, e-mails
)

// Payload is a request as it came, understood as far as it goes.
type Payload struct {
	Title, Name, Company, Comment string
	Phones, Emails                []string
	Amount                        any // a number or text, for the record to read
	Source                        string
	UTMSource, UTMMedium          string
	UTMCampaign                   string
	Referrer, Landing             string
	Dedupe                        string
	Attribution                   *Attribution // nil: it isn't known where he comes from
	// Of are values for the cards of the client: "contact" and "company", by code of their fields.
	Of map[string]map[string]any
	// More are the other fields: those that are fields of the record's type go there, all are kept with the request.
	More map[string]any
	Raw  json.RawMessage // everything but the attribution, as one JSON object
}

// known are the names people use for what we understand. Values not listed stay in More.
var known = map[string]string{
	"title": "title", "name": "name", "fullname": "name", "full_name": "name", "person_name": "name", "fio": "name", "phone": "phone", "phones": "phone",
	"tel": "phone", "telephone": "phone", "email": "email", "emails": "email", "e-mail": "email", "mail": "email", "company": "company",
	"company_name": "company", "comment": "comment", "message": "comment", "text": "comment", "amount": "amount", "source": "source",
	"utm_source": "utm_source", "utm_medium": "utm_medium", "utm_campaign": "utm_campaign", "referrer": "referrer", "referer": "referrer",
	"landing": "landing", "page": "landing", "dedupe": "dedupe",
	"attribution": "attribution",
}

// ParseJSON reads a JSON object.
func ParseJSON(body []byte) (*Payload, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var fields map[string]any
	if err := d.Decode(&fields); err != nil || fields == nil {
		return nil, fault.Wrap(fault.Invalid, "intake.bad_json", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fault.New(fault.Invalid, "intake.bad_json")
	}
	return read(fields)
}

// ParseForm reads what a form sent.
func ParseForm(values url.Values) (*Payload, error) {
	fields := make(map[string]any, len(values))
	for name, list := range values {
		switch len(list) {
		case 0:
		case 1:
			fields[name] = list[0]
		default:
			all := make([]any, len(list))
			for i, v := range list {
				all[i] = v
			}
			fields[name] = all
		}
	}
	return read(fields)
}

func read(fields map[string]any) (*Payload, error) {
	if len(fields) > maxFields {
		return nil, fault.New(fault.TooLarge, "intake.too_many_fields", fault.Args{"max": maxFields})
	}
	p := &Payload{More: map[string]any{}}
	for _, name := range sortedNames(fields) { // in a fixed order, so that the same request is always understood alike
		p.set(name, fields[name])
	}
	p.attribute()
	delete(fields, "attribution") // kept in a place of its own
	raw, err := json.Marshal(fields)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "intake.bad_json", err)
	}
	p.Raw = raw
	return p, nil
}

func sortedNames(fields map[string]any) []string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (p *Payload) set(name string, value any) {
	name = strings.ToLower(strings.TrimSpace(name))
	first := func(to *string, max int) {
		if *to == "" {
			*to = line(text(value), max)
		}
	}
	switch known[name] {
	case "title":
		first(&p.Title, maxLine)
	case "name":
		first(&p.Name, maxLine)
	case "company":
		first(&p.Company, maxLine)
	case "comment":
		if p.Comment == "" {
			p.Comment = clean(text(value), maxText)
		}
	case "phone":
		p.Phones = many(p.Phones, value)
	case "email":
		p.Emails = many(p.Emails, value)
	case "amount":
		p.Amount = plain(value)
	case "source":
		first(&p.Source, maxLine)
	case "utm_source":
		first(&p.UTMSource, maxLine)
	case "utm_medium":
		first(&p.UTMMedium, maxLine)
	case "utm_campaign":
		first(&p.UTMCampaign, maxLine)
	case "referrer":
		first(&p.Referrer, 2000)
	case "landing":
		first(&p.Landing, 2000)
	case "attribution":
		p.Attribution = ReadAttribution(value)
	case "dedupe":
		first(&p.Dedupe, maxLine)
	default:
		if p.setOf(name, value) {
			return
		}
		if v := plain(value); v != nil && name != "" {
			p.More[name] = v
		}
	}
}

// setOf takes a value for a card of the client: contact.position, company.inn.
func (p *Payload) setOf(name string, value any) bool {
	card, field, ok := strings.Cut(name, ".")
	if !ok || field == "" || card != "contact" && card != "company" {
		return false
	}
	v := plain(value)
	if v == nil {
		return true
	}
	if p.Of == nil {
		p.Of = map[string]map[string]any{}
	}
	if p.Of[card] == nil {
		p.Of[card] = map[string]any{}
	}
	p.Of[card][field] = v
	return true
}

// Empty tells whether nothing in the payload tells who asks for what.
func (p *Payload) Empty() bool {
	return p.Title+p.Name+p.Company+p.Comment == "" && len(p.Phones)+len(p.Emails) == 0
}

// text is a value as text, "" when it is none: objects stay with the request only.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	case []any:
		if len(v) > 0 {
			return text(v[0])
		}
	case map[string]any: // {"value": "+7 …"} as our own API writes phones
		if inner, ok := v["value"].(string); ok {
			return inner
		}
	}
	return ""
}

// plain is a value fit for a field: without control characters and not endless.
func plain(v any) any {
	switch v := v.(type) {
	case string:
		if s := clean(v, maxText); s != "" {
			return s
		}
	case json.Number, bool:
		return v
	case []any:
		var list []any
		for _, one := range v[:min(len(v), 50)] {
			if one = plain(one); one != nil {
				list = append(list, one)
			}
		}
		if list != nil {
			return list
		}
	case map[string]any:
		object := map[string]any{}
		for key, one := range v {
			if one = plain(one); one != nil && len(object) < 20 {
				object[line(key, maxLine)] = one
			}
		}
		if len(object) > 0 {
			return object
		}
	}
	return nil
}

// many adds one or several values.
func many(list []string, v any) []string {
	all, several := v.([]any)
	if !several {
		all = []any{v}
	}
	for _, one := range all {
		if s := line(text(one), maxLine); s != "" && !slices.Contains(list, s) && len(list) < maxMany {
			list = append(list, s)
		}
	}
	return list
}

// clean takes out what no field can hold and cuts what is too long.
func clean(s string, max int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == utf8.RuneError {
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n"))
	if utf8.RuneCountInString(s) > max {
		s = string([]rune(s)[:max])
	}
	return strings.TrimSpace(s)
}

func line(s string, max int) string {
	return strings.Join(strings.Fields(clean(s, max)), " ")
}
