package httpapi

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
)

func TestOverloadIsRefusedAndPasses(t *testing.T) {
	r := testRouter(Options{InFlight: 4, Waiting: 3, WaitFor: 50 * time.Millisecond, RatePerSecond: 1e6})
	var now, most atomic.Int64
	hold := make(chan struct{})
	Stream(r, Op{Method: "GET", Path: "/api/slow", Summary: "Slow", Access: SignedIn}, nil, func(_ context.Context, w http.ResponseWriter, _ *http.Request) error {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		<-hold
		return WriteJSON(w, 200, []byte("{}"))
	})
	var all sync.WaitGroup
	var good, refused atomic.Int64
	for range 60 {
		all.Go(func() {
			w, p := ask(t, r, "GET", "/api/slow", "admin", "")
			switch w.Code {
			case 200:
				good.Add(1)
			case 503:
				refused.Add(1)
				if w.Header().Get("Retry-After") == "" || p.Key != "http.overloaded" {
					t.Errorf("refused without saying when to come again: %v %s", w.Header(), w.Body)
				}
			default:
				t.Errorf("answered %d", w.Code)
			}
		})
	}
	time.Sleep(150 * time.Millisecond)
	if w, _ := ask(t, r, "GET", "/healthz", "", ""); w.Code != 200 {
		t.Errorf("health under overload: %d", w.Code)
	}
	close(hold)
	all.Wait()
	if most.Load() != 4 || good.Load() != 4 || refused.Load() != 56 {
		t.Errorf("at most %d at once, %d answered, %d refused", most.Load(), good.Load(), refused.Load())
	}
	for range 10 {
		if w, _ := ask(t, r, "GET", "/api/slow", "admin", ""); w.Code != 200 {
			t.Fatalf("after the overload: %d", w.Code)
		}
	}
}

func TestBodies(t *testing.T) {
	r := testRouter(Options{MaxBody: 1000})
	Stream(r, Op{Method: "PUT", Path: "/api/file", Summary: "File", Access: SignedIn, Upload: true, MaxBody: 5000}, nil, func(_ context.Context, w http.ResponseWriter, req *http.Request) error {
		n, err := io.Copy(io.Discard, req.Body)
		if err != nil {
			return tooLarge(5000)
		}
		return WriteJSON(w, 200, fmt.Append(nil, n))
	})
	server := httptest.NewServer(r)
	defer server.Close()
	send := func(method, path string, body io.Reader) int {
		req, _ := http.NewRequest(method, server.URL+path, body)
		req.Header.Set("Authorization", "Bearer admin")
		req.Header.Set("Content-Type", "application/json")
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	long := `{"name":"` + strings.Repeat("x", 2000) + `"}`
	for _, test := range []struct {
		method, path string
		body         io.Reader
		want         int
	}{
		{"POST", "/api/things", strings.NewReader(long), 413},
		{"POST", "/api/things", io.MultiReader(strings.NewReader(long)), 413}, // without a length
		{"POST", "/api/things", io.MultiReader(strings.NewReader(`{"name":"abc"}`)), 201},
		{"PUT", "/api/file", strings.NewReader(strings.Repeat("x", 4000)), 200},
		{"PUT", "/api/file", strings.NewReader(strings.Repeat("x", 6000)), 413},
		{"PUT", "/api/file", io.MultiReader(strings.NewReader(strings.Repeat("x", 6000))), 413},
	} {
		if got := send(test.method, test.path, test.body); got != test.want {
			t.Errorf("%s %s: %d, want %d", test.method, test.path, got, test.want)
		}
	}
	if left := r.bodies.now.Load(); left != 0 {
		t.Errorf("%d bytes are never given back", left)
	}
}

// TestASlowSenderTakesNobodysPlace: with one place only, somebody who sends his body drop by drop holds up nobody.
func TestASlowSenderTakesNobodysPlace(t *testing.T) {
	r := testRouter(Options{InFlight: 1, Waiting: 1, WaitFor: 50 * time.Millisecond})
	server := httptest.NewServer(r)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /api/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nContent-Length: 100\r\n\r\n{")
	time.Sleep(50 * time.Millisecond)
	for range 5 {
		if w, _ := ask(t, r, "GET", "/api/things", "admin", ""); w.Code != 200 {
			t.Fatalf("%d", w.Code)
		}
	}
}

func TestRates(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	r := testRouter(Options{Clock: c, RatePerSecond: 2, RateBurst: 5})
	times := func(n int, token string, want int) {
		t.Helper()
		for range n {
			if w, _ := ask(t, r, "GET", "/api/things", token, ""); w.Code != want {
				t.Fatalf("%s: %d, want %d", token, w.Code, want)
			}
		}
	}
	times(5, "admin", 200)
	times(3, "admin", 429)
	times(5, "manager", 200)
	c.Advance(time.Second)
	times(2, "admin", 200)
	w, p := ask(t, r, "GET", "/api/things", "admin", "")
	if w.Code != 429 || w.Header().Get("Retry-After") != "1" || p.Key != "http.too_many" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestTheLimiterForgets(t *testing.T) {
	r := newRates(clock.System{}, 1, 1)
	rt := &route{}
	for i := range 5 * maxBuckets {
		ip := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		if err := r.take(rt, &call{ip: ip.String()}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(r.young) + len(r.old); n > 2*maxBuckets {
		t.Errorf("%d buckets are kept", n)
	}
}

func TestOtherSites(t *testing.T) {
	r := testRouter(Options{TrustedOrigins: []string{"https://crm.example.com"}})
	Stream(r, Op{Method: "POST", Path: "/api/open", Summary: "Open", Access: Public, Anywhere: true}, nil, func(_ context.Context, w http.ResponseWriter, _ *http.Request) error {
		return WriteJSON(w, 200, []byte("{}"))
	})
	cookie := []string{"Cookie", CookieName + "=admin"}
	body := `{"name":"abc"}`
	for _, test := range []struct {
		path   string
		header []string
		want   int
	}{
		{"/api/things", cookie, 201},
		{"/api/things", append([]string{"Sec-Fetch-Site", "same-origin"}, cookie...), 201},
		{"/api/things", append([]string{"Sec-Fetch-Site", "cross-site"}, cookie...), 403},
		{"/api/things", append([]string{"Sec-Fetch-Site", "same-site"}, cookie...), 403},
		{"/api/things", append([]string{"Origin", "https://evil.example"}, cookie...), 403},
		{"/api/things", append([]string{"Origin", "https://crm.example.com"}, cookie...), 201},
		{"/api/things", []string{"Sec-Fetch-Site", "cross-site", "Authorization", "Bearer admin"}, 201},
		{"/api/open", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://shop.example"}, 200},
	} {
		w, _ := ask(t, r, "POST", test.path, "", body, test.header...)
		if w.Code != test.want {
			t.Errorf("%s %v: %d, want %d", test.path, test.header, w.Code, test.want)
		}
		if allowed := w.Header().Get("Access-Control-Allow-Origin"); (allowed == "*") != (test.path == "/api/open") {
			t.Errorf("%s allows %q", test.path, allowed)
		}
	}
	req := httptest.NewRequest(http.MethodOptions, "/api/open", nil)
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	if w.Code != 204 || w.Header().Get("Access-Control-Allow-Methods") != "POST" {
		t.Errorf("asked beforehand: %d %v", w.Code, w.Header())
	}
}

func TestAddressesThroughProxies(t *testing.T) {
	r := New(Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32")}})
	for _, test := range []struct{ peer, forwarded, want string }{
		{"198.51.100.1:1", "", "198.51.100.1"},
		{"198.51.100.1:1", "1.1.1.1", "198.51.100.1"}, // anybody can write that
		{"10.0.0.1:1", "1.1.1.1", "1.1.1.1"},
		{"10.0.0.1:1", "6.6.6.6, 1.1.1.1, 10.2.2.2", "1.1.1.1"},
		{"127.0.0.1:1", "nonsense", "127.0.0.1"},
		{"[::ffff:10.0.0.1]:1", "2001:db8::1", "2001:db8::1"},
		{"10.0.0.1:1", "", "10.0.0.1"},
	} {
		req := httptest.NewRequest("GET", "/", nil)
		req.RemoteAddr = test.peer
		if test.forwarded != "" {
			req.Header.Set("X-Forwarded-For", test.forwarded)
		}
		req.Header.Set("X-Forwarded-Proto", "https")
		if got := r.address(req); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
		if secure := r.secure(req); secure == strings.HasPrefix(test.peer, "198") {
			t.Errorf("%s: secure %v", test.peer, secure)
		}
	}
}

func TestCompression(t *testing.T) {
	r := testRouter(Options{})
	get := func(limit int, from string) *httptest.ResponseRecorder {
		req := httptest.NewRequest("GET", fmt.Sprint("/api/things?limit=", limit), nil)
		req.Header.Set("Authorization", "Bearer admin")
		req.Header.Set("Accept-Encoding", "gzip")
		req.RemoteAddr = from
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		return w
	}
	plain := get(400, "127.0.0.1:1")
	zipped := get(400, "198.51.100.1:1")
	if plain.Header().Get("Content-Encoding") != "" || zipped.Header().Get("Content-Encoding") != "gzip" || zipped.Header().Get("Vary") != "Accept-Encoding" {
		t.Errorf("%v %v", plain.Header(), zipped.Header())
	}
	z, err := gzip.NewReader(bytes.NewReader(zipped.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || string(b) != plain.Body.String() {
		t.Errorf("%v: %d bytes, want %d", err, len(b), plain.Body.Len())
	}
	if short := get(2, "198.51.100.1:1"); short.Header().Get("Content-Encoding") != "" || !strings.HasPrefix(short.Body.String(), `{"items"`) {
		t.Errorf("a short answer: %v", short.Header())
	}
}

func TestABrokenAnswerDoesNotLookWhole(t *testing.T) {
	r := testRouter(Options{})
	Stream(r, Op{Method: "GET", Path: "/api/half", Summary: "Half", Access: SignedIn}, nil, func(_ context.Context, w http.ResponseWriter, _ *http.Request) error {
		_, _ = w.Write(bytes.Repeat([]byte("x"), 100_000))
		return fault.New(fault.Unavailable, "db.busy")
	})
	server := httptest.NewServer(r)
	defer server.Close()
	req, _ := http.NewRequest("GET", server.URL+"/api/half", nil)
	req.Header.Set("Authorization", "Bearer admin")
	answer, err := http.DefaultClient.Do(req)
	if err == nil {
		_, err = io.ReadAll(answer.Body)
		answer.Body.Close()
	}
	if err == nil {
		t.Error("half an answer looks like a whole one")
	}
}

func TestStopping(t *testing.T) {
	r := testRouter(Options{})
	r.Stop()
	r.Stop()
	if w, p := ask(t, r, "GET", "/api/things", "admin", ""); w.Code != 503 || p.Key != "http.stopping" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 503} {
		if w, _ := ask(t, r, "GET", path, "", ""); w.Code != want {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestMetricsAreNotForEverybody(t *testing.T) {
	get := func(o Options, from string, header ...string) int {
		req := httptest.NewRequest("GET", "/metrics", nil)
		req.RemoteAddr = from
		for i := 0; i+1 < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		New(o).ServeHTTP(w, req)
		if w.Code == 200 && !strings.Contains(w.Body.String(), "voronka_http_in_flight") {
			t.Errorf("no figures: %s", w.Body)
		}
		return w.Code
	}
	token := Options{MetricsToken: "secret"}
	for _, test := range []struct{ got, want int }{
		{get(Options{}, "127.0.0.1:1"), 200},
		{get(Options{}, "198.51.100.1:1"), 403},
		{get(Options{}, "127.0.0.1:1", "X-Forwarded-For", "1.1.1.1"), 403},
		{get(token, "198.51.100.1:1", "Authorization", "Bearer secret"), 200},
		{get(token, "127.0.0.1:1"), 403},
		{get(token, "127.0.0.1:1", "Authorization", "Bearer x"), 403},
	} {
		if test.got != test.want {
			t.Errorf("%d, want %d", test.got, test.want)
		}
	}
}

func TestPagesAreProtected(t *testing.T) {
	r := testRouter(Options{})
	var nonce string
	Raw(r, Op{Method: "GET", Path: "/page", Access: Public}, http.HandlerFunc(func(_ http.ResponseWriter, req *http.Request) { nonce = Nonce(req.Context()) }))
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("GET", "/page", nil))
	h := w.Header()
	policy := h.Get("Content-Security-Policy")
	if len(nonce) < 20 || !strings.Contains(policy, "'nonce-"+nonce+"'") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("%q", policy)
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Referrer-Policy": "same-origin"} {
		if h.Get(name) != want {
			t.Errorf("%s: %q", name, h.Get(name))
		}
	}
}
