package schema

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/money"
	"voronka/internal/kernel/textkey"
)

// Limits of values.
const (
	MaxKey      = 2400                  // bytes of a text's key, so that any index takes it
	MaxText     = 1000                  // characters of a text, an address
	MaxLongText = 100_000               // characters of a long text
	MaxURL      = 2000                  // bytes
	MaxItems    = 500                   // values of a many-valued field
	MaxMinor    = 1_000_000_000_000_000 // an amount in minor units, so that sums of a million fit
)

// Parse reads a value in the API's shape (see package record, Values) into the stored form. Empty text is null. Codes of
// lists are looked up; that users, linked records and files exist is checked by whoever writes. The base amount of money
// is left for the writer, who knows the rates. An error is a fault about path.
func (c *Catalog) Parse(path string, f *Field, v any, portal Portal) (Datum, error) {
	if v == nil {
		return Datum{}, nil
	}
	p := parser{c, f, path, portal}
	if s, ok := v.(string); ok {
		v = p.clean(s)
		if v == "" {
			return Datum{}, nil
		}
	}
	d, err := p.parse(v)
	if err != nil {
		return Datum{}, err
	}
	return d, nil
}

type parser struct {
	c      *Catalog
	f      *Field
	path   string
	portal Portal
}

func (p *parser) bad(key string, args ...fault.Args) *fault.Error {
	return fault.In(p.path, key, args...)
}

// clean drops what no text may hold; long texts keep their line ends.
func (p *parser) clean(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	multiline := p.f.Kind == LongText || p.f.Kind == Address
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) >= 0 {
		if multiline {
			s = strings.ReplaceAll(s, "\r\n", "\n")
		}
		s = strings.Map(func(r rune) rune {
			switch {
			case multiline && (r == '\n' || r == '\t'):
				return r
			case r == '\n' || r == '\r' || r == '\t':
				return ' '
			case r < ' ' || r == 0x7f:
				return -1
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s)
}

func (p *parser) parse(v any) (Datum, *fault.Error) {
	switch p.f.Kind {
	case Text:
		return p.text(v, MaxText)
	case LongText:
		return p.text(v, MaxLongText)
	case Address:
		return p.text(v, MaxText)
	case URL:
		return p.url(v)
	case Integer:
		return p.scaled(v, 0)
	case Decimal:
		return p.scaled(v, p.f.Scale)
	case Money:
		return p.money(v)
	case Bool:
		return p.bool(v)
	case Date:
		return p.date(v)
	case DateTime:
		return p.instant(v)
	case List, StageKind, PipelineKind, LostReasonKind:
		return p.code(v)
	case User, Link:
		return p.reference(v)
	}
	return p.many(v)
}

func (p *parser) text(v any, limit int) (Datum, *fault.Error) {
	s, ok := v.(string)
	if !ok {
		return Datum{}, p.bad("record.want_text")
	}
	if len(s) > limit && utf8.RuneCountInString(s) > limit {
		return Datum{}, p.bad("record.too_long", fault.Args{"max": limit})
	}
	d := TextDatum(s)
	if p.f.Kind == Text {
		if d.Key = textkey.Key(s); len(d.Key) > MaxKey {
			return Datum{}, p.bad("record.too_long", fault.Args{"max": MaxKey / 4})
		}
	}
	return d, nil
}

func (p *parser) url(v any) (Datum, *fault.Error) {
	s, ok := v.(string)
	if !ok {
		return Datum{}, p.bad("record.want_text")
	}
	if len(s) > MaxURL {
		return Datum{}, p.bad("record.too_long", fault.Args{"max": MaxURL})
	}
	if scheme, _, found := strings.Cut(s, "://"); found {
		// A link is shown as a link: schemes that run code or read files must not get in.
		if lower := strings.ToLower(scheme); lower != "http" && lower != "https" && lower != "ftp" {
			return Datum{}, p.bad("record.bad_url")
		}
	} else if strings.Contains(strings.SplitN(s, "/", 2)[0], ":") && !hostPort(strings.SplitN(s, "/", 2)[0]) {
		return Datum{}, p.bad("record.bad_url")
	}
	if strings.ContainsAny(s, " \"<>\\") {
		return Datum{}, p.bad("record.bad_url")
	}
	return TextDatum(s), nil
}

func hostPort(s string) bool {
	_, port, _ := strings.Cut(s, ":")
	n, err := strconv.Atoi(port)
	return err == nil && n > 0 && n < 65536
}

// number is v as a plain decimal number in text.
func number(v any) (string, bool) {
	switch n := v.(type) {
	case json.Number:
		s := n.String()
		if strings.ContainsAny(s, "eE") {
			f, err := n.Float64()
			if err != nil {
				return "", false
			}
			return number(f)
		}
		return s, true
	case string:
		return n, true
	case int64:
		return strconv.FormatInt(n, 10), true
	case int:
		return strconv.Itoa(n), true
	case float64:
		if math.IsNaN(n) || math.IsInf(n, 0) || math.Abs(n) > 1e18 {
			return "", false
		}
		return strconv.FormatFloat(n, 'f', -1, 64), true
	}
	return "", false
}

func (p *parser) scaled(v any, scale int) (Datum, *fault.Error) {
	s, ok := number(v)
	if !ok {
		return Datum{}, p.bad("record.want_number")
	}
	n, err := money.ParseScaled(s, scale)
	if err != nil {
		if scale == 0 {
			return Datum{}, p.bad("record.want_integer")
		}
		return Datum{}, p.bad("record.bad_decimal", fault.Args{"digits": scale})
	}
	return IntDatum(n), nil
}

func (p *parser) money(v any) (Datum, *fault.Error) {
	d := Datum{Set: true, Text: p.portal.Currency}
	var amount any = v
	minor := false
	if m, ok := v.(map[string]any); ok {
		if cur, given := m["currency"]; given && cur != nil {
			s, _ := cur.(string)
			if d.Text = strings.ToUpper(s); !money.ValidCurrency(d.Text) {
				return Datum{}, p.bad("record.bad_currency")
			}
		}
		if amount, minor = m["minor"]; !minor {
			amount = m["amount"]
		}
		if amount == nil {
			return Datum{}, nil
		}
	}
	s, ok := number(amount)
	if !ok {
		return Datum{}, p.bad("record.want_number")
	}
	scale := money.Exponent(d.Text)
	if minor {
		scale = 0
	}
	n, err := money.ParseScaled(s, scale)
	if err != nil {
		return Datum{}, p.bad("record.bad_amount", fault.Args{"digits": scale})
	}
	if n > MaxMinor || n < -MaxMinor {
		return Datum{}, p.bad("record.amount_too_large")
	}
	d.Int = n
	return d, nil
}

func (p *parser) bool(v any) (Datum, *fault.Error) {
	switch v {
	case true, "true", "1":
		return IntDatum(1), nil
	case false, "false", "0":
		return IntDatum(0), nil
	}
	return Datum{}, p.bad("record.want_bool")
}

func (p *parser) date(v any) (Datum, *fault.Error) {
	s, _ := v.(string)
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Datum{}, p.bad("record.bad_date")
	}
	return TextDatum(s), nil
}

func (p *parser) instant(v any) (Datum, *fault.Error) {
	switch x := v.(type) {
	case clock.Instant:
		return IntDatum(int64(x)), nil
	case string:
		t, err := time.Parse(time.RFC3339, x)
		if err == nil && t.UTC().Year() >= 1 && t.UTC().Year() <= 9999 {
			return IntDatum(t.UnixMilli()), nil
		}
	}
	return Datum{}, p.bad("record.bad_datetime")
}

func (p *parser) code(v any) (Datum, *fault.Error) {
	s, ok := v.(string)
	if !ok {
		return Datum{}, p.bad("record.want_code")
	}
	switch p.f.Kind {
	case List:
		if x := p.f.Value(s); x != nil {
			return IntDatum(x.ID), nil
		}
	case PipelineKind:
		if x := p.c.pipelineOf(p.f.TypeID, s); x != nil {
			return IntDatum(x.ID), nil
		}
	case LostReasonKind:
		for _, x := range p.c.reasons[p.f.TypeID] {
			if x.Code == s {
				return IntDatum(x.ID), nil
			}
		}
	case StageKind:
		// Which pipeline's stage is meant only the writer knows, so the code is kept.
		return TextDatum(s), nil
	}
	return Datum{}, p.bad("record.no_such_value", fault.Args{"value": s})
}

func (c *Catalog) pipelineOf(typeID int64, code string) *Pipeline {
	for _, x := range c.pipelines[typeID] {
		if x.Code == code {
			return x
		}
	}
	return nil
}

// whole reads the number of a record, a user or a file.
func whole(v any) (int64, bool) {
	switch n := v.(type) {
	case json.Number:
		i, err := n.Int64()
		return i, err == nil && i >= 0
	case int64:
		return n, n >= 0
	case int:
		return int64(n), n >= 0
	case float64:
		return int64(n), n >= 0 && n < 1<<53 && n == math.Trunc(n)
	case string:
		i, err := strconv.ParseInt(n, 10, 64)
		return i, err == nil && i >= 0
	}
	return 0, false
}

func (p *parser) reference(v any) (Datum, *fault.Error) {
	if m, ok := v.(map[string]any); ok {
		v = m["id"]
	}
	n, ok := whole(v)
	if !ok {
		return Datum{}, p.bad("record.want_id")
	}
	if n == 0 {
		return Datum{}, nil
	}
	return IntDatum(n), nil
}
