package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// limited is somebody whose requests are compared with the same requests of the administrator.
type limited struct {
	who   string
	times float64 // of the administrator's CPU time, at most; below 1 for who sees nothing
}

// cast are all who don't see everything, with what is promised of each: his own or a large part of the company 1.3, any part 1.5,
// several scopes 2, nothing less than the administrator.
var cast = []limited{
	{"own16", 1.3},
	{"own5000", 1.3},
	{"head5", 1.5},
	{"head100", 1.5},
	{"head800", 1.5},
	{"head2500", 1.3},
	{"several", 2},
	{"deputy", 2},
	{"observer", 2},
	{"estimator", 1.5},
	{"newcomer", 1},
	{"nothing", 1},
}

// asked are the requests compared.
func asked() []request {
	q := func(path string, pairs ...string) string {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return path + "?" + v.Encode()
	}
	return []request{
		{name: "list", path: list(fields12, "")},
		{name: "list_pipeline", path: q("/api/deals", "pipeline", "main", "sort", "-amount", "limit", "50", "fields", fields12)},
		{name: "list_newest", path: q("/api/deals", "pipeline", "main", "sort", "-id", "limit", "50", "fields", fields12)},
		{name: "board", path: boardPath()},
		{name: "totals", path: q("/api/deals/totals", "pipeline", "main")},
		{name: "count", path: q("/api/deals/count", "pipeline", "main", "stage", "contract")},
		{name: "count_filtered", path: q("/api/deals/count", "pipeline", "main", "filter", "amount > 500000")},
		{name: "search_title", path: q("/api/search", "q", "Ремонт для")},
		{name: "search_word", path: q("/api/search", "q", "вектор")},
		{name: "search_one", path: q("/api/search", "q", "Ремонт для «Вектор» № 77777")},
	}
}

// rights measures what rights cost: every request of everybody in the cast, as many times the administrator's own. His turn comes
// before and after those of the others.
func (b *bench) rights(ctx context.Context, s *server) error {
	m, err := newMeter(ctx, s)
	if err != nil {
		return err
	}
	defer m.close(ctx)
	for _, r := range asked() {
		r.method = http.MethodGet
		times, admin := map[string][]float64{}, []float64{}
		for round := range b.rounds() + 1 {
			costs := map[string]float64{}
			turn := func(who string) (float64, error) {
				one := r
				one.who = who
				return s.turn(ctx, m, one, round)
			}
			before, err := turn("admin")
			if err != nil {
				return err
			}
			for _, c := range cast {
				if costs[c.who], err = turn(c.who); err != nil {
					return err
				}
			}
			after, err := turn("admin")
			if err != nil {
				return err
			}
			if round == 0 { // warms up
				continue
			}
			admin = append(admin, (before+after)/2)
			for who, cost := range costs {
				times[who] = append(times[who], cost/((before+after)/2))
			}
		}
		b.note("rights_"+r.name+"_admin", s.Size, s.Database, "us", median(admin))
		for who, list := range times {
			b.note("rights_"+r.name+"_"+who, s.Size, s.Database, "times", median(list))
		}
	}
	if err := b.sameSums(ctx, s); err != nil {
		return err
	}
	return b.roleChange(ctx, s)
}

// roleChange gives everybody who is a manager, nearly all 5,000 people, a right more, and tells how long it takes until one of them
// who saw nothing has it.
func (b *bench) roleChange(ctx context.Context, s *server) error {
	body, err := s.must(ctx, request{who: "admin", method: http.MethodGet, path: "/api/roles"}, 0)
	if err != nil {
		return err
	}
	type role struct {
		ID, Version int64
		Fixed       string
		Grants      []map[string]any
	}
	var roles struct{ Items []role }
	if err := json.Unmarshal(body, &roles); err != nil {
		return err
	}
	i := slices.IndexFunc(roles.Items, func(r role) bool { return r.Fixed == "manager" })
	if i < 0 {
		return errors.New("there is no role of managers")
	}
	managers := roles.Items[i]
	path := fmt.Sprintf("/api/roles/%d", managers.ID)
	more, err := json.Marshal(map[string]any{
		"version": managers.Version,
		"grants":  append(managers.Grants, map[string]any{"types": []string{"deal"}, "pipelines": []int64{}, "stages": []int64{}, "ops": []string{"see"}, "scopes": []string{"all"}}),
	})
	if err != nil {
		return err
	}
	start := time.Now()
	if _, err := s.must(ctx, request{name: "role", who: "admin", method: http.MethodPatch, path: path, body: func(int) []byte { return more }}, 0); err != nil {
		return err
	}
	for {
		body, err := s.must(ctx, request{who: "newcomer", method: http.MethodGet, path: "/api/deals/count"}, 0)
		if err != nil {
			return err
		}
		if !bytes.Contains(body, []byte(`"count":0,`)) {
			break
		}
		if time.Since(start) > 30*time.Second {
			return errors.New("a change of a role has no effect after 30 s")
		}
		time.Sleep(2 * time.Millisecond)
	}
	b.note("rights_role_change", s.Size, s.Database, "ms", float64(time.Since(start).Microseconds())/1000)
	_, err = s.must(ctx, request{name: "reset", who: "admin", method: http.MethodPost, path: path + "/reset", body: func(int) []byte { return []byte("{}") }}, 0)
	return err
}

// rightsGates are the promises of rights. They are shares, so PostgreSQL has no allowance.
func rightsGates() (out []gate) {
	for _, r := range asked() {
		if r.name == "count_filtered" { // stops at a thousand, which the administrator has met after a thousand neighbours
			continue
		}
		for _, c := range cast {
			out = append(out, gate{what: "rights_" + r.name + "_" + c.who, unit: "times", most: c.times, ever: true})
		}
	}
	return append(out, gate{what: "rights_role_change", unit: "ms", most: 2000, ever: true})
}

// sameSums compares counts and totals of the whole cast with plain SQL over the records.
func (b *bench) sameSums(ctx context.Context, s *server) error {
	d, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	everyone := append(slices.Clone(cast), limited{who: "admin"})
	for _, c := range everyone {
		body, err := s.must(ctx, request{who: c.who, method: http.MethodGet, path: asked()[4].path}, 0)
		if err != nil {
			return err
		}
		var totals struct {
			Stages []struct {
				Stage      string
				Count, Sum int64
			}
		}
		if err := json.Unmarshal(body, &totals); err != nil {
			return err
		}
		naive, err := s.naive(ctx, d, c.who)
		if err != nil {
			return err
		}
		for _, stage := range totals.Stages {
			if want := naive[stage.Stage]; stage.Count != want[0] || stage.Sum != want[1] {
				b.wrong = append(b.wrong, fmt.Sprintf("%s %s, totals of %s, %s: %d records worth %d, naive SQL says %d worth %d",
					s.Database, short(s.Size), c.who, stage.Stage, stage.Count, stage.Sum, want[0], want[1]))
			}
		}
	}
	return nil
}
