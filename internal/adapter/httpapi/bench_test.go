package httpapi

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// discard is a ResponseWriter that keeps nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

// BenchmarkRequest is what a request costs before and after its handler.
func BenchmarkRequest(b *testing.B) {
	r := testRouter(Options{RatePerSecond: 1e9})
	for name, path := range map[string]string{"stream": "/api/things?limit=1", "huma": "/api/things/5"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				req := httptest.NewRequest("GET", path, nil)
				req.Header.Set("Authorization", "Bearer admin")
				r.ServeHTTP(discard{http.Header{}}, req)
			}
		})
	}
}
