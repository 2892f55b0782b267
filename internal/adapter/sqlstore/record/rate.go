package record

import (
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
)

// Rate implements record.Store.
func (s *Store) Rate(t tx.Tx, currency, day string) (int64, bool, error) {
	rate, err := db.Int(db.Of(t), "SELECT rate FROM currency_rate WHERE currency = ? AND day <= ? ORDER BY day DESC LIMIT 1", currency, day)
	return rate, rate != 0, err
}
