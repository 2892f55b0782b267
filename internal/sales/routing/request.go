package routing

import (
	"encoding/json"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"voronka/internal/expr"
	"voronka/internal/kernel/money"
	"voronka/internal/record/schema"
)

// Request is what a rule may look at in a request.
type Request struct {
	Channel, Key, Source          string // Key is the code of the door
	Title, Name, Company, Text    string
	Phones, Emails                []string
	UTMSource, UTMMedium, UTMName string // UTMName is utm_campaign
	Referrer, Landing             string
	More                          map[string]any // other fields as they came
	DrumID, UserID                int64          // of the door
}

// requestFact is one fact about a request.
type requestFact struct {
	code, ru, en string
	kind         expr.Kind
	many         bool
	get          func(f *Facts, r *Request) schema.Datum
}

// requestFacts are the facts about a request, in the order they are shown.
var requestFacts = []requestFact{
	{"channel", "Канал", "Channel", expr.Text, false, said(func(r *Request) string { return r.Channel })},
	{"key", "Форма или ключ", "Form or key", expr.Text, false, said(func(r *Request) string { return r.Key })},
	{"source", "Источник", "Source", expr.Text, false, said(func(r *Request) string { return r.Source })},
	{"utm_source", "utm_source", "utm_source", expr.Text, false, said(func(r *Request) string { return r.UTMSource })},
	{"utm_medium", "utm_medium", "utm_medium", expr.Text, false, said(func(r *Request) string { return r.UTMMedium })},
	{"utm_campaign", "utm_campaign", "utm_campaign", expr.Text, false, said(func(r *Request) string { return r.UTMName })},
	{"utm_term", "utm_term", "utm_term", expr.Text, false, said(func(r *Request) string { return r.more("utm_term") })},
	{"utm_content", "utm_content", "utm_content", expr.Text, false, said(func(r *Request) string { return r.more("utm_content") })},
	{"referrer", "Откуда пришёл", "Referrer", expr.URL, false, said(func(r *Request) string { return r.Referrer })},
	{"landing", "Страница входа", "Landing page", expr.URL, false, said(func(r *Request) string { return r.Landing })},
	{"text", "Текст обращения", "Text", expr.LongText, false, said(func(r *Request) string { return r.Text })},
	{"title", "Тема", "Subject", expr.Text, false, said(func(r *Request) string { return r.Title })},
	{"name", "Имя", "Name", expr.Text, false, said(func(r *Request) string { return r.Name })},
	{"company", "Название компании", "Company name", expr.Text, false, said(func(r *Request) string { return r.Company })},
	{"city", "Город", "City", expr.Text, false, said(func(r *Request) string { return r.more("city", "город", "town") })},
	{"region", "Регион", "Region", expr.Text, false, said(func(r *Request) string { return r.more("region", "регион", "область", "oblast", "state") })},
	{"phones", "Телефон", "Phone", expr.Phone, true, (*Facts).phones},
	{"phone_country", "Страна по телефону", "Country of the phone", expr.Text, false, (*Facts).country},
	{"emails", "Почта", "E-mail", expr.Email, true, emails},
	{"mail_domain", "Домен почты", "Mail domain", expr.Text, false, said((*Request).domain)},
	{"hour", "Час прихода", "Hour it came at", expr.Integer, false, func(f *Facts, _ *Request) schema.Datum { return schema.IntDatum(int64(f.local().Hour())) }},
	{"weekday", "День недели, 1–7", "Weekday, 1–7", expr.Integer, false, func(f *Facts, _ *Request) schema.Datum { return schema.IntDatum(int64((f.local().Weekday()+6)%7) + 1) }},
}

// said is a fact that is a text.
func said(get func(*Request) string) func(*Facts, *Request) schema.Datum {
	return func(_ *Facts, r *Request) schema.Datum { return text(get(r)) }
}

func text(s string) schema.Datum { return schema.Datum{Set: s != "", Text: s} }

// more is another field of the request as text, by the first of its names that is there.
func (r *Request) more(names ...string) string {
	for _, name := range names {
		if s := plain(r.More[name]); s != "" {
			return s
		}
	}
	return ""
}

// plain is a value as text; of several the first.
func plain(v any) string {
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
			return plain(v[0])
		}
	}
	return ""
}

// domain is what stands behind the @ of the first e-mail.
func (r *Request) domain() string {
	for _, email := range r.Emails {
		if _, normal, ok := schema.NormalEmail(email); ok {
			_, domain, _ := strings.Cut(normal, "@")
			return domain
		}
	}
	return ""
}

func (f *Facts) phones(r *Request) schema.Datum {
	var items []schema.Item
	for _, phone := range r.Phones {
		if normal, ok := schema.NormalPhone(phone, f.catalog.Portal.Region); ok {
			items = append(items, schema.Item{Value: phone, Norm: normal})
		}
	}
	return schema.ManyDatum(items)
}

// country is the country of the first phone: RU, BY, KZ.
func (f *Facts) country(r *Request) schema.Datum {
	for _, item := range f.phones(r).Many {
		number, _ := schema.SplitExtension(item.Norm)
		if p, err := phonenumbers.Parse(number, ""); err == nil {
			if region := phonenumbers.GetRegionCodeForNumber(p); region != "" && region != "ZZ" {
				return text(region)
			}
		}
	}
	return schema.Datum{}
}

func emails(_ *Facts, r *Request) schema.Datum {
	var items []schema.Item
	for _, email := range r.Emails {
		if shown, normal, ok := schema.NormalEmail(email); ok {
			items = append(items, schema.Item{Value: shown, Norm: normal})
		}
	}
	return schema.ManyDatum(items)
}

// numberScale is how exact a number in a field of a request is.
const numberScale = 4

// number is a field of a request as a number; null when it isn't one. Spaces between digits and a comma are taken as people
// write them.
func number(s string) schema.Datum {
	s = strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f':
			return -1
		case ',':
			return '.'
		}
		return r
	}, strings.TrimSpace(s))
	n, err := money.ParseScaled(s, numberScale)
	if err != nil {
		return schema.Datum{}
	}
	return schema.IntDatum(n)
}
