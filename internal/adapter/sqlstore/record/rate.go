package record

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/currency"
	"voronka/internal/record/schema"
)

var _ currency.Store = (*Store)(nil)

// Rate implements record.Store.
func (s *Store) Rate(t tx.Tx, code, day string) (int64, bool, error) {
	rate, err := db.Int(db.Of(t), "SELECT rate FROM currency_rate WHERE currency = ? AND day <= ? ORDER BY day DESC LIMIT 1", code, day)
	return rate, rate != 0, err
}

// SaveRate implements currency.Store.
func (s *Store) SaveRate(t tx.Tx, r currency.Rate) error {
	_, err := db.Of(t).Exec("INSERT INTO currency_rate (currency, day, rate) VALUES (?, ?, ?) ON CONFLICT (currency, day) DO UPDATE SET rate = excluded.rate",
		r.Currency, r.Day, r.Rate)
	return err
}

// BaseCurrency implements currency.Store.
func (s *Store) BaseCurrency(t tx.Tx) (string, error) {
	var p schema.Parts
	err := loadPortal(db.Of(t), &p)
	return p.Portal.Filled().Currency, err
}

// Rates are the rates that hold on a day: of each currency the last one not after it.
func (s *Store) Rates(ctx context.Context, day string) (rates []currency.Rate, base string, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		var p schema.Parts
		if err := loadPortal(q, &p); err != nil {
			return err
		}
		base = p.Portal.Filled().Currency
		return q.Query(`SELECT currency, day, rate FROM currency_rate r WHERE day = (SELECT max(day) FROM currency_rate o
			WHERE o.currency = r.currency AND o.day <= ?) ORDER BY currency`, []any{day}, func(r db.Row) error {
			rates = append(rates, currency.Rate{Currency: r.Text(0), Day: r.Text(1), Rate: r.Int64(2)})
			return nil
		})
	})
	return rates, base, err
}
