package salesstore

import (
	"context"
	"encoding/json"
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/sales/client"
)

var _ client.Companies = (*Store)(nil)

// Sign implements client.Companies.
func (s *Store) Sign(t tx.Tx, company int64, field string, signs []client.Sign) error {
	q := db.Of(t)
	if err := db.Later(q, "DELETE FROM company_sign WHERE company_id = ? AND field = ?", company, field); err != nil {
		return err
	}
	for _, sign := range signs {
		if err := db.Later(q, "INSERT INTO company_sign (sign, company_id, field) VALUES (?, ?, ?)", string(sign), company, field); err != nil {
			return err
		}
	}
	return nil
}

// Unsign implements client.Companies.
func (s *Store) Unsign(t tx.Tx, company int64) error {
	return db.Later(db.Of(t), "DELETE FROM company_sign WHERE company_id = ?", company)
}

// Signed implements client.Companies.
func (s *Store) Signed(t tx.Tx, sign client.Sign) (int64, error) {
	var found []int64
	err := db.Of(t).Query("SELECT DISTINCT company_id FROM company_sign WHERE sign = ? ORDER BY company_id LIMIT 2", []any{string(sign)}, func(r db.Row) error {
		found = append(found, r.Int64(0))
		return nil
	})
	if err != nil || len(found) != 1 {
		return 0, err
	}
	return found[0], nil
}

// SignJob is the kind of the jobs that sign the companies of a portal that is older than signs.
const SignJob = "company.signs"

// signed is the setting that says all companies are signed, the second time with their legal forms.
const signed = "company_signs_2"

// companiesPerSlice are signed in one transaction.
const companiesPerSlice = 100

// Loader reads records for signing them.
type Loader interface {
	Load(t tx.Tx, who access.Who, r ref.Ref) (*record.State, error)
}

// SignLater asks for the companies to be signed, unless they are.
func (s *Store) SignLater(ctx context.Context) error {
	return s.d.Do(ctx, func(t tx.Tx) error {
		done, err := db.One(db.Of(t), "SELECT 1 FROM setting WHERE key = ?", []any{signed}, func(db.Row) error { return nil })
		if err != nil || done {
			return err
		}
		return signFrom(t, 0)
	})
}

func signFrom(t tx.Tx, after int64) error {
	payload, err := json.Marshal(after)
	if err != nil {
		return fmt.Errorf("sales: %w", err)
	}
	return t.Schedule(job.Job{Kind: SignJob, Key: SignJob, DueAt: t.Now(), Payload: payload})
}

// SignJobHandler is the handler that signs them, slice by slice.
func (s *Store) SignJobHandler(records Loader) job.Handler {
	return job.Handler{Kind: SignJob, Run: func(x any, j job.Job) error {
		var after int64
		if err := json.Unmarshal(j.Payload, &after); err != nil {
			return fmt.Errorf("sales: %w", err)
		}
		return s.signSome(x.(tx.Tx), records, after)
	}}
}

func (s *Store) signSome(t tx.Tx, records Loader, after int64) error {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return err
	}
	typ := c.Type("company")
	var ids []int64
	err = db.Of(t).Query("SELECT id FROM "+typ.Table()+" WHERE id > ? ORDER BY id LIMIT ?", []any{after, companiesPerSlice}, func(r db.Row) error {
		ids = append(ids, r.Int64(0))
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		state, err := records.Load(t, access.System(), ref.Ref{Type: typ.Code, ID: id})
		if err != nil {
			return err
		}
		for field, signs := range client.SignsOf(typ, state.Get) {
			if err := s.Sign(t, id, field, signs); err != nil {
				return err
			}
		}
	}
	if len(ids) == companiesPerSlice {
		return signFrom(t, ids[len(ids)-1])
	}
	return db.Later(db.Of(t), "INSERT INTO setting (key, value) VALUES (?, '1') ON CONFLICT (key) DO NOTHING", signed)
}
