// Package currency is the daily rates sums are brought to the portal's currency by. A rate holds from its day until the
// next one; what was written by an older rate keeps its base amount.
package currency

import (
	"strconv"
	"strings"
	"time"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/money"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Rate is how much one unit of a currency costs in the portal's currency from a day on.
type Rate struct {
	Currency string
	Day      string // YYYY-MM-DD
	Rate     int64  // × money.RateScale
}

// Text writes the rate as a plain decimal number.
func (r Rate) Text() string {
	s := strings.TrimRight(money.Scaled(r.Rate, 9), "0")
	return strings.TrimSuffix(s, ".")
}

// Parse reads a rate as a person or a bank writes it: "92.5".
func Parse(currency, day, rate string) (Rate, error) { return parse("", currency, day, rate) }

// MaxRate keeps sums in bounds.
const MaxRate = 1_000_000 * money.RateScale

func parse(path, currency, day, rate string) (Rate, error) {
	r := Rate{Currency: strings.ToUpper(strings.TrimSpace(currency)), Day: day}
	var wrong *fault.Error
	if !money.ValidCurrency(r.Currency) {
		wrong = wrong.With(path+"currency", "record.bad_currency")
	}
	if t, err := time.Parse(time.DateOnly, day); err != nil || t.Year() < 1 {
		wrong = wrong.With(path+"day", "record.bad_date")
	}
	n, err := money.ParseScaled(rate, 9)
	if err != nil || n <= 0 || n > MaxRate {
		wrong = wrong.With(path+"rate", "currency.bad_rate")
	}
	r.Rate = n
	return r, wrong.OrNil()
}

// Store keeps rates.
type Store interface {
	// BaseCurrency is the portal's currency.
	BaseCurrency(t tx.Tx) (string, error)
	// SaveRate writes over the rate of the same currency and day.
	SaveRate(t tx.Tx, r Rate) error
}

// Given is a rate as it comes in.
type Given struct{ Currency, Day, Rate string }

// MaxRates is how many rates may come at once.
const MaxRates = 1000

// Service changes rates.
type Service struct{ Store Store }

// Put saves rates. Only administrators may.
func (s *Service) Put(t tx.Tx, who access.Who, given []Given) error {
	if err := who.Must(access.Portal); err != nil {
		return err
	}
	if len(given) > MaxRates {
		return fault.New(fault.TooLarge, "currency.too_many_rates", fault.Args{"max": MaxRates})
	}
	base, err := s.Store.BaseCurrency(t)
	if err != nil {
		return err
	}
	for i, g := range given {
		path := "items/" + strconv.Itoa(i) + "/"
		r, err := parse(path, g.Currency, g.Day, g.Rate)
		if err != nil {
			return err
		}
		if r.Currency == base {
			return fault.In(path+"currency", "currency.base_rate", fault.Args{"currency": base})
		}
		if err := s.Store.SaveRate(t, r); err != nil {
			return err
		}
	}
	return nil
}
