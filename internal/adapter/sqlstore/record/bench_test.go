package record_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	store "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/activity"
	"voronka/internal/record/record"
)

// BenchmarkCreate is a deal with amount, company and comment, its journal row, visit, totals and event, by 1 and 8 writers
// waiting for the disk.
func BenchmarkCreate(b *testing.B) {
	for _, writers := range []int{1, 8} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) { benchmarkCreate(b, writers) })
	}
}

func benchmarkCreate(b *testing.B, writers int) {
	d := dbtest.SQLite(b, func(o *db.Options) { o.Unsafe = false })
	if err := store.EnsureBuiltins(b.Context(), d); err != nil {
		b.Fatal(err)
	}
	s := store.New(d)
	org := newCompany()
	service := record.New(s, org, nil)
	service.Add(&activity.Steps{Store: s})
	who, _ := org.dir.Who(3)
	ctx := tx.WithActor(b.Context(), 3)
	create := func(typ string, v record.Values) error {
		return d.Do(ctx, func(t tx.Tx) error {
			_, err := service.Create(t, who, typ, v)
			return err
		})
	}
	if err := create("company", record.Values{"title": "ООО «Ромашка»"}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	var left atomic.Int64
	left.Store(int64(b.N))
	var group sync.WaitGroup
	for range writers {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				err := create("deal", record.Values{"title": "Фасад на Лиговском", "amount": "1284000.00", "company": int64(1), "comment": "звонили утром", "source": "site"})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
}
