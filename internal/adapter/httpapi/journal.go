package httpapi

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync/atomic"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/accessjournal"
)

// The access journal and requests.
//
// Settings: whoever may call a route that is only for administrators, heads or the holders of a portal right changes how the
// portal is set up, unless the route says it is Everyday. So it is the route, not forty use cases, that leaves a line: the
// first transaction of its handler that succeeds writes it too (Once), so either the change and its line are there or
// neither. A use case that writes a line of its own in that transaction (rights, accounts) says more; then ours isn't
// written. A handler that has changed something without Once would leave none: for it a line is written after it has
// succeeded. A new route is journalled without a word.
//
// Exports: a handler calls Export before it answers; what can't be written down isn't given out.

// Journal is where lines about requests are written.
type Journal struct {
	Tx    tx.Doer
	Lines accessjournal.Writer
}

// change is what a route for administrators does, on its way through the handler.
type change struct {
	lines accessjournal.Writer
	data  json.RawMessage
	tally *accessjournal.Tally
	done  atomic.Bool
}

type changeKey struct{}

// settings tells whether calls of the route change how the portal is set up.
func (o Op) settings() bool {
	switch o.Access {
	case Public, SetupOnly, SignedIn, Member:
		return false
	}
	return o.Method != http.MethodGet && !o.Everyday
}

// journalled runs the handler so that a change of settings leaves a line.
func (rt *route) journalled(a *answer, req *http.Request, b *body) error {
	journal := rt.r.opt.Journal
	if journal.Lines == nil || !rt.settings() {
		return rt.handler(a, req)
	}
	ctx, tally := accessjournal.WithTally(req.Context())
	x := &change{lines: journal.Lines, data: rt.told(req, b), tally: tally}
	ctx = context.WithValue(ctx, changeKey{}, x)
	if err := rt.handler(a, req.WithContext(ctx)); err != nil || a.status >= http.StatusBadRequest || x.done.Load() {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if err := journal.Tx.Do(ctx, x.noted(func(tx.Tx) error { return nil })); err != nil {
		Log(ctx).Error("a change of settings is not in the access journal", "what", rt.Method+" "+rt.Path, "err", err)
	}
	return nil
}

// maxTold is how many names of changed values a line holds.
const maxTold = 20

// told is what a line says of the request: the route, where it led, and the names of what was sent. Values stay out: there
// are secrets among them.
func (rt *route) told(req *http.Request, b *body) json.RawMessage {
	data := map[string]any{"what": rt.Method + " " + rt.Path, "path": req.URL.Path}
	var sent map[string]json.RawMessage
	if json.Unmarshal(b.bytes, &sent) == nil && len(sent) > 0 {
		names := slices.Sorted(maps.Keys(sent))
		data["sent"] = names[:min(len(names), maxTold)]
	}
	return accessjournal.Data(data)
}

// noted is f with the line of the change.
func (x *change) noted(f func(tx.Tx) error) func(tx.Tx) error {
	return func(t tx.Tx) error {
		before := x.tally.N()
		if err := f(t); err != nil || x.tally.N() > before {
			return err
		}
		return x.lines.Note(t, accessjournal.Entry{Kind: accessjournal.Settings, Data: x.data})
	}
}

// Export writes into the access journal that the person who asks carries data out of the portal: which (a record type or
// another word), how many rows, and by which filter. It is called before the answer is given; when it fails, nothing is.
func Export(ctx context.Context, what string, rows int64, filter string) error {
	c := callOf(ctx)
	if c.route == nil || c.route.r.opt.Journal.Lines == nil {
		return nil
	}
	j := c.route.r.opt.Journal
	data := accessjournal.Data(map[string]any{"type": what, "rows": rows, "filter": filter})
	err := j.Tx.Do(ctx, func(t tx.Tx) error {
		return j.Lines.Note(t, accessjournal.Entry{Kind: accessjournal.Export, Data: data})
	})
	if err != nil {
		return fault.Wrap(fault.Unavailable, "accessjournal.not_noted", err)
	}
	return nil
}
