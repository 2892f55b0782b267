package routing

import (
	"voronka/internal/expr"
	"voronka/internal/kernel/ref"
	"voronka/internal/record/schema"
)

// clientFact is one fact about who a request is from.
type clientFact struct {
	code, ru, en string
	kind         expr.Kind
	link         string
	get          func(f *Facts) (schema.Datum, error)
}

// clientFacts are the facts about the client, in the order they are shown.
var clientFacts = []clientFact{
	{clientKnown, "Известен нам", "Known to us", expr.Bool, "", func(f *Facts) (schema.Datum, error) { return yes(!f.client.Zero()), nil }},
	{"type", "Кто это", "What it is", expr.Text, "", func(f *Facts) (schema.Datum, error) { return text(f.client.Type), nil }},
	{"responsible", "Ответственный за клиента", "Responsible for the client", expr.User, "", (*Facts).answersFor},
	{"former_responsible", "Прежний ответственный", "Former responsible", expr.User, "", (*Facts).former},
	{"won_deals", "Успешных сделок", "Won deals", expr.Integer, "", (*Facts).won},
	{"has_won_deals", "Уже покупал", "Has bought before", expr.Bool, "", (*Facts).bought},
	{"contact", "Контакт", "Contact", expr.Link, "contact", func(f *Facts) (schema.Datum, error) { return f.card("contact") }},
	{"company", "Компания", "Company", expr.Link, "company", func(f *Facts) (schema.Datum, error) { return f.card("company") }},
}

func yes(b bool) schema.Datum {
	if b {
		return schema.IntDatum(1)
	}
	return schema.IntDatum(0)
}

func id(n int64) schema.Datum { return schema.Datum{Set: n != 0, Int: n} }

func (f *Facts) answersFor() (schema.Datum, error) {
	state, err := f.load(f.client)
	if err != nil || state == nil {
		return schema.Datum{}, err
	}
	return id(state.ResponsibleID), nil
}

// former is who answered for the client's last closed record, else for the client.
func (f *Facts) former() (schema.Datum, error) {
	if f.client.Zero() {
		return schema.Datum{}, nil
	}
	person, err := f.store.Former(f.t, f.client)
	if err != nil || person != 0 {
		return id(person), err
	}
	return f.answersFor()
}

func (f *Facts) won() (schema.Datum, error) {
	if f.client.Zero() {
		return schema.IntDatum(0), nil
	}
	n, err := f.store.Won(f.t, f.client)
	return schema.IntDatum(n), err
}

func (f *Facts) bought() (schema.Datum, error) {
	n, err := f.won()
	return yes(n.Int > 0), err
}

// card is the client's contact or company: the client himself, or the one his contact belongs to.
func (f *Facts) card(code string) (schema.Datum, error) {
	if f.client.Type == code {
		return id(f.client.ID), nil
	}
	state, err := f.load(f.client)
	if err != nil || state == nil {
		return schema.Datum{}, err
	}
	typ := f.catalog.Type(f.client.Type)
	if own := typ.Field(code); own != nil && own.Kind == schema.Link && own.LinkType == code {
		return state.Get(own), nil
	}
	return schema.Datum{}, nil
}

// ClientOf is the client of a lead or deal: its contact, else its company.
func ClientOf(typ *schema.Type, get func(*schema.Field) schema.Datum) ref.Ref {
	for _, code := range []string{"contact", "company"} {
		if own := typ.Field(code); own != nil && own.Kind == schema.Link && own.LinkType == code {
			if d := get(own); d.Set {
				return ref.Ref{Type: code, ID: d.Int}
			}
		}
	}
	return ref.Ref{}
}
