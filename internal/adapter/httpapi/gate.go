package httpapi

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// gate bounds how many connections are at work at once. Every accepted one costs buffers and stacks before its request can be
// refused; those beyond the bound wait in the system's queue, which costs the program nothing, and are let in as others leave.
// Quiet connections and live streams don't count: there may be one for every person.
type gate struct {
	most int

	mu   sync.Mutex
	open map[net.Conn]*visit
	busy int
	left chan struct{} // somebody has left, or is quiet
}

// visit is an open connection.
type visit struct {
	g       *gate
	counted bool
}

// gatePatience is how long the gate waits for somebody to leave. Should nobody, those inside are slow or hostile, and the next
// is let in all the same: they must not lock out everybody.
const gatePatience = 20 * time.Millisecond

func newGate(most int) *gate {
	return &gate{most: most, open: map[net.Conn]*visit{}, left: make(chan struct{}, 1)}
}

// Guard lets a server's connections through the gate; it returns the listener to serve on.
func (r *Router) Guard(s *http.Server, l net.Listener) net.Listener {
	s.ConnContext, s.ConnState = r.gate.enter, r.gate.note
	return &guarded{Listener: l, gate: r.gate, closed: make(chan struct{})}
}

// guarded accepts when there is room.
type guarded struct {
	net.Listener
	gate   *gate
	closed chan struct{}
	once   sync.Once
}

// Accept implements net.Listener.
func (l *guarded) Accept() (net.Conn, error) {
	l.gate.wait(l.closed)
	return l.Listener.Accept()
}

// Close implements net.Listener.
func (l *guarded) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

func (g *gate) wait(closed <-chan struct{}) {
	if g.room() {
		return
	}
	timer := time.NewTimer(gatePatience)
	defer timer.Stop()
	for !g.room() {
		select {
		case <-g.left:
		case <-timer.C:
			return
		case <-closed:
			return
		}
	}
}

func (g *gate) room() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.busy < g.most
}

// crowded tells that so many are open that a refused one had better not stay.
func (g *gate) crowded() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.open) > 2*g.most
}

// enter is http.Server's ConnContext: a request finds its connection in its context.
func (g *gate) enter(ctx context.Context, c net.Conn) context.Context {
	v := &visit{g: g}
	g.mu.Lock()
	g.open[c] = v
	g.mu.Unlock()
	return context.WithValue(ctx, visitKey, v)
}

// note is http.Server's ConnState.
func (g *gate) note(c net.Conn, state http.ConnState) {
	g.mu.Lock()
	defer g.mu.Unlock()
	v := g.open[c]
	if v == nil {
		return
	}
	switch state {
	case http.StateNew, http.StateActive:
		if !v.counted {
			v.counted = true
			g.busy++
		}
	case http.StateIdle:
		v.leave()
	case http.StateClosed, http.StateHijacked:
		v.leave()
		delete(g.open, c)
	}
}

// leave is called with the gate locked.
func (v *visit) leave() {
	if !v.counted {
		return
	}
	v.counted = false
	v.g.busy--
	select {
	case v.g.left <- struct{}{}:
	default:
	}
}

// stays says that the connection of ctx is open for long and takes nobody's place.
func stays(ctx context.Context) {
	if v, ok := ctx.Value(visitKey).(*visit); ok {
		v.g.mu.Lock()
		v.leave()
		v.g.mu.Unlock()
	}
}
