package httpapi

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
)

// Authenticator tells who sends a request. Wrong, expired and revoked secrets are Unauthenticated faults.
type Authenticator interface {
	ByCookie(ctx context.Context, token string) (who access.Who, sessionID int64, err error)
	ByToken(ctx context.Context, bearer string) (who access.Who, err error)
}

// Options are what the router needs from the outside. The zero value of each limit means its default.
type Options struct {
	Log     *slog.Logger
	Clock   clock.Clock
	Version string

	Auth        Authenticator
	SetupNeeded func(ctx context.Context) bool   // for SetupOnly routes; asked on these only
	PortalLang  func(ctx context.Context) string // when neither person nor browser wish a language
	Ready       func(ctx context.Context) error  // for /readyz
	Answers     Answers                          // for Idempotency-Key; nil: keys are ignored
	Journal     Journal                          // who changed settings, who carried data out

	TrustedProxies []netip.Prefix
	TrustedOrigins []string // own address seen from outside, https://crm.example.com
	MetricsToken   string

	MaxBody       int64         // bytes of a JSON body; default 1 MB
	MaxUpload     int64         // bytes of an uploaded file; default 100 MB
	InFlight      int           // requests worked on at once; default 16
	Waiting       int           // requests waiting for a place; default 64
	WaitFor       time.Duration // how long at most; default 1 s
	RatePerSecond float64       // of one person, or one address without login; default 50
	RateBurst     int           // default 4 × RatePerSecond
	Timeout       time.Duration // of one request; default 30 s
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.SetupNeeded == nil {
		o.SetupNeeded = func(context.Context) bool { return false }
	}
	if o.PortalLang == nil {
		o.PortalLang = func(context.Context) string { return "" }
	}
	if o.Ready == nil {
		o.Ready = func(context.Context) error { return nil }
	}
	or := func(n *int64, def int64) {
		if *n <= 0 {
			*n = def
		}
	}
	or(&o.MaxBody, 1<<20)
	or(&o.MaxUpload, 100<<20)
	if o.InFlight <= 0 {
		o.InFlight = 16
	}
	if o.Waiting <= 0 {
		o.Waiting = 64
	}
	if o.WaitFor <= 0 {
		o.WaitFor = time.Second
	}
	if o.RatePerSecond <= 0 {
		o.RatePerSecond = 50
	}
	if o.RateBurst <= 0 {
		o.RateBurst = int(4*o.RatePerSecond) + 1
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	return o
}

// Router holds all routes of the program. Routes are added while it is put together, by one goroutine; afterwards it is an
// http.Handler.
type Router struct {
	opt     Options
	mux     *http.ServeMux
	api     huma.API
	catch   *catcher
	routes  []*route
	origins *http.CrossOriginProtection

	gate    *gate
	places  *admission
	uploads *admission
	bodies  *weight
	rates   *rates
	flights *flights
	metrics *metrics

	description func() []byte // of the API
	stopping    chan struct{}
	stopOnce    sync.Once
}

// New makes a Router with the routes every program has: health, metrics, the description of the API.
func New(o Options) *Router {
	o = o.withDefaults()
	r := &Router{
		opt: o, mux: http.NewServeMux(), catch: &catcher{}, origins: http.NewCrossOriginProtection(),
		gate:   newGate(2 * (o.InFlight + o.Waiting)), // half of them are being read or refused
		places: newAdmission(o.InFlight, o.Waiting, o.WaitFor), uploads: newAdmission(8, 16, 5*time.Second),
		bodies: &weight{max: 32 << 20}, rates: newRates(o.Clock, o.RatePerSecond, o.RateBurst), flights: newFlights(), stopping: make(chan struct{}),
	}
	r.metrics = newMetrics(r)
	r.api = newAPI(r.catch, o.Version)
	for _, origin := range o.TrustedOrigins {
		if err := r.origins.AddTrustedOrigin(origin); err != nil {
			o.Log.Warn("the address from outside is no origin", "origin", origin, "err", err)
		}
	}
	r.addHealth()
	r.addDescription()
	r.mux.Handle("/api/", http.HandlerFunc(r.noSuchPath))
	return r
}

// route is a registered Op with its handler.
type route struct {
	Op
	r       *Router
	handler func(w *answer, req *http.Request) error
	seen    *routeMetrics
}

// add checks an op and puts its route into the mux.
func (r *Router) add(op Op, handler func(w *answer, req *http.Request) error) *route {
	if wrong := op.wrong(); wrong != "" {
		panic(fmt.Sprintf("httpapi: route %s %s %s", op.Method, op.Path, wrong))
	}
	if op.MaxBody == 0 {
		op.MaxBody = r.opt.MaxBody
		if op.Upload {
			op.MaxBody = r.opt.MaxUpload
		}
	}
	rt := &route{Op: op, r: r, handler: handler, seen: r.metrics.route(op)}
	r.routes = append(r.routes, rt)
	r.mux.Handle(op.Method+" "+op.Path, rt)
	if op.Anywhere && op.Method != http.MethodGet { // browsers ask before they send
		r.mux.HandleFunc("OPTIONS "+op.Path, func(w http.ResponseWriter, req *http.Request) {
			allowAnywhere(w.Header(), op.Method)
			w.WriteHeader(http.StatusNoContent)
		})
	}
	return rt
}

// Routes lists what is registered, for tests.
func (r *Router) Routes() []Op {
	ops := make([]Op, len(r.routes))
	for i, rt := range r.routes {
		ops[i] = rt.Op
	}
	return ops
}

// Stop makes the server refuse new work, so that a balancer looks elsewhere, and ends long answers.
func (r *Router) Stop() { r.stopOnce.Do(func() { close(r.stopping) }) }

// Stopping is closed when the server is about to stop; long answers end then.
func (r *Router) Stopping() <-chan struct{} { return r.stopping }

func (r *Router) isStopping() bool {
	select {
	case <-r.stopping:
		return true
	default:
		return false
	}
}

var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// noSuchPath answers under /api what no route takes: 405 when another method would do, else 404.
func (r *Router) noSuchPath(w http.ResponseWriter, req *http.Request) {
	var allowed []string
	for _, m := range methods {
		probe := req.Clone(req.Context())
		probe.Method = m
		if _, pattern := r.mux.Handler(probe); strings.Contains(pattern, " ") {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) == 0 {
		Fail(req.Context(), w, fault.New(fault.NotFound, "http.no_such_path"))
		return
	}
	list := strings.Join(allowed, ", ")
	w.Header().Set("Allow", list)
	Fail(req.Context(), w, fault.New(fault.NotFound, "http.no_such_method", fault.Args{"allowed": list}))
}

func allowAnywhere(h http.Header, method string) {
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", method)
	h.Set("Access-Control-Allow-Headers", "Content-Type, Idempotency-Key, Accept-Language")
	h.Set("Access-Control-Max-Age", "86400")
}
