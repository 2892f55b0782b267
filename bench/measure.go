package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/org/access"
)

// measure takes all figures of one kind of database.
func (b *bench) measure(ctx context.Context, database string, sizes []int) error {
	var servers []*server
	defer func() {
		for _, s := range servers {
			s.stop()
			if b.keep == "" {
				s.drop(context.WithoutCancel(ctx), b.options.database)
			}
		}
	}()
	for _, size := range sizes {
		h, err := b.prepare(ctx, database, size)
		if err != nil {
			return err
		}
		s, err := start(ctx, h)
		if err != nil {
			return err
		}
		servers = append(servers, s)
		b.note("ready", size, database, "ms", float64(s.ready.Microseconds())/1000)
	}
	if err := b.reading(ctx, servers); err != nil {
		return err
	}
	biggest := servers[len(servers)-1]
	for _, part := range []struct {
		name string
		run  func(context.Context, *server) error
	}{
		{"board", b.totals}, {"rights", b.rights}, {"create", b.create}, {"intake", b.intake}, {"intake_routing", b.routing}, {"jobs", b.jobs}, {"offers", b.offers}, {"field", b.field}, {"load", b.load},
	} {
		if !b.wants(part.name) {
			continue
		}
		begin := time.Now()
		if err := part.run(ctx, biggest); err != nil { // the other figures are still worth having
			b.wrong = append(b.wrong, fmt.Sprintf("%s %s could not be measured: %v", database, part.name, err))
			continue
		}
		fmt.Printf("%s %s measured in %.1f s\n", database, part.name, time.Since(begin).Seconds())
	}
	return nil
}

// reading measures lists and boards on all sizes in turns.
func (b *bench) reading(ctx context.Context, servers []*server) error {
	marks := map[*server]string{}
	for _, s := range servers {
		if !b.wants("list") {
			continue
		}
		mark, err := s.deep(ctx)
		if err != nil {
			return err
		}
		marks[s] = mark
	}
	begin := time.Now()
	err := b.interleave(ctx, servers, func(s *server) []request { return requests(marks[s]) })
	fmt.Printf("%s lists and boards measured in %.1f s\n", servers[0].Database, time.Since(begin).Seconds())
	return err
}

// totals compares every figure of every board with the plain sum over the records.
func (b *bench) totals(ctx context.Context, s *server) error {
	d, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	for _, who := range append([]string{"admin"}, people...) {
		body, err := s.must(ctx, request{who: who, method: "GET", path: boardPath()}, 0)
		if err != nil {
			return err
		}
		var board struct {
			Stages []struct {
				Stage      string
				Count, Sum int64
			}
		}
		if err := json.Unmarshal(body, &board); err != nil {
			return err
		}
		naive, err := s.naive(ctx, d, who)
		if err != nil {
			return err
		}
		for _, stage := range board.Stages {
			if want := naive[stage.Stage]; stage.Count != want[0] || stage.Sum != want[1] {
				b.wrong = append(b.wrong, fmt.Sprintf("%s %s, board of %s, %s: %d records worth %d, naive SQL says %d worth %d",
					s.Database, short(s.Size), who, stage.Stage, stage.Count, stage.Sum, want[0], want[1]))
			}
		}
	}
	return nil
}

// naive sums up by stage what somebody may see, without totals, indexes or plans.
func (s *server) naive(ctx context.Context, d *db.DB, who string) (map[string][2]int64, error) {
	condition, args := "1=0", []any{}
	or := func(text string, values ...any) {
		condition += " OR " + text
		args = append(args, values...)
	}
	var sees func(w access.Who)
	sees = func(w access.Who) {
		switch w.Role {
		case access.Admin:
			or("1=1")
		case access.Head, access.Manager:
			or("responsible_id = ?", w.UserID)
			or("id IN (SELECT record_id FROM observer WHERE user_id = ? AND type_id = (SELECT id FROM record_type WHERE code = 'deal'))", w.UserID)
			for _, id := range w.HeadOfIDs {
				or("department_id = ?", id)
			}
		}
		for _, other := range w.StandsIn {
			sees(*other.For)
		}
	}
	sees(s.company.Who(who))
	if who == "estimator" {
		or("stage_id IN (SELECT id FROM stage WHERE code = ?)", estimated)
	}
	out := map[string][2]int64{}
	err := d.Read(ctx, func(q db.Q) error {
		return q.Query("SELECT stage_id, count(*), sum(amount_base) FROM r_deal WHERE "+condition+" GROUP BY stage_id", args, func(r db.Row) error {
			out[s.Stages[r.Int64(0)]] = [2]int64{r.Int64(1), r.Int64(2)}
			return nil
		})
	})
	return out, err
}
