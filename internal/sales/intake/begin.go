package intake

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
	"voronka/internal/sales/client"
	"voronka/internal/sales/drum"
)

// begin makes a lead (a deal in simple mode) with its contact, and has it offered.
func (w *work) begin() (Answer, error) {
	chosen, responsible, err := w.choose()
	if err != nil {
		return Answer{}, err
	}
	if err := w.contact(responsible, chosen.Drum != nil); err != nil {
		return Answer{}, err
	}
	typ := w.cat.Type("lead")
	if w.org.Portal.Simple || typ == nil {
		typ = w.cat.Type("deal")
	}
	v := w.values(typ)
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
	a := Answer{Request: w.request.ID, Record: r, Client: w.client}
	if chosen.Drum != nil {
		a.Offer, err = w.Drums.Begin(w.t, chosen, r)
	}
	return a, err
}

// choose asks the key's drum who is next; without a drum it is the person the key names.
func (w *work) choose() (chosen drum.Chosen, responsible int64, err error) {
	if w.key.DrumID != 0 {
		chosen, err = w.Drums.Choose(w.t, w.key.DrumID)
		if err == nil {
			return chosen, chosen.UserID, nil
		}
		if !fault.Is(err, fault.NotFound) {
			return drum.Chosen{}, 0, err
		}
	}
	if _, works := w.org.Who(w.key.ResponsibleID); works {
		responsible = w.key.ResponsibleID
	}
	return drum.Chosen{}, responsible, nil
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
	w.put(w.cat.Type("contact"), v, "source", w.source(w.cat.Type("contact")))
	id, err := w.Records.Create(w.t, access.System(), "contact", v)
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
	for _, s := range slices.Concat([]string{w.payload.Name, w.payload.Company}, w.payload.Phones, w.payload.Emails) {
		if s != "" {
			return s
		}
	}
	return w.key.Title
}

// values are those of the new record, as far as its type has such fields.
func (w *work) values(typ *schema.Type) record.Values {
	p := w.payload
	phones, emails, rest := w.ways()
	v := record.Values{"title": w.title()}
	if p.Title != "" {
		v["title"] = p.Title
	} else if p.Company != "" {
		v["title"] = p.Company
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

// create makes the record with the other fields of the request that its type has. Those it refuses go into the comment:
// a mistake of the sender's must not cost a client.
func (w *work) create(typ *schema.Type, v record.Values) (int64, error) {
	optional := []string{"amount", "referrer", "source"}
	for name, value := range w.payload.More {
		if f := typ.Field(name); f != nil && !f.ReadOnly && !f.System && v[name] == nil && f.Kind != schema.File && f.Kind != schema.User && f.Kind != schema.Link && f.Kind != schema.Links {
			v[name] = value
			optional = append(optional, name)
		}
	}
	for {
		id, err := w.Records.Create(w.t, access.System(), typ.Code, v)
		refused := refused(err, optional)
		if len(refused) == 0 {
			return id, err
		}
		for _, name := range refused {
			comment, _ := v["comment"].(string)
			w.put(typ, v, "comment", strings.TrimSpace(comment+"\n"+name+": "+clean(fmt.Sprint(v[name]), maxLine)))
			delete(v, name)
			optional = slices.DeleteFunc(optional, func(s string) bool { return s == name })
		}
	}
}

// refused are the fields an error is about, if they are all ones we can do without.
func refused(err error, optional []string) []string {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Invalid {
		return nil
	}
	var names []string
	for _, field := range f.Fields {
		name, _, _ := strings.Cut(field.Path, "/")
		if !slices.Contains(optional, name) {
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

var _ Clients = client.Store(nil)
