package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
)

var newDeal = request{name: "create", who: "admin", method: http.MethodPost, path: "/api/deals", body: func(n int) []byte {
	return fmt.Appendf(nil, `{"title":"Новая сделка %d","responsible":%d,"amount":{"amount":"%d.50","currency":"RUB"},"source":"site","closes_on":"2027-01-15",`+
		`"probability":40,"comment":"Позвонил сам, просит счёт","company":%d,"extra1":"Значение","extra2":%d,"extra3":"2027-02-01"}`,
		n, firstPerson+n%4000, 1000+n, 0, n)
}}

// create measures new deals: CPU time with one client, CPU time and number a second with eight.
func (b *bench) create(ctx context.Context, s *server) error {
	one := newDeal
	one.body = func(n int) []byte { return withoutCompany(newDeal.body(n)) }
	for _, clients := range []int{1, 8} {
		m, err := newMeter(ctx, s)
		if err != nil {
			return err
		}
		perSecond, cpu, err := b.spell(ctx, s, m, one, clients, 4*time.Second)
		m.close(ctx)
		if err != nil {
			return err
		}
		b.note(fmt.Sprintf("create_%dclients", clients), s.Size, s.Database, "us", cpu)
		b.note(fmt.Sprintf("create_%dclients", clients), s.Size, s.Database, "per_second", perSecond)
	}
	return nil
}

// withoutCompany drops the link: there are no companies in the planted portal.
func withoutCompany(body []byte) []byte {
	var v map[string]any
	_ = json.Unmarshal(body, &v)
	delete(v, "company")
	out, _ := json.Marshal(v)
	return out
}

// spell lets clients repeat a request for a while; it gives requests a second and CPU microseconds each, the median of
// four parts.
func (b *bench) spell(ctx context.Context, s *server, m *meter, r request, clients int, length time.Duration) (perSecond, cpu float64, err error) {
	var n atomic.Int64
	var speeds, costs []float64
	for range 4 {
		before, err := m.read(ctx)
		if err != nil {
			return 0, 0, err
		}
		begin, first := time.Now(), n.Load()
		if err := together(clients, func(int) error {
			for time.Since(begin) < length/4 {
				if _, err := s.must(ctx, r, int(n.Add(1))); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return 0, 0, err
		}
		after, err := m.read(ctx)
		if err != nil {
			return 0, 0, err
		}
		done := float64(n.Load() - first)
		speeds = append(speeds, done/time.Since(begin).Seconds())
		costs = append(costs, float64((after-before).Microseconds())/done)
	}
	slices.Sort(speeds)
	slices.Sort(costs)
	return speeds[2], costs[2], nil
}

// together runs f for each of n clients at once and gives the first error.
func together(n int, f func(client int) error) error {
	var group sync.WaitGroup
	errs := make(chan error, n)
	for i := range n {
		group.Go(func() { errs <- f(i) })
	}
	group.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// intake measures requests from outside through the whole first walk: recognise, lead, turn of the drum, offer.
func (b *bench) intake(ctx context.Context, s *server) error {
	r := request{name: "intake", method: http.MethodPost, path: s.Intake, body: func(n int) []byte {
		return fmt.Appendf(nil, `{"name":"Клиент %d","phone":"+7 921 %03d-%02d-%02d","email":"client%d@example.com","comment":"Хочу узнать цену","amount":"15000"}`,
			n, n/10000%1000, n/100%100, n%100, n)
	}}
	m, err := newMeter(ctx, s)
	if err != nil {
		return err
	}
	defer m.close(ctx)
	_, cpu, err := b.spell(ctx, s, m, r, 1, 4*time.Second)
	b.note("intake", s.Size, s.Database, "us", cpu)
	return err
}

// jobs measures what a million waiting jobs cost, and how long ten thousand take that are due at once.
func (b *bench) jobs(ctx context.Context, s *server) error {
	d, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	waiting, due, watch := 1_000_000, 10_000, 60*time.Second
	if b.size == "small" {
		waiting, watch = 100_000, 10*time.Second
	}
	if err := plantJobs(ctx, d, waiting, clock.Of(time.Now().AddDate(1, 0, 0)), s.Size); err != nil {
		return err
	}
	m, err := newMeter(ctx, s)
	if err != nil {
		return err
	}
	defer m.close(ctx)
	time.Sleep(2 * time.Second)
	idle, err := m.over(ctx, watch)
	if err != nil {
		return err
	}
	b.note(fmt.Sprintf("jobs_%s_waiting", short(waiting)), 0, s.Database, "percent_of_core", idle*100)

	if err := plantJobs(ctx, d, due, clock.Of(time.Now().Add(time.Second)), s.Size); err != nil {
		return err
	}
	left := func() (n int64, err error) {
		err = d.Read(ctx, func(q db.Q) error {
			n, err = db.Int(q, "SELECT count(*) FROM job WHERE kind = ? AND due_at < ?", benchJob, clock.Of(time.Now().AddDate(0, 1, 0)))
			return err
		})
		return n, err
	}
	time.Sleep(time.Second)
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		n, err := left()
		if err != nil {
			return err
		}
		if n == 0 {
			b.note(fmt.Sprintf("jobs_%s_due", short(due)), 0, s.Database, "ms", float64(time.Since(begin).Milliseconds()))
			break
		}
		if time.Since(begin) > time.Minute {
			return fmt.Errorf("%d jobs are not done after a minute", n)
		}
	}
	return b.jobsOnce(ctx, d, due)
}

// jobsOnce checks that each job left its three rows once.
func (b *bench) jobsOnce(ctx context.Context, d *db.DB, due int) error {
	return d.Read(ctx, func(q db.Q) error {
		n, err := db.Int(q, "SELECT count(*) FROM journal WHERE kind = 'bench'")
		if err == nil && n%int64(3*due) != 0 {
			b.wrong = append(b.wrong, fmt.Sprintf("%d jobs left %d rows in the journal, not three each", due, n))
		}
		return err
	})
}

// over is the share of a core used during a stretch of time.
func (m *meter) over(ctx context.Context, length time.Duration) (float64, error) {
	before, err := m.read(ctx)
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	time.Sleep(length)
	after, err := m.read(ctx)
	return float64(after-before) / float64(time.Since(begin)), err
}

func plantJobs(ctx context.Context, d *db.DB, n int, due clock.Instant, records int) error {
	const slice = 5000
	for from := 0; from < n; from += slice {
		if err := d.Do(ctx, func(t tx.Tx) error {
			_, err := db.Of(t).Exec(`INSERT INTO job (kind, due_at, payload) SELECT ?, ? + i % 1000, '{"id":' || (i * 7919 % ? + 1) || '}' FROM (`+
				`WITH RECURSIVE s(i) AS (SELECT CAST(? AS BIGINT) UNION ALL SELECT i + 1 FROM s WHERE i + 1 < ?) SELECT i FROM s) x`,
				benchJob, due, records, from, min(from+slice, n))
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// field measures a field added to all the deals there are, and its index, while eight clients write.
func (b *bench) field(ctx context.Context, s *server) error {
	code := fmt.Sprintf("late%d", time.Now().UnixNano()%1_000_000)
	stop := make(chan struct{})
	failed := make(chan error, 1)
	var n atomic.Int64
	go func() {
		failed <- together(8, func(int) error {
			for {
				select {
				case <-stop:
					return nil
				default:
				}
				r := newDeal
				r.body = func(n int) []byte { return withoutCompany(newDeal.body(n)) }
				if _, err := s.must(ctx, r, int(n.Add(1))); err != nil {
					return err
				}
			}
		})
	}()
	time.Sleep(200 * time.Millisecond)
	added, indexed, err := s.addField(ctx, code)
	close(stop)
	if e := <-failed; e != nil {
		b.wrong = append(b.wrong, "a client that wrote while a field was added: "+e.Error())
	}
	if err != nil {
		return err
	}
	b.note("field_added", s.Size, s.Database, "ms", float64(added.Microseconds())/1000)
	b.note("field_index", s.Size, s.Database, "ms", float64(indexed.Milliseconds()))
	return nil
}

func (s *server) addField(ctx context.Context, code string) (added, indexed time.Duration, err error) {
	body := fmt.Appendf(nil, `{"code":%q,"kind":"integer","title_ru":"Новое","title_en":"New"}`, code)
	begin := time.Now()
	if _, err := s.must(ctx, request{name: "field", who: "admin", method: http.MethodPost, path: "/api/types/deal/fields", body: func(int) []byte { return body }}, 0); err != nil {
		return 0, 0, err
	}
	added = time.Since(begin)
	begin = time.Now()
	if _, err := s.must(ctx, request{
		name: "index", who: "admin", method: http.MethodPatch, path: "/api/types/deal/fields/" + code,
		body: func(int) []byte { return []byte(`{"indexed":true}`) },
	}, 0); err != nil {
		return 0, 0, err
	}
	for time.Since(begin) < time.Minute {
		text, err := s.must(ctx, request{who: "admin", method: http.MethodGet, path: "/api/types"}, 0)
		if err != nil {
			return 0, 0, err
		}
		if isIndexed(text, code) {
			return added, time.Since(begin), nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return 0, 0, fmt.Errorf("the index of %s is not ready after a minute", code)
}

func isIndexed(types []byte, code string) bool {
	var answer struct {
		Items []struct {
			Fields []struct {
				Code    string `json:"code"`
				Indexed bool   `json:"indexed"`
			} `json:"fields"`
		} `json:"items"`
	}
	if err := json.Unmarshal(types, &answer); err != nil {
		return false
	}
	for _, t := range answer.Items {
		for _, f := range t.Fields {
			if f.Code == code {
				return f.Indexed
			}
		}
	}
	return false
}
