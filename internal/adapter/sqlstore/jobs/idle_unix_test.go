//go:build unix

package jobs_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/adapter/sqlstore/jobs"
	"voronka/internal/kernel/tx"
)

// A heap of waiting jobs must cost next to nothing: the runner looks at the first of the index, not at the heap.
func TestManyWaitingCostNothing(t *testing.T) {
	waiting := 50_000
	if n, err := strconv.Atoi(os.Getenv("VORONKA_NIGHT_WAITING")); err == nil {
		waiting = n
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		do(t, d, func(x tx.Tx) error {
			_, err := db.Of(x).Exec(fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
				INSERT INTO job (kind, key, due_at) SELECT 'mark', CAST(i AS TEXT), CAST(? AS BIGINT) + i FROM n`, waiting), x.Now().Add(time.Hour))
			return err
		})
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() { _ = jobs.NewRunner(d, handlers(mark("mark"))).Run(ctx) })
		time.Sleep(200 * time.Millisecond)
		before := cpu(t)
		const span = 3 * time.Second
		time.Sleep(span)
		used := cpu(t) - before
		cancel()
		group.Wait()
		t.Logf("%d waiting: %.3f %% of a core", waiting, 100*used.Seconds()/span.Seconds())
		if used > span/50 { // 2 %: wide of the promised 0.1, because the test process has other work and a noisy clock
			t.Errorf("%v of CPU in %v", used, span)
		}
	})
}

// cpu is what this process has used.
func cpu(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
