// Package web carries the built user interface inside the binary. It holds no Go logic: what the pages do is
// TypeScript under src, and how they are served (nonce, cache headers, fallback) is the web adapter's business.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// FS returns the built interface with index.html at its root. built is false on a checkout where
// "npm run build" has not been run: only the placeholder is there and the caller should say how to build it.
func FS() (files fs.FS, built bool) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist, false
	}
	_, err = fs.Stat(files, "index.html")
	return files, err == nil
}
