package db

import "voronka/internal/kernel/clock"

// Now is the moment by the clock all nodes share, in milliseconds: the server's on PostgreSQL, the clock of the DB on
// SQLite. Leases are measured by it, because the clocks of two machines differ.
func (d *DB) Now(q Q) (clock.Instant, error) {
	if d.dialect == SQLite {
		return d.opt.Clock.Now(), nil
	}
	n, err := Int(q, "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)")
	return clock.Instant(n), err
}
