package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"voronka/internal/adapter/filestore"
	"voronka/internal/adapter/httpapi"
	"voronka/internal/adapter/httpapi/live"
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/idempotency"
	"voronka/internal/adapter/sqlstore/outbox"
	"voronka/internal/expr"
	"voronka/internal/flow/deadline"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/attendance"
	"voronka/internal/record/file"
	"voronka/internal/record/query"
)

// Small pieces that make one part fit the interface another declares.

// missed is where live streams read what they missed.
type missed struct {
	pump *outbox.Pump
	d    *db.DB
}

// Since implements live.Source.
func (m missed) Since(ctx context.Context, seq int64, limit int) ([]event.Event, error) {
	events, err := m.pump.Since(ctx, seq, limit)
	if errors.Is(err, outbox.ErrGone) {
		err = live.ErrGone
	}
	return events, err
}

// End implements live.Source.
func (m missed) End(ctx context.Context) (end int64, err error) {
	err = m.d.ReadLoose(ctx, func(q db.Q) error {
		end, err = outbox.End(q)
		return err
	})
	return end, err
}

// answers keeps answers of keyed requests.
type answers struct{ *idempotency.Store }

var _ httpapi.Answers = answers{}

// Find implements httpapi.Answers.
func (s answers) Find(ctx context.Context, key string, userID int64) (httpapi.Kept, bool, error) {
	k, found, err := s.Store.Find(ctx, key, userID)
	return httpapi.Kept(k), found, err
}

// Keep implements httpapi.Answers.
func (s answers) Keep(ctx context.Context, key string, userID int64, k httpapi.Kept) error {
	return s.Store.Keep(ctx, key, userID, idempotency.Kept(k))
}

// blobs is the file store with the biggest file it takes.
type blobs struct {
	*filestore.Store
	limit int64
}

var _ file.Blobs = blobs{}

// Put implements file.Blobs.
func (b blobs) Put(ctx context.Context, r io.Reader) (hash string, size int64, err error) {
	blob, err := b.Store.Put(ctx, r, b.limit)
	return blob.Hash, blob.Size, err
}

// Open implements file.Blobs.
func (b blobs) Open(_ context.Context, hash string) (io.ReadSeekCloser, error) {
	content, _, err := b.Store.Open(hash)
	return content, err
}

// recounting counts deadlines anew when hours change. Who comes and goes is nothing to it.
type recounting struct{ *deadline.Service }

var _ attendance.Listener = recounting{}

// HoursChanged implements attendance.Listener.
func (r recounting) HoursChanged(t tx.Tx, users []int64) error { return r.Recount(t, users) }

// Away implements attendance.Listener.
func (recounting) Away(tx.Tx, int64) error { return nil }

// Back implements attendance.Listener.
func (recounting) Back(tx.Tx, int64) error { return nil }

// stageCode is the code of a stage, "" when there is none.
func (a *App) stageCode(id int64) string {
	c, err := a.Schema.LastCatalog(context.Background())
	if err != nil || id == 0 {
		return ""
	}
	if s := c.StageByID(id); s != nil {
		return s.Code
	}
	return ""
}

// render is one record as GET answers it.
func (a *App) render(ctx context.Context, who access.Who, r ref.Ref) ([]byte, error) {
	c, err := a.Schema.LastCatalog(ctx)
	if err != nil {
		return nil, err
	}
	g, err := query.NewGet(c.For(who), r.Type, r.ID, "", query.PlansOf(who))
	if err != nil {
		return nil, err
	}
	g.May = func(op access.Op) access.Plan { return who.Plan(r.Type, op) }
	return a.Query.Get(ctx, who.Plan(r.Type, access.See), &g, nil)
}

// renderIn is render inside the transaction that wrote the record, nil where that isn't worth it: on SQLite the writer has its
// pages at hand, while a reader's are all stale after a commit; on PostgreSQL another connection is as good and holds no locks.
func (a *App) renderIn() func(t tx.Tx, who access.Who, r ref.Ref) ([]byte, error) {
	if a.DB.Dialect() == db.Postgres {
		return nil
	}
	return func(t tx.Tx, who access.Who, r ref.Ref) ([]byte, error) {
		q := db.Of(t)
		c, err := a.Schema.CatalogIn(q)
		if err != nil {
			return nil, err
		}
		g, err := query.NewGet(c.For(who), r.Type, r.ID, "", query.PlansOf(who))
		if err != nil {
			return nil, err
		}
		g.May = func(op access.Op) access.Plan { return who.Plan(r.Type, op) }
		return a.Query.GetIn(q, who.Plan(r.Type, access.See), &g, nil)
	}
}

// find gives the numbers of the records a condition describes, at most limit.
func (a *App) find(ctx context.Context, who access.Who, typ, filter string, limit int) ([]int64, error) {
	c, err := a.Schema.LastCatalog(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(who.Zone)
	if err != nil {
		zone = time.UTC
	}
	var ids []int64
	p := query.Params{Filter: filter, Fields: "id", Sort: "id", Limit: min(limit, 500)}
	for len(ids) < limit {
		l, err := query.NewList(c.For(who), typ, p, expr.Moment{Now: a.clock.Now(), Me: who.UserID, Zone: zone}, query.PlansOf(who))
		if err != nil {
			return nil, err
		}
		body, err := a.Query.List(ctx, who.Plan(typ, access.See), &l, nil)
		if err != nil {
			return nil, err
		}
		var page struct {
			Items []struct{ ID int64 }
			Next  string
		}
		if err := json.Unmarshal(body, &page); err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			ids = append(ids, item.ID)
		}
		if p.After = page.Next; p.After == "" {
			break
		}
	}
	return ids[:min(limit, len(ids))], nil
}
