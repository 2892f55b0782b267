package httpapi

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/accessjournal"
)

// ServeHTTP is what every request goes through: it gets a number, headers that protect the reader, a place in the log;
// then its route is found.
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	start := time.Now()
	c := &call{id: rand.Text()[:16], ip: r.address(req), secure: r.secure(req)}
	c.log = r.opt.Log.With("request", c.id)
	c.lang = r.wishedLang(req)
	req = req.WithContext(context.WithValue(req.Context(), callKey, c))
	a := newAnswer(w, req, c)
	protect(a.Header(), req, c)
	defer func() {
		if p := recover(); p != nil {
			r.panicked(a, req, p)
		}
		a.finish()
		r.note(a, req, c, time.Since(start))
	}()
	if err := cleanURL(req); err != nil {
		Fail(req.Context(), a, err)
		return
	}
	r.mux.ServeHTTP(a, req)
}

// panicked answers what nobody foresaw, and logs where it was.
func (r *Router) panicked(a *answer, req *http.Request, p any) {
	err, isErr := p.(error)
	var lost goneError
	if isErr && (errors.Is(err, http.ErrAbortHandler) || errors.As(err, &lost)) {
		a.dead = true
		return
	}
	r.metrics.panics.Inc()
	callOf(req.Context()).log.Error("panic", "err", fmt.Sprint(p), "stack", string(debug.Stack()))
	if a.started {
		a.dead = true // half an answer is there; cutting it off is all that's left
		return
	}
	Fail(req.Context(), a, fault.New(fault.Internal, "internal"))
}

// ServeHTTP carries out one route.
func (rt *route) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	a, ok := w.(*answer)
	if !ok {
		panic("httpapi: a route is served by its Router only")
	}
	c := callOf(req.Context())
	c.route = rt
	err := rt.serve(a, req, c)
	var lost goneError
	switch {
	case err == nil || errors.As(err, &lost):
	case a.started:
		c.log.Error("an answer broke off", "err", err)
		a.dead = true
	default:
		Fail(req.Context(), a, err)
	}
}

func (rt *route) serve(a *answer, req *http.Request, c *call) error {
	r := rt.r
	if rt.Always {
		return rt.handler(a, req)
	}
	if r.isStopping() {
		a.Header().Set("Connection", "close")
		return &fault.Error{Code: fault.Unavailable, Key: "http.stopping", RetryAfter: 2}
	}
	if rt.Anywhere {
		allowAnywhere(a.Header(), rt.Method)
	} else if err := r.sameOrigin(req); err != nil {
		return err
	}
	body, err := rt.readBody(a, req)
	if err != nil {
		return err
	}
	defer body.release()
	leave, err := rt.enter(req.Context(), c)
	if err != nil {
		if r.gate.crowded() {
			a.Header().Set("Connection", "close")
		}
		return err
	}
	defer leave()
	a.onStart = leave // when the answer begins the work is done; a slow reader keeps nobody's place
	if !rt.Long && !rt.Upload {
		ctx, cancel := context.WithTimeout(req.Context(), r.opt.Timeout)
		defer cancel()
		req = req.WithContext(ctx)
	}
	if req, err = rt.admit(req, c); err != nil {
		return err
	}
	if !rt.Access.signedIn() {
		a.private = rt.Method != http.MethodGet
	}
	return rt.once(a, req, c, body)
}

// enter waits for a place among the running.
func (rt *route) enter(ctx context.Context, c *call) (leave func(), err error) {
	switch {
	case rt.Long:
		stays(ctx)
		return func() {}, nil
	case c.inside:
		return func() {}, nil
	case rt.Upload:
		stays(ctx)
		return rt.r.uploads.enter(ctx)
	}
	return rt.r.places.enter(ctx)
}

// admit finds out who it is and whether he may call the route at all, and as often.
func (rt *route) admit(req *http.Request, c *call) (*http.Request, error) {
	ctx, r := req.Context(), rt.r
	if rt.Access.signedIn() {
		if err := r.authenticate(req, c); err != nil {
			return nil, err
		}
		if c.who.LookedAtBy != 0 && req.Method != http.MethodGet && req.Method != http.MethodHead && !rt.endsLooking() {
			return nil, fault.New(fault.Forbidden, "look_as.read_only")
		}
		ctx = tx.WithActor(ctx, c.who.Person())
		if c.token {
			ctx = tx.WithCause(ctx, event.Cause{Kind: "api"})
		}
	} else if rt.Access == SetupOnly && !r.opt.SetupNeeded(ctx) {
		return nil, fault.New(fault.Forbidden, "http.setup_done")
	}
	req = req.WithContext(accessjournal.With(ctx, accessjournal.From{IP: c.ip, Agent: req.UserAgent(), TokenID: c.who.TokenID}))
	if !c.inside {
		if err := r.rates.take(rt, c); err != nil {
			return nil, err
		}
	}
	if err := rt.narrow(&c.who, c.token); err != nil {
		return req, err
	}
	return req, rt.Access.check(c.who)
}

// endsLooking tells whether the route is for who looks with another's eyes too: signing out, and looking with his own again. All
// else about sessions would be done to the other's.
func (rt *route) endsLooking() bool {
	return rt.Path == "/api/session" || rt.Path == "/api/session/look-as"
}

// sameOrigin refuses what a page of another site makes a browser send. Callers with a token are no browsers led astray.
func (r *Router) sameOrigin(req *http.Request) error {
	if strings.HasPrefix(req.Header.Get("Authorization"), "Bearer ") {
		return nil
	}
	if err := r.origins.Check(req); err != nil {
		return fault.Wrap(fault.Forbidden, "http.cross_origin", err)
	}
	return nil
}
