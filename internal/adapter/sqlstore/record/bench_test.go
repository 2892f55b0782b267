//go:build linux

package record_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

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
		b.Run(fmt.Sprintf("sqlite/%d", writers), func(b *testing.B) { benchmarkCreate(b, dbtest.SQLite(b, durable), writers) })
		b.Run(fmt.Sprintf("postgres/%d", writers), func(b *testing.B) { benchmarkCreate(b, dbtest.Postgres(b, durable), writers) })
	}
}

func durable(o *db.Options) { o.Unsafe = false }

func benchmarkCreate(b *testing.B, d *db.DB, writers int) {
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
	many := func(n int) {
		var left atomic.Int64
		left.Store(int64(n))
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
	many(50) // connections and statements are there
	b.ReportAllocs()
	app, server := ownCPU(b), serverCPU(b, d)
	b.ResetTimer()
	many(b.N)
	b.StopTimer()
	perCreate := func(before, after time.Duration) float64 { return float64(after-before) / float64(b.N) / 1e6 }
	b.ReportMetric(perCreate(app, ownCPU(b)), "app-ms/op")
	if d.Dialect() == db.Postgres {
		b.ReportMetric(perCreate(server, serverCPU(b, d)), "server-ms/op")
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "creates/s")
}

func ownCPU(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// serverCPU is what the connections of PostgreSQL to this database have used, where they run beside us.
func serverCPU(b *testing.B, d *db.DB) (sum time.Duration) {
	if d.Dialect() != db.Postgres {
		return 0
	}
	err := d.ReadLoose(context.Background(), func(q db.Q) error {
		return q.Query("SELECT pid FROM pg_stat_activity WHERE datname = current_database()", nil, func(r db.Row) error {
			stat, err := os.ReadFile("/proc/" + r.Text(0) + "/stat")
			if err != nil {
				return nil //nolint:nilerr // another machine, or gone
			}
			fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
			for _, ticks := range fields[11:13] {
				n, _ := strconv.ParseInt(ticks, 10, 64)
				sum += time.Duration(n) * 10 * time.Millisecond
			}
			return nil
		})
	})
	if err != nil {
		b.Fatal(err)
	}
	return sum
}
