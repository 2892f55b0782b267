package schema

import (
	"cmp"
	"slices"
	"strconv"
	"unicode/utf8"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
)

// many reads a list; a single value stands for a list of one. What is named twice is kept once.
func (p *parser) many(v any) (Datum, *fault.Error) {
	list, ok := asList(v)
	if !ok {
		list = []any{v}
	}
	if len(list) > MaxItems {
		return Datum{}, p.bad("record.too_many_values", fault.Args{"max": MaxItems})
	}
	items := make([]Item, 0, len(list))
	for i, one := range list {
		q := *p
		if ok {
			q.path = p.path + "/" + strconv.Itoa(i)
		}
		item, given, err := q.item(one)
		if err != nil {
			return Datum{}, err
		}
		if given && !slices.ContainsFunc(items, func(o Item) bool { return p.same(o, item) }) {
			items = append(items, item)
		}
	}
	// What has no order of its own is kept by number, so that two lists of the same are equal.
	if p.f.Kind == MultiList || p.f.Kind == Users {
		items = SortItems(items)
	}
	return ManyDatum(items), nil
}

func asList(v any) ([]any, bool) {
	switch l := v.(type) {
	case []any:
		return l, true
	case []string:
		out := make([]any, len(l))
		for i, s := range l {
			out[i] = s
		}
		return out, true
	case []int64:
		out := make([]any, len(l))
		for i, n := range l {
			out[i] = n
		}
		return out, true
	case []map[string]any:
		out := make([]any, len(l))
		for i, m := range l {
			out[i] = m
		}
		return out, true
	}
	return nil, false
}

func (p *parser) same(a, b Item) bool {
	if p.f.Kind == Phone || p.f.Kind == Email {
		return a.Norm == b.Norm
	}
	return a.ID == b.ID && a.Type == b.Type
}

// item reads one of several values; given is false for an empty one.
func (p *parser) item(v any) (item Item, given bool, err *fault.Error) {
	switch p.f.Kind {
	case Phone, Email:
		return p.contact(v)
	case MultiList:
		d, err := p.choice(v)
		return Item{ID: d.Int}, d.Set, err
	case Links:
		return p.link(v)
	}
	d, err := p.reference(v)
	return Item{ID: d.Int}, d.Set, err
}

func (p *parser) choice(v any) (Datum, *fault.Error) {
	s, ok := v.(string)
	if !ok {
		return Datum{}, p.bad("record.want_code")
	}
	if x := p.f.Value(s); x != nil {
		return IntDatum(x.ID), nil
	}
	return Datum{}, p.bad("record.no_such_value", fault.Args{"value": s})
}

func (p *parser) contact(v any) (Item, bool, *fault.Error) {
	var item Item
	switch x := v.(type) {
	case string:
		item.Value = x
	case map[string]any:
		value, _ := x["value"].(string)
		kind, _ := x["kind"].(string)
		item.Value, item.Kind = value, p.clean(kind)
	default:
		return item, false, p.bad("record.want_text")
	}
	if item.Value = p.clean(item.Value); item.Value == "" {
		return item, false, nil
	}
	if utf8.RuneCountInString(item.Kind) > MaxCode {
		return item, false, p.bad("record.too_long", fault.Args{"max": MaxCode})
	}
	if p.f.Kind == Email {
		value, normal, ok := NormalEmail(item.Value)
		if !ok {
			return item, false, p.bad("record.bad_email")
		}
		item.Value, item.Norm = value, normal
		return item, true, nil
	}
	normal, ok := NormalPhone(item.Value, p.portal.Region)
	if !ok || utf8.RuneCountInString(item.Value) > MaxPhone {
		return item, false, p.bad("record.bad_phone")
	}
	item.Norm = normal
	return item, true, nil
}

func (p *parser) link(v any) (Item, bool, *fault.Error) {
	item := Item{}
	code := p.f.LinkType
	switch x := v.(type) {
	case map[string]any:
		if role, _ := x["role"].(string); role != "" {
			if item.Kind = p.clean(role); utf8.RuneCountInString(item.Kind) > MaxCode {
				return item, false, p.bad("record.too_long", fault.Args{"max": MaxCode})
			}
		}
		if t, _ := x["type"].(string); t != "" {
			if p.f.LinkType != "" && t != p.f.LinkType {
				return item, false, p.bad("record.wrong_link_type")
			}
			code = t
		}
		v = x["id"]
	case ref.Ref:
		code, v = x.Type, x.ID
	case string:
		if r, err := ref.Parse(x); err == nil {
			code, v = r.Type, r.ID
		}
	}
	n, ok := whole(v)
	if !ok {
		return item, false, p.bad("record.want_id")
	}
	if n == 0 {
		return item, false, nil
	}
	t := p.c.Type(code)
	if t == nil || p.f.LinkType != "" && code != p.f.LinkType {
		return item, false, p.bad("record.wrong_link_type")
	}
	item.ID, item.Type = n, t.ID
	return item, true, nil
}

// SortItems puts items in the order of their numbers.
func SortItems(items []Item) []Item {
	slices.SortFunc(items, func(a, b Item) int { return cmp.Compare(a.ID, b.ID) })
	return items
}
