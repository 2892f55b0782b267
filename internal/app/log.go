package app

import (
	"log/slog"
	"os"

	"voronka/internal/config"
)

// NewLog makes the logger the settings ask for. It writes to standard error.
func NewLog(c config.Config) *slog.Logger {
	level := slog.LevelInfo
	_ = level.UnmarshalText([]byte(c.LogLevel)) // checked when it was read
	o := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, o))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, o))
}
