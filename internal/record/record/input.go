package record

import (
	"errors"
	"maps"
	"slices"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/money"
	"voronka/internal/record/schema"
)

// input is what somebody wants to write, parsed.
type input map[*schema.Field]schema.Datum

func (in input) get(f *schema.Field) (d schema.Datum, given bool) { d, given = in[f]; return d, given }

func (in input) put(f *schema.Field, d schema.Datum) { in[f] = d }

// read parses values; all that is wrong with them is gathered. A field hidden from the person is as unknown as one that isn't there.
func (x *session) read(v Values) (input, *fault.Error) {
	in := make(input, len(v)+2)
	var wrong *fault.Error
	for _, code := range slices.Sorted(maps.Keys(v)) {
		mine := x.mine.Field(code)
		switch {
		case mine == nil:
			wrong = wrong.With(code, "record.unknown_field", fault.Args{"field": code})
			continue
		case mine.ReadOnly:
			wrong = wrong.With(code, "record.read_only")
			continue
		}
		f := x.typ.Field(code)
		d, err := x.cat.Parse(code, f, v[code], x.portal)
		if err != nil {
			wrong = gather(wrong, err)
			continue
		}
		if d.Set && f.Kind == schema.Money {
			if err := x.price(f, &d); err != nil {
				wrong = gather(wrong, err)
				continue
			}
		}
		in[f] = d
	}
	return in, wrong
}

// writes tells whether the acting person may give a field a value.
func (x *session) writes(f *schema.Field) bool {
	mine := x.mine.Field(f.Code)
	return mine != nil && !mine.ReadOnly
}

// gather adds what is wrong according to err. An error that isn't about a field becomes one that stops everything.
func gather(wrong *fault.Error, err error) *fault.Error {
	var e *fault.Error
	if !errors.As(err, &e) {
		e = fault.Wrap(fault.Internal, "internal", err)
	}
	if wrong == nil || e.Code != fault.Invalid {
		return e
	}
	wrong.Fields = append(wrong.Fields, e.Fields...)
	return wrong
}

// price computes the base amount by the rate of the day.
func (x *session) price(f *schema.Field, d *schema.Datum) error {
	base := x.portal.Currency
	if d.Text == base {
		d.Base = d.Int
		return nil
	}
	rate, known := x.rates[d.Text]
	if !known {
		found, ok, err := x.store.Rate(x.t, d.Text, x.day())
		if err != nil {
			return err
		}
		if !ok {
			return fault.In(f.Code, "currency.no_rate", fault.Args{"currency": d.Text, "base": base, "day": x.day()})
		}
		if x.rates == nil {
			x.rates = map[string]int64{}
		}
		rate = found
		x.rates[d.Text] = rate
	}
	m, err := money.Convert(money.Money{Minor: d.Int, Currency: d.Text}, base, rate)
	if err != nil || m.Minor > schema.MaxMinor || m.Minor < -schema.MaxMinor {
		return fault.In(f.Code, "record.amount_too_large")
	}
	d.Base = m.Minor
	return nil
}
