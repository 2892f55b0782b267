package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"

	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/texts"
)

// call is what is known of one request.
type call struct {
	id      string
	ip      string
	lang    string // of the answer
	who     access.Who
	secure  bool  // by TLS
	session int64 // 0: not by cookie
	token   bool  // by bearer token
	route   *route
	log     *slog.Logger
	nonce   string
	inside  bool // asked by another request, in its place
}

type contextKey int

const (
	callKey contextKey = iota
	visitKey
)

var nobody = &call{lang: texts.Langs[0], log: slog.New(slog.DiscardHandler)}

func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey).(*call); ok {
		return c
	}
	return nobody
}

// Who is the person asking. On routes that are Public it is the zero Who, who may do nothing.
func Who(ctx context.Context) access.Who { return callOf(ctx).who }

// Session is the number of the session the person came with, 0 when he came with a token.
func Session(ctx context.Context) int64 { return callOf(ctx).session }

// Lang is the language to answer in: the person's, else what his browser wishes, else the portal's.
func Lang(ctx context.Context) string { return callOf(ctx).lang }

// IP is the address the request came from, seen through trusted proxies.
func IP(ctx context.Context) string { return callOf(ctx).ip }

// RequestID is the number of the request in the log.
func RequestID(ctx context.Context) string { return callOf(ctx).id }

// Nonce is the random word that inline scripts and styles of a page must carry.
func Nonce(ctx context.Context) string { return callOf(ctx).nonce }

// Log is the logger of the request.
func Log(ctx context.Context) *slog.Logger { return callOf(ctx).log }

// ID reads a number out of the path of a hand-written handler.
func ID(req *http.Request, name string) (int64, error) {
	id, err := strconv.ParseInt(req.PathValue(name), 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.In(name, "input.id")
	}
	return id, nil
}

// QueryInt reads a whole number out of the query, def when it isn't there.
func QueryInt(req *http.Request, name string, def, lo, hi int64) (int64, error) {
	s := req.URL.Query().Get(name)
	if s == "" {
		return def, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil:
		return 0, fault.In(name, "input.integer")
	case n < lo:
		return 0, fault.In(name, "input.min", fault.Args{"min": lo})
	case n > hi:
		return 0, fault.In(name, "input.max", fault.Args{"max": hi})
	}
	return n, nil
}
