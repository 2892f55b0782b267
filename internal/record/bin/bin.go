// Package bin is the list of deleted records. Putting records in and taking them out is the package record's, because it
// is part of changing a record.
package bin

import (
	"context"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/page"
	"voronka/internal/org/access"
)

// Item is one deleted record.
type Item struct {
	BinID     int64
	Type      string
	ID        int64
	Title     string
	DeletedAt clock.Instant
	DeletedBy int64
	Access    event.Access // as it was, in the departments of today
}

// Store reads the bin.
type Store interface {
	// Binned calls each for deleted records from the newest on, beginning after a BinID (0 = the newest), of one type or of
	// all (""), until each returns false.
	BinnedAfter(ctx context.Context, typ string, after int64, each func(Item) bool) error
}

// List reads the bin for a person: who saw a record sees it here.
type List struct{ Store Store }

// maxScan is how many records are looked at for one page; a page may then end early, with a mark to go on.
const maxScan = 5000

// Page is up to limit deleted records from the mark after on.
func (l *List) Page(ctx context.Context, who access.Who, typ, after string, limit int) (items []Item, next string, err error) {
	limit = page.Limit(limit)
	var last int64
	if after != "" {
		if err := page.Decode(after, &last); err != nil {
			return nil, "", err
		}
		if last <= 0 {
			return nil, "", fault.In("after", "page.bad_mark")
		}
	}
	plans := map[string]access.Plan{}
	scanned := 0
	err = l.Store.BinnedAfter(ctx, typ, last, func(item Item) bool {
		plan, known := plans[item.Type]
		if !known {
			plan = who.Plan(item.Type, access.See)
			plans[item.Type] = plan
		}
		if len(items) == limit || scanned == maxScan {
			next = page.Encode(last)
			return false
		}
		scanned++
		last = item.BinID
		if plan.Sees(item.Access) {
			items = append(items, item)
		}
		return true
	})
	return items, next, err
}
