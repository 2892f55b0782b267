package httpapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"sync"
	"time"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
)

// Idempotency: a POST with an Idempotency-Key is carried out at most once, however often it is sent.
//
//   - The row (key, person, hash of the request) is written inside the first write transaction of the handler, through Once:
//     either the change and its row are there or neither. So a repeat after a crash runs only if nothing was committed.
//   - The answer is added to the row after the handler is through, where something was made a moment later with others. Should
//     the server die in between, the change is there and its answer is lost. A handler that made something says where it
//     stands (Made), inside its transaction: then the repeat is answered with that. Otherwise it gets 409 idempotency.lost. In
//     neither case is it carried out again.
//   - What committed nothing (refused input, 5xx before the commit) keeps no row: a repeat tries again.
//   - A handler that knows its requests by their key for ever (Op.OwnKeys: the public door) needs none of this.
//   - The same request at the same time waits on this node; from another node it loses the race for the row and gets 409.

// maxKept is the longest answer that is kept.
const maxKept = 256 << 10

// KeptFor is how long an answer is kept.
const KeptFor = 24 * time.Hour

// Kept is what is known of a key.
type Kept struct {
	Hash   string
	Status int // 0: done, but the answer is not known
	Type   string
	Answer []byte
	Place  string // the path of what was made, empty when unknown; the answer to a repeat when Status is 0
}

// Answers keeps the answers by key and person. Rows older than KeptFor are as if they were not there.
type Answers interface {
	Find(ctx context.Context, key string, userID int64) (Kept, bool, error)
	// Reserve writes the row inside a transaction; false when there is one already.
	Reserve(t tx.Tx, key string, userID int64, hash string) (bool, error)
	// Place adds to the reserved row the path of what the transaction made.
	Place(t tx.Tx, key string, userID int64, path string) error
	Keep(ctx context.Context, key string, userID int64, kept Kept) error
}

// reservation is a key on its way through a handler.
type reservation struct {
	answers   Answers
	key, hash string
	userID    int64
	mu        sync.Mutex
	done      bool   // the row is committed
	place     string // of what was made
}

type reservationKey struct{}

// Once makes a Doer whose first transaction in a request with an Idempotency-Key also writes the row of the key, and in one
// that changes settings the line of the access journal. All use cases reached through HTTP write through it.
func Once(d tx.Doer) tx.Doer { return once{d} }

type once struct{ tx.Doer }

// Made says, inside the transaction, at which path stands what a POST has made.
func Made(t tx.Tx, path string) {
	if r, ok := t.Context().Value(reservationKey{}).(*reservation); ok {
		r.place = path
	}
}

// Do implements tx.Doer.
func (o once) Do(ctx context.Context, f func(tx.Tx) error) error {
	x, ok := ctx.Value(changeKey{}).(*change)
	if !ok || x.done.Load() {
		return o.reserved(ctx, f)
	}
	err := o.reserved(ctx, x.noted(f))
	if err == nil {
		x.done.Store(true)
	}
	return err
}

// reserved is Do with the row of the key.
func (o once) reserved(ctx context.Context, f func(tx.Tx) error) error {
	r, ok := ctx.Value(reservationKey{}).(*reservation)
	if !ok {
		return o.Doer.Do(ctx, f)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done {
		return o.Doer.Do(ctx, f)
	}
	err := o.Doer.Do(ctx, func(t tx.Tx) error {
		first, err := r.answers.Reserve(t, r.key, r.userID, r.hash)
		if err == nil && !first {
			err = fault.New(fault.Conflict, "idempotency.running")
		}
		if err != nil {
			return err
		}
		r.place = ""
		if err := f(t); err != nil || r.place == "" {
			return err
		}
		return r.answers.Place(t, r.key, r.userID, r.place)
	})
	r.done = err == nil
	return err
}

// once runs the handler, or answers as the first time.
func (rt *route) once(a *answer, req *http.Request, c *call, b *body) error {
	key := req.Header.Get("Idempotency-Key")
	store := rt.r.opt.Answers
	if key == "" || store == nil || rt.Method != http.MethodPost || rt.Secret || rt.Long {
		return rt.journalled(a, req, b)
	}
	if !printable(key) {
		return fault.New(fault.Invalid, "idempotency.bad_key")
	}
	if rt.OwnKeys {
		return rt.journalled(a, req, b)
	}
	res := &reservation{answers: store, key: key, userID: c.who.UserID, hash: hashOf(req, b.bytes)}
	land, err := rt.r.flights.enter(req.Context(), flight{key, c.who.UserID})
	if err != nil {
		return err
	}
	defer land()
	kept, found, err := store.Find(req.Context(), key, c.who.UserID)
	if err != nil {
		return err
	}
	if found {
		return rt.replay(a, req, kept, res.hash)
	}
	a.copy = &bytes.Buffer{}
	err = rt.journalled(a, req.WithContext(context.WithValue(req.Context(), reservationKey{}, res)), b)
	if err == nil && res.done && a.status < 500 && a.copy.Len() <= maxKept {
		rt.keep(req, res, a)
	}
	return err
}

// keep stores the answer. It is on its way already: that it can't be kept costs a later repeat its answer, no more.
func (rt *route) keep(req *http.Request, res *reservation, a *answer) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(req.Context()), 5*time.Second)
	defer cancel()
	kept := Kept{Hash: res.hash, Status: a.status, Type: a.Header().Get("Content-Type"), Answer: a.copy.Bytes(), Place: res.place}
	if err := res.answers.Keep(ctx, res.key, res.userID, kept); err != nil {
		Log(ctx).Warn("an answer was not kept", "err", err)
	}
}

func (rt *route) replay(a *answer, req *http.Request, kept Kept, hash string) error {
	if kept.Status == 0 && kept.Place != "" && kept.Hash == hash {
		kept.Status, kept.Type, kept.Answer = rt.look(req, kept.Place)
	}
	switch {
	case kept.Hash != hash:
		return fault.New(fault.Invalid, "idempotency.other_body")
	case kept.Status == 0:
		return fault.New(fault.Conflict, "idempotency.lost")
	}
	if kept.Type != "" {
		a.Header().Set("Content-Type", kept.Type)
	}
	a.Header().Set("Idempotency-Replayed", "true")
	a.WriteHeader(kept.Status)
	_, err := a.Write(kept.Answer)
	return gone(err)
}

// look asks for what an earlier try of req made, as the same person and in the place req has among the running; status 0 when
// he can't have it any more.
func (rt *route) look(req *http.Request, path string) (status int, kind string, body []byte) {
	c := *callOf(req.Context())
	c.inside = true
	get := req.Clone(context.WithValue(req.Context(), callKey, &c))
	get.Method, get.URL.Path, get.URL.RawPath, get.URL.RawQuery = http.MethodGet, path, "", ""
	get.Body, get.ContentLength = http.NoBody, 0
	get.Header.Del("Idempotency-Key")
	get.Header.Del("Accept-Encoding")
	get.Header.Del("If-None-Match")
	seen := &captured{header: http.Header{}}
	a := newAnswer(seen, get, &c)
	rt.r.mux.ServeHTTP(a, get)
	a.finish()
	if seen.status != http.StatusOK {
		return 0, "", nil
	}
	return http.StatusCreated, seen.header.Get("Content-Type"), seen.body.Bytes()
}

// captured is a ResponseWriter that keeps what is written.
type captured struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (c *captured) Header() http.Header { return c.header }

// WriteHeader implements http.ResponseWriter.
func (c *captured) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
}

// Write implements http.ResponseWriter.
func (c *captured) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.body.Write(b)
}

func printable(key string) bool {
	for _, c := range []byte(key) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return len(key) <= 200
}

// hashOf is the same for the same request. The body of an upload isn't known yet; its length stands for it.
func hashOf(req *http.Request, b []byte) string {
	h := sha256.New()
	for _, s := range []string{req.Method, req.URL.Path, req.URL.RawQuery, req.Header.Get("Content-Type")} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	if b == nil {
		h.Write([]byte(req.Header.Get("Content-Length")))
	}
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil))
}

// flight is a keyed request on this node.
type flight struct {
	key    string
	userID int64
}

// flights lets one request per key run at a time.
type flights struct {
	mu  sync.Mutex
	air map[flight]chan struct{}
}

func newFlights() *flights { return &flights{air: map[flight]chan struct{}{}} }

func (f *flights) enter(ctx context.Context, x flight) (land func(), err error) {
	for {
		f.mu.Lock()
		other := f.air[x]
		if other == nil {
			mine := make(chan struct{})
			f.air[x] = mine
			f.mu.Unlock()
			return func() {
				f.mu.Lock()
				delete(f.air, x)
				f.mu.Unlock()
				close(mine)
			}, nil
		}
		f.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, fault.New(fault.Conflict, "idempotency.running")
		}
	}
}
