package httpapi

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
)

// memory keeps answers and runs "transactions" that undo their reservation when they fail.
type memory struct {
	mu    sync.Mutex
	rows  map[string]Kept
	fresh []string // reserved by the running transaction
}

func (m *memory) Find(_ context.Context, key string, _ int64) (Kept, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.rows[key]
	return k, ok, nil
}

func (m *memory) Reserve(_ tx.Tx, key string, _ int64, hash string) (bool, error) {
	if _, taken := m.rows[key]; taken {
		return false, nil
	}
	m.rows[key] = Kept{Hash: hash}
	m.fresh = append(m.fresh, key)
	return true, nil
}

func (m *memory) Place(_ tx.Tx, key string, _ int64, path string) error {
	k := m.rows[key]
	k.Place = path
	m.rows[key] = k
	return nil
}

func (m *memory) Keep(_ context.Context, key string, _ int64, k Kept) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows[key] = k
	return nil
}

// Do implements tx.Doer.
func (m *memory) Do(ctx context.Context, f func(tx.Tx) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fresh = nil
	err := f(inContext{ctx: ctx})
	if err != nil {
		for _, key := range m.fresh {
			delete(m.rows, key)
		}
	}
	return err
}

// inContext is a transaction that knows its context and nothing else.
type inContext struct {
	tx.Tx
	ctx context.Context
}

// Context implements tx.Tx.
func (t inContext) Context() context.Context { return t.ctx }

func TestAKeyedPostIsCarriedOutOnce(t *testing.T) {
	m := &memory{rows: map[string]Kept{}}
	r := testRouter(Options{Answers: m})
	var done atomic.Int64
	fail := error(nil)
	Handle(r, Op{Method: "POST", Path: "/api/deeds", Summary: "Do", Access: SignedIn}, func(ctx context.Context, in *Body[thing]) (*Body[map[string]int64], error) {
		err := Once(m).Do(ctx, func(tx.Tx) error {
			if fail != nil {
				return fail
			}
			done.Add(1)
			return nil
		})
		if err == nil && in.Body.Name == "crash" {
			err = errors.New("after the commit")
		}
		if err != nil {
			return nil, err
		}
		return OK(map[string]int64{"done": done.Load()}), nil
	})
	post := func(key, body string, status int, says string) {
		t.Helper()
		w, _ := ask(t, r, "POST", "/api/deeds", "admin", body, "Idempotency-Key", key)
		if w.Code != status || !strings.Contains(w.Body.String(), says) {
			t.Errorf("%s %s: %d %s, want %d %s", key, body, w.Code, w.Body, status, says)
		}
	}
	post("a", `{"name":"abc"}`, 201, `"done":1`)
	post("a", `{"name":"abc"}`, 201, `"done":1`)
	post("a", `{"name":"abd"}`, 422, "idempotency.other_body")
	post("b", `{"name":"abc"}`, 201, `"done":2`)
	post("", `{"name":"abc"}`, 201, `"done":3`)
	post("ключ", `{"name":"abc"}`, 422, "idempotency.bad_key")

	fail = fault.New(fault.Conflict, "db.busy")
	post("c", `{"name":"abc"}`, 409, "db.busy")
	post("d", `{"name":"a"}`, 422, "min_length")
	fail = nil
	post("c", `{"name":"abc"}`, 201, `"done":4`) // nothing was committed, so it is tried again
	post("d", `{"name":"a"}`, 422, "min_length")

	post("e", `{"name":"crash"}`, 500, "")
	post("e", `{"name":"crash"}`, 409, "idempotency.lost") // it was committed: never again
	if done.Load() != 5 {
		t.Errorf("done %d times", done.Load())
	}

	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { post("same", `{"name":"abc"}`, 201, `"done":6`) })
	}
	all.Wait()
	if done.Load() != 6 {
		t.Errorf("twenty at once: done %d times", done.Load())
	}
	if n := len(r.flights.air); n != 0 {
		t.Errorf("%d flights never landed", n)
	}
}

func TestAnotherNodeWinsTheRace(t *testing.T) {
	m := &memory{rows: map[string]Kept{}}
	r := testRouter(Options{Answers: m})
	Handle(r, Op{Method: "POST", Path: "/api/deeds", Summary: "Do", Access: SignedIn}, func(ctx context.Context, _ *Body[thing]) (*Body[thing], error) {
		m.mu.Lock()
		m.rows["k"] = Kept{Hash: "somebody's"} // meanwhile
		m.mu.Unlock()
		return OK(thing{}), Once(m).Do(ctx, func(tx.Tx) error { t.Error("carried out twice"); return nil })
	})
	if w, p := ask(t, r, "POST", "/api/deeds", "admin", `{"name":"abc"}`, "Idempotency-Key", "k"); w.Code != 409 || p.Key != "idempotency.running" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestALostAnswerIsMadeAnew(t *testing.T) {
	m := &memory{rows: map[string]Kept{}}
	r := testRouter(Options{Answers: m, InFlight: 1, Waiting: 1})
	Handle(r, Op{Method: "POST", Path: "/api/deeds", Summary: "Do", Access: SignedIn}, func(ctx context.Context, _ *Body[thing]) (*Body[thing], error) {
		err := Once(m).Do(ctx, func(x tx.Tx) error { Made(x, "/api/things/42"); return nil })
		if err == nil {
			err = errors.New("the power went out after the commit")
		}
		return nil, err
	})
	for i, want := range []int{500, 201, 201} {
		w, _ := ask(t, r, "POST", "/api/deeds", "admin", `{"name":"abc"}`, "Idempotency-Key", "k")
		if w.Code != want || want == 201 && !strings.Contains(w.Body.String(), `{"name":"42"}`) {
			t.Errorf("try %d: %d %s", i, w.Code, w.Body)
		}
	}
	if w, _ := ask(t, r, "POST", "/api/deeds", "manager", `{"name":"abc"}`, "Idempotency-Key", "k"); w.Code != 409 {
		t.Errorf("what somebody may not see is shown: %d %s", w.Code, w.Body) // memory doesn't tell people apart
	}
}
