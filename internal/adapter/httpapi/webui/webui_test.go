package webui

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"voronka/internal/adapter/httpapi"
)

var script = strings.Repeat("let answer = 42;\n", 200)

func server(t *testing.T, built bool) *httpapi.Router {
	t.Helper()
	h, err := New(fstest.MapFS{
		"index.html":          {Data: []byte(`<meta name="csp-nonce" content="__CSP_NONCE__"><script nonce="__CSP_NONCE__"></script>`)},
		"assets/app-Ab12.js":  {Data: []byte(script)},
		"assets/font.woff2":   {Data: []byte("font")},
		"favicon.svg":         {Data: []byte("<svg/>")},
		"assets/app-Ab12.css": {Data: []byte("a{}")},
		".vite/manifest.json": {Data: []byte("{}")},
		".keep":               {Data: []byte("kept")},
	}, built, Asking{Nonce: httpapi.Nonce, Lang: httpapi.Lang})
	if err != nil {
		t.Fatal(err)
	}
	r := httpapi.New(httpapi.Options{})
	httpapi.Pages(r, h)
	return r
}

func get(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}

func TestAssets(t *testing.T) {
	r := server(t, true)
	w := get(r, "/assets/app-Ab12.js", "Accept-Encoding", "gzip, br")
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	z, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || string(b) != script {
		t.Errorf("%q %v", b, err)
	}
	if w := get(r, "/assets/app-Ab12.js"); w.Body.String() != script {
		t.Error("without gzip the file differs")
	}
	if w := get(r, "/favicon.svg"); w.Header().Get("Cache-Control") != "no-cache" || w.Header().Get("ETag") == "" {
		t.Errorf("%v", w.Header())
	} else if w := get(r, "/favicon.svg", "If-None-Match", w.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("%d", w.Code)
	}
	w = get(r, "/assets/app-Old.js", "Accept-Language", "en")
	if w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Cache-Control") != "no-store" ||
		!strings.Contains(w.Body.String(), "There is no such address") {
		t.Errorf("an asset of another build: %d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestNotesOfTheBuildAreNoPages(t *testing.T) {
	for _, path := range []string{"/.keep", "/.vite/manifest.json"} {
		answer := httptest.NewRecorder()
		server(t, true).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		if kind := answer.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/html") {
			t.Errorf("%s is served as %s: %s", path, kind, answer.Body)
		}
	}
}

func TestThePageHasItsNonce(t *testing.T) {
	r := server(t, true)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/deals/42", "/settings/people", "/apiary"} {
		w := get(r, path)
		_, rest, _ := strings.Cut(w.Header().Get("Content-Security-Policy"), "'nonce-")
		nonce, _, _ := strings.Cut(rest, "'")
		if w.Code != 200 || len(nonce) < 16 || strings.Count(w.Body.String(), nonce) != 2 || seen[nonce] || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %q %s", path, w.Code, nonce, w.Body)
		}
		seen[nonce] = true
	}
	for _, path := range []string{"/api", "/api/", "/api/x/y"} {
		if w := get(r, path); w.Code != http.StatusNotFound && w.Code != http.StatusMovedPermanently && w.Code != http.StatusTemporaryRedirect {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestNotBuiltSaysHow(t *testing.T) {
	r := server(t, false)
	for lang, want := range map[string]string{"ru": "не собран", "en": "not built"} {
		if w := get(r, "/", "Accept-Language", lang); w.Code != 200 || !strings.Contains(w.Body.String(), want) || !strings.Contains(w.Body.String(), "make build") {
			t.Errorf("%s: %d %s", lang, w.Code, w.Body)
		}
	}
}
