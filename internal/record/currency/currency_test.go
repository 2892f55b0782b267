package currency

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

type kept struct{ rates []Rate }

func (k *kept) BaseCurrency(tx.Tx) (string, error) { return "RUB", nil }
func (k *kept) SaveRate(_ tx.Tx, r Rate) error     { k.rates = append(k.rates, r); return nil }

func TestRatesAreReadAndWritten(t *testing.T) {
	for in, want := range map[string]string{"92.5": "92.5", "1": "1", "0.000000001": "0.000000001", "100.00": "100"} {
		r, err := Parse("usd", "2026-11-19", in)
		if err != nil || r.Text() != want || r.Currency != "USD" {
			t.Errorf("%s: %v %v", in, r, err)
		}
	}
}

func TestWrongRatesAreNamed(t *testing.T) {
	for _, c := range []struct {
		given Given
		want  map[string]string
	}{
		{Given{"USD", "2026-11-19", "0"}, map[string]string{"items/0/rate": "currency.bad_rate"}},
		{Given{"USD", "2026-11-19", "-1"}, map[string]string{"items/0/rate": "currency.bad_rate"}},
		{Given{"USD", "2026-11-19", "1.0000000001"}, map[string]string{"items/0/rate": "currency.bad_rate"}},
		{Given{"dollar", "19.11.2026", "x"}, map[string]string{"items/0/currency": "record.bad_currency", "items/0/day": "record.bad_date", "items/0/rate": "currency.bad_rate"}},
		{Given{"RUB", "2026-11-19", "1"}, map[string]string{"items/0/currency": "currency.base_rate"}},
	} {
		s := &Service{Store: &kept{}}
		err := s.Put(nil, access.Who{Role: access.Admin}, []Given{c.given})
		got := map[string]string{}
		var f *fault.Error
		if errors.As(err, &f) {
			for _, x := range f.Fields {
				got[x.Path] = x.Key
			}
		}
		if !maps.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.given, got, c.want)
		}
	}
}

func TestOnlyAdministratorsSaveRates(t *testing.T) {
	k := &kept{}
	s := &Service{Store: k}
	given := []Given{{"USD", "2026-11-19", "92.5"}}
	if err := s.Put(nil, access.Who{UserID: 1, Role: access.Head}, given); !fault.Is(err, fault.Forbidden) || len(k.rates) > 0 {
		t.Errorf("a head: %v", err)
	}
	if err := s.Put(nil, access.Who{UserID: 1, Role: access.Admin}, given); err != nil || !slices.Equal(k.rates, []Rate{{"USD", "2026-11-19", 92_500_000_000}}) {
		t.Errorf("%v %v", k.rates, err)
	}
}
