package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"voronka/internal/kernel/tx"
)

// FuzzIdempotencyKey sends any key with any body twice: it is refused in words, or carried out once.
func FuzzIdempotencyKey(f *testing.F) {
	for _, key := range []string{"order-7", "", " ", "ключ", "\x00", strings.Repeat("x", 201), "~!@#"} {
		f.Add(key, `{"name":"abc"}`)
	}
	f.Add("a", `{"name":`)
	m := &memory{rows: map[string]Kept{}}
	r := testRouter(Options{Answers: m, RatePerSecond: 1e9})
	done := 0
	Handle(r, Op{Method: "POST", Path: "/api/deeds", Summary: "Do", Access: SignedIn}, func(ctx context.Context, _ *Body[thing]) (*Body[map[string]int], error) {
		err := Once(m).Do(ctx, func(tx.Tx) error { return nil })
		done++
		return OK(map[string]int{"done": done}), err
	})
	f.Fuzz(func(t *testing.T, key, body string) {
		clear(m.rows)
		done = 0
		var said [2]string
		for n := range said {
			req := httptest.NewRequest(http.MethodPost, "/api/deeds", strings.NewReader(body))
			req.Header["Idempotency-Key"] = []string{key}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Authorization", "Bearer admin")
			w := httptest.NewRecorder()
			r.ServeHTTP(w, req)
			if w.Code >= 500 || w.Code >= 400 && !strings.Contains(w.Body.String(), `"key":`) {
				t.Fatalf("%q %q: %d %s", key, body, w.Code, w.Body)
			}
			said[n] = w.Body.String()
		}
		if key != "" && (done > 1 || done == 1 && said[0] != said[1]) {
			t.Fatalf("%q %q: done %d times, %q", key, body, done, said)
		}
	})
}
