package intake

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// begin makes a lead (a deal in simple mode) with its contact, and has it offered.
func (w *work) begin() (Answer, error) {
	goal, err := w.choose()
	if err != nil {
		return Answer{}, err
	}
	chosen, responsible := goal.chosen, goal.responsible
	if err := w.contact(responsible, chosen.Drum != nil); err != nil {
		return Answer{}, err
	}
	typ := w.cat.Type(Main(w.org, w.cat))
	v := w.values(typ)
	if err := w.company(v, responsible, chosen.Drum != nil); err != nil {
		return Answer{}, err
	}
	if responsible != 0 {
		v["responsible"] = responsible
	}
	id, err := w.create(typ, v)
	if err != nil {
		return Answer{}, err
	}
	r := ref.Ref{Type: typ.Code, ID: id}
	if err := w.attach(r, JournalCame); err != nil {
		return Answer{}, err
	}
	if err := w.routed(r, goal.decided); err != nil {
		return Answer{}, err
	}
	a := Answer{Request: w.request.ID, Record: r, Client: w.client}
	if chosen.Drum != nil {
		a.Offer, err = w.Drums.Begin(w.t, chosen, r)
	}
	return a, err
}

// contact makes the client's card unless he is known, so that he is recognised next time. Who takes the record gets the
// card too (Follow); until then it is nobody's.
func (w *work) contact(responsible int64, offered bool) error {
	switch {
	case w.client.Type == "contact":
		return w.enrich()
	case w.client.Type == "company" || len(w.payload.Phones)+len(w.payload.Emails) == 0:
		return nil
	}
	phones, emails, _ := w.ways()
	if len(phones)+len(emails) == 0 {
		return nil
	}
	v := record.Values{"title": w.title(), "phones": phones, "emails": emails}
	if !offered && responsible != 0 {
		v["responsible"] = responsible
	}
	typ := w.cat.Type("contact")
	w.put(typ, v, "source", w.source(typ))
	if w.firm != 0 && typ.Field("company") != nil {
		v["company"] = w.firm
	}
	id, err := w.insist(typ, v, w.more(typ, w.payload.Of["contact"], v))
	if err != nil {
		return fmt.Errorf("contact of a request: %w", err)
	}
	w.client = ref.Ref{Type: "contact", ID: id}
	return nil
}

// ways are the phones and e-mails a field can hold; what can't be one is text for the comment.
func (w *work) ways() (phones, emails []any, rest []string) {
	for _, phone := range w.payload.Phones {
		if _, ok := schema.NormalPhone(phone, w.org.Portal.Region); ok && len(phone) <= schema.MaxPhone {
			phones = append(phones, phone)
		} else {
			rest = append(rest, phone)
		}
	}
	for _, email := range w.payload.Emails {
		if _, _, ok := schema.NormalEmail(email); ok {
			emails = append(emails, email)
		} else {
			rest = append(rest, email)
		}
	}
	return phones, emails, rest
}

// title is what a person would call the client.
func (w *work) title() string {
	names := []string{w.public("person_name", w.payload.Name), w.public("company_name", w.payload.Company)}
	for _, phone := range w.payload.Phones {
		names = append(names, w.public("phones", phone))
	}
	for _, email := range w.payload.Emails {
		names = append(names, w.public("emails", email))
	}
	return cmp.Or(append(names, w.key.Title)...)
}

// public is a text that goes to a field, unless a role hides the field: everybody who sees a record sees its title.
func (w *work) public(field, text string) string {
	for _, typ := range []string{"lead", "deal", "contact", "company"} {
		if w.org.Hides(typ, field) {
			return ""
		}
	}
	return text
}

// values are those of the new record, as far as its type has such fields.
func (w *work) values(typ *schema.Type) record.Values {
	p := w.payload
	phones, emails, rest := w.ways()
	v := record.Values{"title": w.title()}
	if p.Title != "" {
		v["title"] = p.Title
	} else if company := w.public("company_name", p.Company); company != "" {
		v["title"] = company
	}
	for code, text := range map[string]string{
		"company_name": p.Company, "person_name": p.Name, "comment": strings.Join(append(slices.DeleteFunc([]string{p.Comment}, empty), rest...), "\n"),
		"utm_source": p.UTMSource, "utm_medium": p.UTMMedium, "utm_campaign": p.UTMCampaign, "referrer": web(p.Referrer), "source": w.source(typ),
	} {
		w.put(typ, v, code, text)
	}
	if typ.Field("phones") != nil && len(phones) > 0 {
		v["phones"] = phones
	}
	if typ.Field("emails") != nil && len(emails) > 0 {
		v["emails"] = emails
	}
	if p.Amount != nil {
		v["amount"] = p.Amount
	}
	if w.client.Type == "contact" || w.client.Type == "company" {
		v[w.client.Type] = w.client.ID
	}
	if w.firm != 0 && v["company"] == nil && typ.Field("company") != nil {
		v["company"] = w.firm
	}
	if pipe := w.cat.PipelineByID(w.key.PipelineID); pipe != nil && !pipe.Removed && pipe.TypeID == typ.ID {
		v["pipeline"] = pipe.Code
	}
	return v
}

func (w *work) put(typ *schema.Type, v record.Values, code, text string) {
	if text != "" && typ.Field(code) != nil {
		v[code] = text
	}
}

// source is the list value of the request's source: by its code or title, else the key's.
func (w *work) source(typ *schema.Type) string {
	f := typ.Field("source")
	if f == nil {
		return ""
	}
	for _, v := range f.Values {
		if said := w.payload.Source; said != "" && (strings.EqualFold(said, v.Code) || strings.EqualFold(said, v.TitleRU) || strings.EqualFold(said, v.TitleEN)) {
			return v.Code
		}
	}
	if f.Value(w.key.Source) != nil {
		return w.key.Source
	}
	return ""
}

// refused are the fields an error is about, if they are all ones we can do without, or have a value another record has alone.
func refused(err error, optional []string) []string {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Invalid {
		return nil
	}
	var names []string
	for _, field := range f.Fields {
		name, _, _ := strings.Cut(field.Path, "/")
		if taken := field.Key == "record.taken" || field.Key == "record.taken_by"; !taken && !slices.Contains(optional, name) {
			return nil
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

func empty(s string) bool { return s == "" }

// web is an address as far as it is one.
func web(s string) string {
	if strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") {
		return s
	}
	return ""
}
