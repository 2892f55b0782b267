package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

var newDeal = request{name: "create", who: "admin", method: http.MethodPost, path: "/api/deals", body: func(n int) []byte {
	return fmt.Appendf(nil, `{"title":"Новая сделка %d","responsible":%d,"amount":{"amount":"%d.50","currency":"RUB"},"source":"site","closes_on":"2027-01-15",`+
		`"probability":40,"comment":"Позвонил сам, просит счёт","company":%d,"extra1":"Значение","extra2":%d,"extra3":"2027-02-01"}`,
		n, firstPerson+n%4000, 1000+n, 0, n)
}}

// create measures new deals: CPU time with one client, CPU time and number a second with eight. Somebody listens to the live
// stream meanwhile and must hear of every one within a second.
func (b *bench) create(ctx context.Context, s *server) error {
	one := newDeal
	one.body = func(n int) []byte { return withoutCompany(newDeal.body(n)) }
	ear, err := s.listen(ctx)
	if err != nil {
		return err
	}
	defer ear.close()
	made := 0
	for _, clients := range []int{1, 8} {
		m, err := newMeter(ctx, s)
		if err != nil {
			return err
		}
		done, perSecond, cpu, err := b.spell(ctx, s, m, one, clients, b.spellTime())
		m.close(ctx)
		if err != nil {
			return err
		}
		made += done
		b.note(fmt.Sprintf("create_%dclients", clients), s.Size, s.Database, "us", cpu)
		b.note(fmt.Sprintf("create_%dclients", clients), s.Size, s.Database, "per_second", perSecond)
	}
	time.Sleep(time.Second)
	if heard := ear.heard.Load(); heard != int64(made) {
		b.wrong = append(b.wrong, fmt.Sprintf("%s: %d deals were made, the live stream told of %d", s.Database, made, heard))
	}
	return nil
}

func (b *bench) spellTime() time.Duration {
	if b.size == "small" {
		return 2 * time.Second
	}
	return 6 * time.Second
}

// withoutCompany drops the link: there are no companies in the planted portal.
func withoutCompany(body []byte) []byte {
	var v map[string]any
	_ = json.Unmarshal(body, &v)
	delete(v, "company")
	out, _ := json.Marshal(v)
	return out
}

// spellParts is how many parts a spell has, of which the one in the middle counts.
const spellParts = 5

// spell lets clients repeat a request for a while; it gives how many were made, requests a second and CPU microseconds each,
// both the median of the parts.
func (b *bench) spell(ctx context.Context, s *server, m *meter, r request, clients int, length time.Duration) (made int, perSecond, cpu float64, err error) {
	var n atomic.Int64
	var speeds, costs []float64
	for range spellParts {
		before, err := m.read(ctx)
		if err != nil {
			return 0, 0, 0, err
		}
		begin, first := time.Now(), n.Load()
		if err := together(clients, func(int) error {
			for time.Since(begin) < length/spellParts {
				if _, err := s.must(ctx, r, int(n.Add(1))); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return 0, 0, 0, err
		}
		after, err := m.read(ctx)
		if err != nil {
			return 0, 0, 0, err
		}
		done := float64(n.Load() - first)
		speeds = append(speeds, done/time.Since(begin).Seconds())
		costs = append(costs, float64((after-before).Microseconds())/done)
	}
	slices.Sort(speeds)
	slices.Sort(costs)
	return int(n.Load()), speeds[spellParts/2], costs[spellParts/2], nil
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

// intakeRequest is a request from outside of a client nobody knows: phones begin with code.
func intakeRequest(s *server, code int) request {
	return request{name: "intake", method: http.MethodPost, path: s.Intake, body: func(n int) []byte {
		return fmt.Appendf(nil, `{"name":"Клиент %d","phone":"+7 %d %03d-%02d-%02d","email":"client%d@%[2]d.example.com","comment":"Хочу узнать цену","amount":"15000"}`,
			n, code, n/10000%1000, n/100%100, n%100, n)
	}}
}

// intake measures requests from outside through the whole first walk: recognise, lead, turn of the drum, offer.
func (b *bench) intake(ctx context.Context, s *server) error {
	if err := s.warm(ctx, intakeRequest(s, 920)); err != nil {
		return err
	}
	r := intakeRequest(s, 921)
	m, err := newMeter(ctx, s)
	if err != nil {
		return err
	}
	defer m.close(ctx)
	_, _, cpu, err := b.spell(ctx, s, m, r, 1, b.spellTime())
	b.note("intake", s.Size, s.Database, "us", cpu)
	return err
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
	other, err := b.second(ctx, s)
	if err != nil {
		close(stop)
		return errors.Join(err, <-failed)
	}
	if other != nil {
		defer other.stop()
	}
	time.Sleep(200 * time.Millisecond)
	added, indexed, elsewhere, err := s.addField(ctx, code, other)
	close(stop)
	if e := <-failed; e != nil {
		b.wrong = append(b.wrong, "a client that wrote while a field was added: "+e.Error())
	}
	if err != nil {
		return err
	}
	b.note("field_added", s.Size, s.Database, "ms", float64(added.Microseconds())/1000)
	b.note("field_index", s.Size, s.Database, "ms", float64(indexed.Milliseconds()))
	if other != nil {
		b.note("field_second_node", s.Size, s.Database, "ms", float64(elsewhere.Microseconds())/1000)
	}
	return nil
}

// second starts another node over the same PostgreSQL; an embedded database has one program.
func (b *bench) second(ctx context.Context, s *server) (*server, error) {
	if s.DSN == "" {
		return nil, nil
	}
	return start(ctx, s.house)
}

// addField adds a field and its index, and tells how long each took, and after which time another node knew of the field.
func (s *server) addField(ctx context.Context, code string, other *server) (added, indexed, elsewhere time.Duration, err error) {
	body := fmt.Appendf(nil, `{"code":%q,"kind":"integer","title_ru":"Новое","title_en":"New"}`, code)
	begin := time.Now()
	if _, err := s.must(ctx, request{name: "field", who: "admin", method: http.MethodPost, path: "/api/types/deal/fields", body: func(int) []byte { return body }}, 0); err != nil {
		return 0, 0, 0, err
	}
	added = time.Since(begin)
	if begin = time.Now(); other != nil {
		if err := other.untilTypes(ctx, func(types []byte) bool { return hasField(types, code) }); err != nil {
			return 0, 0, 0, err
		}
		elsewhere = time.Since(begin)
	}
	begin = time.Now()
	if _, err := s.must(ctx, request{
		name: "index", who: "admin", method: http.MethodPatch, path: "/api/types/deal/fields/" + code,
		body: func(int) []byte { return []byte(`{"indexed":true}`) },
	}, 0); err != nil {
		return 0, 0, 0, err
	}
	err = s.untilTypes(ctx, func(types []byte) bool { return isIndexed(types, code) })
	return added, time.Since(begin), elsewhere, err
}

// untilTypes asks for the types until they are as wished, a minute at most.
func (s *server) untilTypes(ctx context.Context, wished func(types []byte) bool) error {
	for begin := time.Now(); time.Since(begin) < time.Minute; time.Sleep(20 * time.Millisecond) {
		text, err := s.must(ctx, request{who: "admin", method: http.MethodGet, path: "/api/types"}, 0)
		if err != nil {
			return err
		}
		if wished(text) {
			return nil
		}
	}
	return errors.New("the types are not as they should be after a minute")
}

func isIndexed(types []byte, code string) bool {
	f := fieldIn(types, code)
	return f != nil && f.Indexed
}

func hasField(types []byte, code string) bool { return fieldIn(types, code) != nil }

type fieldSeen struct {
	Code    string `json:"code"`
	Indexed bool   `json:"indexed"`
}

func fieldIn(types []byte, code string) *fieldSeen {
	var answer struct {
		Items []struct {
			Fields []*fieldSeen `json:"fields"`
		} `json:"items"`
	}
	if err := json.Unmarshal(types, &answer); err != nil {
		return nil
	}
	for _, t := range answer.Items {
		for _, f := range t.Fields {
			if f.Code == code {
				return f
			}
		}
	}
	return nil
}

// warm makes a few hundred requests and lets the planner know: plans made for empty tables are bad ones, and PostgreSQL keeps
// them until it has looked at the tables by itself, up to a minute later.
func (s *server) warm(ctx context.Context, r request) error {
	for n := range 300 {
		if _, err := s.must(ctx, r, n); err != nil {
			return err
		}
	}
	d, err := s.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(analyze(ctx, d), d.Close())
}
