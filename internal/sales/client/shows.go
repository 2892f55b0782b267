package client

import (
	"slices"
	"strings"

	"voronka/internal/record/schema"
)

// becomes are the fields that what a request says becomes, where they are called otherwise.
var becomes = map[string]string{
	"phone": "phones", "phone_country": "phones", "email": "emails", "mail_domain": "emails", "name": "person_name", "company": "company_name", "text": "comment",
	"utm_source": "source", "utm_medium": "source", "utm_campaign": "source", "utm_term": "source", "utm_content": "source", "referrer": "source", "landing": "source",
	"channel": "source",
}

// Becomes is the code of the field that what a request says by a name goes to.
func Becomes(said string) string {
	if field, ok := becomes[said]; ok {
		return field
	}
	return said
}

// plain is what a request may say that becomes no field, or one everybody sees.
var plain = []string{"title", "key", "hour", "weekday", "dedupe", "phones", "emails", "person_name", "company_name", "comment", "amount", "source"}

// Shows tells whether the person whose view of the catalogue c is may read what a request said by a name, when it became a record of
// a type. Words we don't understand may say anything: they are for those from whom nothing is hidden.
func Shows(c *schema.Catalog, typ, said string) bool {
	partial := func(code string) bool { t := c.Type(code); return t != nil && t.Partial() }
	if !partial(typ) && !slices.ContainsFunc(Types, partial) {
		return true
	}
	if card, field, ok := strings.Cut(said, "."); ok && (card == "contact" || card == "company") {
		t := c.Type(card)
		return t != nil && t.Field(field) != nil
	}
	code := Becomes(said)
	if t := c.Type(typ); t != nil && t.Hides(code) {
		return false
	} else if t != nil && t.Field(code) != nil {
		return true
	}
	hides := func(code string) func(string) bool {
		return func(typ string) bool { t := c.Type(typ); return t != nil && t.Hides(code) }
	}
	return slices.Contains(plain, code) && !slices.ContainsFunc(Types, hides(code))
}
