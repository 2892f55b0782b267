package intakeform

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
)

//go:embed form.js
var formJS string

//go:embed embed.js
var embedJS string

// script is one of our two scripts, known by its contents.
type script struct {
	text, version, cache string
}

var (
	formScript  = newScript(formJS, "public, max-age=31536000, immutable") // asked for by its version
	embedScript = newScript(embedJS, "public, max-age=600")
)

func newScript(text, cache string) script {
	sum := sha256.Sum256([]byte(text))
	return script{text, hex.EncodeToString(sum[:6]), cache}
}

func (s script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", s.cache)
	h.Set("ETag", `"`+s.version+`"`)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Header.Get("If-None-Match") == `"`+s.version+`"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write([]byte(s.text)) // a visitor who has gone is no mistake of ours
}

// Script is what the form's own page runs: the puzzle, conditional fields, the talk with the page around it.
func Script() http.Handler { return formScript }

// Snippet is the script other sites put on their pages: it remembers how a visitor came and shows a form in a frame.
func Snippet() http.Handler { return embedScript }
