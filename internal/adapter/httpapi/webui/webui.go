// Package webui serves the user interface that is built into the program: hashed assets a browser keeps for good, the page
// itself with a fresh nonce each time, and that page for every address of the application. What the pages do is in web/.
package webui

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/texts"
)

// asset is one file. It is read and compressed when first wanted: all of them at the start would double its time, and most
// are of pages and languages nobody opens.
type asset struct {
	content func() content
	kind    string
	forever bool
}

// content is an asset ready to be sent.
type content struct {
	plain, zipped []byte // zipped is nil when it isn't smaller
	tag           string
}

// Asking is what the handler wants to know of a request: the word inline scripts must carry, and the reader's language.
type Asking struct {
	Nonce, Lang func(ctx context.Context) string
}

// Handler serves the interface.
type Handler struct {
	ask    Asking
	assets map[string]*asset
	index  []byte // nil: not built
}

// New reads the built interface; built is false when there is only a placeholder.
func New(files fs.FS, built bool, ask Asking) (*Handler, error) {
	h := &Handler{ask: ask, assets: map[string]*asset{}}
	if !built {
		return h, nil
	}
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		if strings.HasPrefix(e.Name(), ".") { // the build's own notes are nobody's pages
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if e.IsDir() {
			return nil
		}
		if name == "index.html" {
			h.index, err = fs.ReadFile(files, name)
			return err
		}
		h.assets["/"+name] = newAsset(files, name)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("webui: %w", err)
	}
	return h, nil
}

// kinds are the types a system's table may lack.
var kinds = map[string]string{
	".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".json": "application/json", ".webmanifest": "application/manifest+json", ".png": "image/png", ".ico": "image/x-icon",
}

func newAsset(files fs.FS, name string) *asset {
	a := &asset{kind: kinds[path.Ext(name)], forever: strings.HasPrefix(name, "assets/")}
	if a.kind == "" {
		if a.kind = mime.TypeByExtension(path.Ext(name)); a.kind == "" {
			a.kind = "application/octet-stream"
		}
	}
	a.content = sync.OnceValue(func() content {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			panic(fmt.Sprintf("webui: %s is part of the program: %v", name, err))
		}
		sum := sha256.Sum256(b)
		return content{plain: b, zipped: zip(a.kind, b), tag: `"` + hex.EncodeToString(sum[:12]) + `"`}
	})
	return a
}

// zip compresses texts, nil for what doesn't get smaller.
func zip(kind string, b []byte) []byte {
	if !strings.HasPrefix(kind, "text/") && !strings.Contains(kind, "json") && !strings.Contains(kind, "svg") {
		return nil
	}
	var buf bytes.Buffer
	z, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	_, _ = z.Write(b) // into memory
	_ = z.Close()
	if buf.Len() >= len(b)*9/10 {
		return nil
	}
	return bytes.Clone(buf.Bytes())
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if a := h.assets[req.URL.Path]; a != nil {
		a.serve(w, req)
		return
	}
	if strings.HasPrefix(req.URL.Path, "/assets/") { // of a build that is gone; the page would be no script
		httpapi.Fail(req.Context(), w, fault.New(fault.NotFound, "http.no_such_path"))
		return
	}
	h.page(w, req)
}

func (a *asset) serve(w http.ResponseWriter, req *http.Request) {
	header, c := w.Header(), a.content()
	header.Set("Content-Type", a.kind)
	header.Set("ETag", c.tag)
	header.Set("Cache-Control", "no-cache")
	if a.forever {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body := c.plain
	if c.zipped != nil {
		header.Set("Vary", "Accept-Encoding")
		if strings.Contains(req.Header.Get("Accept-Encoding"), "gzip") {
			header.Set("Content-Encoding", "gzip")
			body = c.zipped
		}
	}
	if req.Header.Get("If-None-Match") == c.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Length", fmt.Sprint(len(body)))
	_, _ = w.Write(body)
}

// page answers every address of the application with the same page.
func (h *Handler) page(w http.ResponseWriter, req *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	if h.index == nil {
		_, _ = w.Write(h.notBuilt(req.Context()))
		return
	}
	_, _ = w.Write(bytes.ReplaceAll(h.index, []byte("__CSP_NONCE__"), []byte(h.ask.Nonce(req.Context()))))
}

// notBuilt tells how to build the interface.
func (h *Handler) notBuilt(ctx context.Context) []byte {
	lang := h.ask.Lang(ctx)
	say := func(key string) string { return html.EscapeString(texts.For(lang).Say(key, nil)) }
	return fmt.Appendf(nil, `<!doctype html><html lang="%s"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Voronka</title><style nonce="%s">body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}</style>
<h1>Voronka</h1><p>%s</p><p>%s</p><pre>make build</pre><p><a href="/api/openapi.json">/api/openapi.json</a></p></html>`,
		lang, h.ask.Nonce(ctx), say("webui.not_built"), say("webui.build"))
}
