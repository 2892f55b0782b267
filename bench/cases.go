package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A request a member of the cast makes, measured in rounds that take turns with all others.
type request struct {
	name   string
	who    string
	method string
	path   string
	body   func(n int) []byte
}

const (
	fields12 = "title,responsible,department,stage,stage_entered_at,created_at,amount,company,source,closes_on,probability,next_at"
	fields30 = fields12 + ",pipeline,created_by,updated_at,next_id,next_title,closed_at,lost_reason,contact,comment," +
		"extra1,extra2,extra3,extra4,extra5,extra6,extra7,extra8,extra9"
	boardFields = "title,responsible,stage_entered_at,amount,company,contact,source,closes_on,next_at,next_title,probability,created_at"
)

// people are the personas, those with one scope before those with several.
var people = []string{"own16", "own5000", "head5", "head100", "head800", "several", "observer", "nothing"}

func list(fields string, after string) string {
	v := url.Values{"pipeline": {"main"}, "stage": {"contract"}, "sort": {"-amount"}, "limit": {"50"}, "fields": {fields}}
	if after != "" {
		v.Set("after", after)
	}
	return "/api/deals?" + v.Encode()
}

// requests are what is measured by CPU time.
func requests(deep string) []request {
	get := func(name, who, path string) request {
		return request{name: name, who: who, method: http.MethodGet, path: path}
	}
	out := []request{
		get("nop", "admin", "/api/me"), get("list12_admin", "admin", list(fields12, "")), get("list30_admin", "admin", list(fields30, "")),
		get("board_admin", "admin", boardPath()),
	}
	for _, who := range people {
		out = append(out, get("list12_"+who, who, list(fields12, "")), get("list30_"+who, who, list(fields30, "")), get("board_"+who, who, boardPath()))
	}
	if deep != "" {
		out = append(out, get("list12_page1000", "admin", list(fields12, deep)))
	}
	return out
}

func boardPath() string {
	return "/api/deals/board?" + url.Values{"pipeline": {"main"}, "sort": {"-amount"}, "fields": {boardFields}}.Encode()
}

// wanted tells whether a request is to be measured: nop always.
func (b *bench) wanted(r request) bool {
	return r.name == "nop" || b.only == "" || slices.ContainsFunc(strings.Split(b.only, ","), func(word string) bool { return strings.Contains(r.name, word) })
}

// wants tells whether a part is to be measured.
func (b *bench) wants(part string) bool {
	return b.only == "" || slices.Contains(strings.Split(b.only, ","), part)
}

// call makes a request and reads its answer.
func (s *server) call(ctx context.Context, r request, n int) (status int, body []byte, err error) {
	var in io.Reader
	if r.body != nil {
		in = bytes.NewReader(r.body(n))
	}
	req, err := http.NewRequestWithContext(ctx, r.method, s.url+r.path, in)
	if err != nil {
		return 0, nil, err
	}
	if token := s.Tokens[r.who]; token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", fmt.Sprintf("bench-%s-%d-%d", r.name, time.Now().UnixNano(), n))
		req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255))
	}
	answer, err := s.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(answer.Body)
	return answer.StatusCode, body, err
}

// must is call for what has to succeed.
func (s *server) must(ctx context.Context, r request, n int) ([]byte, error) {
	status, body, err := s.call(ctx, r, n)
	if err == nil && (status < 200 || status > 299) {
		err = fmt.Errorf("%s %s as %s: %d %.300s", r.method, r.path, r.who, status, body)
	}
	return body, err
}

// turn is how many requests a turn has.
const turn = 30

// rounds is how often every case has its turn.
func (b *bench) rounds() int {
	if b.size == "small" {
		return 5
	}
	return 7
}

// interleave measures the CPU time of requests on several servers and notes the medians. The same request on the one and the
// other server come right after each other, so that both meet the same minute of the machine.
func (b *bench) interleave(ctx context.Context, servers []*server, all func(s *server) []request) error {
	times := make([]map[string][]float64, len(servers))
	meters := make([]*meter, len(servers))
	cases := make([][]request, len(servers))
	longest := 0
	for i, s := range servers {
		m, err := newMeter(ctx, s)
		if err != nil {
			return err
		}
		defer m.close(ctx)
		times[i], meters[i], cases[i] = map[string][]float64{}, m, all(s)
		longest = max(longest, len(cases[i]))
	}
	for round := range b.rounds() + 1 {
		for n := range longest {
			for i, s := range servers {
				if n >= len(cases[i]) || !b.wanted(cases[i][n]) {
					continue
				}
				cost, err := s.turn(ctx, meters[i], cases[i][n], round)
				if err != nil {
					return err
				}
				if round > 0 { // the first warms up
					times[i][cases[i][n].name] = append(times[i][cases[i][n].name], cost)
				}
			}
		}
	}
	for i, s := range servers {
		for name, list := range times[i] {
			b.note(name, s.Size, s.Database, "us", median(list))
		}
	}
	b.growth(servers, times)
	return nil
}

// turn is the CPU time of one request, measured over some in a row.
func (s *server) turn(ctx context.Context, m *meter, r request, round int) (float64, error) {
	before, err := m.read(ctx)
	if err != nil {
		return 0, err
	}
	for n := range turn {
		if _, err := s.must(ctx, r, round*turn+n); err != nil {
			return 0, err
		}
	}
	after, err := m.read(ctx)
	return float64((after - before).Microseconds()) / turn, err
}

// growth notes how much longer a list takes with ten times the records: the median of the ratios of turns next to each other.
func (b *bench) growth(servers []*server, times []map[string][]float64) {
	last := len(servers) - 1
	if last < 1 {
		return
	}
	for _, what := range []string{"list12", "list30"} {
		small, big := times[0][what+"_admin"], times[last][what+"_admin"]
		var ratios []float64
		for i := range min(len(small), len(big)) {
			ratios = append(ratios, big[i]/small[i])
		}
		if len(ratios) > 0 {
			b.note(what+"_growth", servers[last].Size, servers[last].Database, "times", median(ratios))
		}
	}
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// deep walks to page 1000 of the list once and gives the mark before it; "" when the list is shorter.
func (s *server) deep(ctx context.Context) (string, error) {
	after := ""
	v := url.Values{"pipeline": {"main"}, "stage": {"contract"}, "sort": {"-amount"}, "limit": {"500"}, "fields": {"title"}}
	for range 100 { // 100 pages of 500 are 1,000 of 50
		if after != "" {
			v.Set("after", after)
		}
		body, err := s.must(ctx, request{who: "admin", method: http.MethodGet, path: "/api/deals?" + v.Encode()}, 0)
		if err != nil {
			return "", err
		}
		var page struct{ Next string }
		if err := json.Unmarshal(body, &page); err != nil {
			return "", err
		}
		if page.Next == "" {
			return "", nil
		}
		after = page.Next
	}
	return after, nil
}
