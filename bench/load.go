package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// load measures the memory of a server that has just started: mixed work of many people for a while, then far more than can be
// done.
func (b *bench) load(ctx context.Context, used *server) error {
	now, peak := rss(used.cmd.Process.Pid)
	b.note("rss_used", used.Size, used.Database, "mb", now) // after all that was measured before
	b.note("rss_used_peak", used.Size, used.Database, "mb", peak)
	used.stop()
	s, err := start(ctx, used.house)
	if err != nil {
		return err
	}
	defer s.stop()
	length, flood := 60*time.Second, 15*time.Second
	if b.size == "small" {
		length, flood = 10*time.Second, 4*time.Second
	}
	mix := mixed()
	if _, _, err := s.offer(ctx, mix, 200, length); err != nil {
		return err
	}
	now, _ = rss(s.cmd.Process.Pid)
	b.note("rss_mixed", s.Size, s.Database, "mb", now)
	served, refused, err := s.offer(ctx, mix, 3000, flood)
	if err != nil {
		return err
	}
	_, peak = rss(s.cmd.Process.Pid)
	b.note("rss_overload", s.Size, s.Database, "mb", peak)
	b.note("overload_served", s.Size, s.Database, "per_second", float64(served)/flood.Seconds())
	b.note("overload_refused", s.Size, s.Database, "per_second", float64(refused)/flood.Seconds())
	time.Sleep(2 * time.Second)
	begin := time.Now()
	_, err = s.must(ctx, request{who: "admin", method: http.MethodGet, path: list(fields12, "")}, 0)
	b.note("after_overload", s.Size, s.Database, "ms", float64(time.Since(begin).Microseconds())/1000)
	return err
}

// mixed is seven lists to two boards to one new deal, by different people.
func mixed() []request {
	var out []request
	for i, who := range []string{"admin", "own5000", "head100", "head800", "several", "own16", "observer"} {
		out = append(out, request{who: who, method: http.MethodGet, path: list(fields12, "")})
		if i%3 == 0 {
			out = append(out, request{who: who, method: http.MethodGet, path: boardPath()})
		}
	}
	r := newDeal
	r.body = func(n int) []byte { return withoutCompany(newDeal.body(n)) }
	return append(out, r)
}

// offer sends requests at a rate whether or not they are answered; at most so many wait here that this program keeps up.
func (s *server) offer(ctx context.Context, mix []request, perSecond int, length time.Duration) (served, refused int64, err error) {
	var group sync.WaitGroup
	var ok, no, bad atomic.Int64
	var first atomic.Pointer[string]
	places := make(chan struct{}, 2000)
	begin := time.Now()
	for n := 0; ; n++ {
		at := begin.Add(time.Duration(n) * time.Second / time.Duration(perSecond))
		if at.Sub(begin) > length || ctx.Err() != nil {
			break
		}
		time.Sleep(time.Until(at))
		select {
		case places <- struct{}{}:
		default:
			continue
		}
		group.Go(func() {
			defer func() { <-places }()
			status, body, err := s.call(ctx, mix[n%len(mix)], n)
			switch {
			case err == nil && status < 300:
				ok.Add(1)
			case err == nil && (status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests):
				no.Add(1)
			default:
				bad.Add(1)
				text := fmt.Sprintf("%d %v %.200s", status, err, body)
				first.CompareAndSwap(nil, &text)
			}
		})
	}
	group.Wait()
	if n := bad.Load(); n > 0 {
		return 0, 0, fmt.Errorf("%d requests were neither answered nor refused: %s", n, *first.Load())
	}
	return ok.Load(), no.Load(), nil
}
