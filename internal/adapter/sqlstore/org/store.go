// Package orgstore keeps people, departments, sessions and the settings of the portal in the database, and puts records
// where their people are. It serves the rooms of house org; what they promise is written there.
package orgstore

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/attendance"
	"voronka/internal/org/department"
	"voronka/internal/org/directory"
	"voronka/internal/org/portal"
	"voronka/internal/org/session"
	"voronka/internal/org/setup"
	"voronka/internal/org/user"
)

// VersionName is under which the organisation is versioned.
const VersionName = "org"

// Store implements the stores of house org over one database.
type Store struct {
	d    *db.DB
	dirs *db.Versioned[directory.Directory]
}

var (
	_ portal.Store         = (*Store)(nil)
	_ user.Store           = (*Store)(nil)
	_ user.Secret          = (*Store)(nil)
	_ user.Restamper       = (*Store)(nil)
	_ department.Store     = (*Store)(nil)
	_ department.Restamper = (*Store)(nil)
	_ session.Store        = (*Store)(nil)
	_ setup.Store          = (*Store)(nil)
	_ directory.Source     = (*Store)(nil)
	_ attendance.Store     = (*Store)(nil)
	_ tx.Doer              = (*Store)(nil)
)

// New makes a Store.
func New(d *db.DB) *Store {
	return &Store{d: d, dirs: db.NewVersioned(d, VersionName, func(q db.Q) (*directory.Directory, error) { return load(q, d.Clock().Now()) })}
}

// Last implements directory.Source.
func (s *Store) Last(ctx context.Context) (*directory.Directory, error) { return s.dirs.Last(ctx) }

// In implements directory.Source.
func (s *Store) In(t tx.Tx) (*directory.Directory, error) { return s.dirs.In(db.Of(t)) }

// LockOrg implements the stores: the row of the version is the lock.
func (s *Store) LockOrg(t tx.Tx) error { return db.Bump(t, VersionName) }

// Do implements tx.Doer for the use cases of the organisation: when it returns, this node knows the new state, so that a
// right that was taken away is gone with the answer.
func (s *Store) Do(ctx context.Context, f func(tx.Tx) error) error {
	if err := s.d.Do(ctx, f); err != nil {
		return err
	}
	// The change is made; should looking fail, the watcher of versions will see to it within a second.
	_ = s.d.Read(context.WithoutCancel(ctx), func(q db.Q) error {
		_, err := s.dirs.In(q)
		return err
	})
	return nil
}

// text asks for one text, "" when there is no row.
func text(q db.Q, sql string, args ...any) (string, error) {
	var out string
	_, err := db.One(q, sql, args, func(r db.Row) error { out = r.Text(0); return nil })
	return out, err
}

// exec runs a statement nobody asks about afterwards.
func exec(t tx.Tx, sql string, args ...any) error {
	_, err := db.Of(t).Exec(sql, args...)
	return err
}
