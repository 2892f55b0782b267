// Package demoapi is what only a demo portal answers: signing in without a password from the machine it runs on, looking at
// the portal with the eyes of another of its people, and the game of being Anna. A company's portal has none of these routes:
// the command demo alone mounts them, and only over a portal it has filled itself.
package demoapi

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/session"
)

// Persona is one of the people whose eyes one may look with.
type Persona struct {
	As       string `json:"as" enum:"owner,head,manager"`
	User     int64  `json:"user"`
	Name     string `json:"name"`
	Position string `json:"position"`
}

// Show is what the bar of the demo shows.
type Show struct {
	Personas []Persona `json:"personas"`
	Anna     Anna      `json:"anna"`
}

// Anna is how the game stands. States: idle; offered (Anna has the offer, the clock runs); taken (she took it); passed (she
// missed it, Boris has it); rescued (Boris took it); gone (somebody else changed the lead).
type Anna struct {
	State     string     `json:"state" enum:"idle,offered,taken,passed,rescued,gone"`
	Seconds   int        `json:"seconds" doc:"How long the offer lasts; 0: there is no game in this demo"`
	Type      string     `json:"type,omitempty"`
	Record    int64      `json:"record,omitempty"`
	Title     string     `json:"title,omitempty"`
	Offer     int64      `json:"offer,omitempty"`
	OfferedAt *time.Time `json:"offered_at,omitempty"`
	DueAt     *time.Time `json:"due_at,omitempty"`
	Took      int        `json:"took,omitempty" doc:"Seconds until somebody took it"`
	Incident  int64      `json:"incident,omitempty" doc:"The incident of the miss"`
	NextStep  bool       `json:"next_step" doc:"A next step is planned"`
}

// Opened is a session that was opened for somebody.
type Opened struct {
	Secret  string
	Session session.Session
}

// Stage is the demo behind the routes.
type Stage interface {
	// Enter opens the owner's session for the secret of the login link. A secret is good once.
	Enter(ctx context.Context, secret string, from session.From) (Opened, error)
	// As opens the session of a persona; the caller's own ends.
	As(ctx context.Context, user, sessionID int64, as string, from session.From) (Opened, error)
	// Show tells what the bar shows to a person, who is looking.
	Show(ctx context.Context, user int64) (Show, error)
	// Begin begins the game: Anna's session, and a request that is offered to her.
	Begin(ctx context.Context, user, sessionID int64, from session.From) (Opened, error)
	// End ends the game.
	End(ctx context.Context) error
}

// EnterPath is the address of the login link; the secret is its query.
const EnterPath = "/demo/enter"

// Routes registers the routes.
func Routes(r *httpapi.Router, stage Stage) {
	d := &door{stage}
	httpapi.Raw(r, httpapi.Op{Method: http.MethodGet, Path: EnterPath, Access: httpapi.Public, PerMinute: 30}, http.HandlerFunc(d.enter))
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/demo", httpapi.SignedIn, "demo", "What the bar of the demo shows"), d.show)
	as := httpapi.Route(http.MethodPost, "/api/demo/session", httpapi.SignedIn, "demo", "Look as another of the demo's people")
	as.Secret, as.Status, as.PerMinute = true, http.StatusOK, 60
	httpapi.Handle(r, as, d.as)
	begin := httpapi.Route(http.MethodPost, "/api/demo/anna", httpapi.SignedIn, "demo", "Begin the game: be Anna")
	begin.Secret, begin.Status, begin.PerMinute = true, http.StatusOK, 20
	httpapi.Handle(r, begin, d.begin)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/demo/anna", httpapi.SignedIn, "demo", "End the game"), d.end)
}

type door struct{ stage Stage }

// enter signs in with the login link, on the machine itself only: a request from elsewhere, or by another name of this
// machine than its own, is not answered.
func (d *door) enter(w http.ResponseWriter, req *http.Request) {
	ctx := req.Context()
	if !near(httpapi.IP(ctx), req.Host) {
		httpapi.Fail(ctx, w, fault.New(fault.NotFound, "http.no_such_path"))
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	opened, err := d.stage.Enter(ctx, req.URL.RawQuery, from(ctx, req.UserAgent()))
	if err != nil { // used already: the page asks for the password
		http.Redirect(w, req, "/", http.StatusSeeOther)
		return
	}
	w.Header().Set("Set-Cookie", cookie(ctx, opened))
	http.Redirect(w, req, "/", http.StatusSeeOther)
}

// near tells whether a request comes from this machine and calls it by its own name.
func near(ip, host string) bool {
	addr, err := netip.ParseAddr(ip)
	if err != nil || !addr.Unmap().IsLoopback() {
		return false
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	named, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && named.IsLoopback()
}

func from(ctx context.Context, agent string) session.From {
	return session.From{IP: httpapi.IP(ctx), Agent: agent}
}

func cookie(ctx context.Context, o Opened) string {
	return httpapi.SessionCookie(ctx, o.Secret, o.Session.CreatedAt.Add(session.Absolute).Time())
}

func (d *door) show(ctx context.Context, _ *struct{}) (*httpapi.Body[Show], error) {
	show, err := d.stage.Show(ctx, httpapi.Who(ctx).UserID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(show), nil
}

type asIn struct {
	Agent string `header:"User-Agent"`
	Body  struct {
		As string `json:"as" enum:"owner,head,manager"`
	}
}

type beginIn struct {
	Agent string `header:"User-Agent"`
}

// signedIn is an answer that brings the cookie of another session.
type signedIn struct {
	Cookie string `header:"Set-Cookie"`
	Body   Show
}

func (d *door) as(ctx context.Context, in *asIn) (*signedIn, error) {
	opened, err := d.stage.As(ctx, httpapi.Who(ctx).UserID, httpapi.Session(ctx), in.Body.As, from(ctx, in.Agent))
	return d.answer(ctx, opened, err)
}

func (d *door) begin(ctx context.Context, in *beginIn) (*signedIn, error) {
	opened, err := d.stage.Begin(ctx, httpapi.Who(ctx).UserID, httpapi.Session(ctx), from(ctx, in.Agent))
	return d.answer(ctx, opened, err)
}

func (d *door) answer(ctx context.Context, opened Opened, err error) (*signedIn, error) {
	if err != nil {
		return nil, err
	}
	show, err := d.stage.Show(ctx, opened.Session.UserID)
	if err != nil {
		return nil, err
	}
	return &signedIn{Cookie: cookie(ctx, opened), Body: show}, nil
}

func (d *door) end(ctx context.Context, _ *struct{}) (*httpapi.Empty, error) {
	return nil, d.stage.End(ctx)
}
