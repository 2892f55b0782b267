package app

import (
	"log"
	"log/slog"
	"strings"
)

// quiet passes on what net/http complains about, as warnings; that somebody gave up his connection is nothing to warn of.
func quiet(l *slog.Logger) *log.Logger { return log.New(quietWriter{l}, "", 0) }

type quietWriter struct{ log *slog.Logger }

// Write implements io.Writer.
func (w quietWriter) Write(b []byte) (int, error) {
	line := strings.TrimSpace(string(b))
	if strings.Contains(line, "TLS handshake error") {
		w.log.Debug("http", "what", line)
	} else {
		w.log.Warn("http", "what", line)
	}
	return len(b), nil
}
