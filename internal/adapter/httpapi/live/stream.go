package live

import (
	"context"
	"errors"
	"math"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/event"
	"voronka/internal/org/access"
)

// Routes registers the stream.
func Routes(r *httpapi.Router, h *Hub) {
	httpapi.Stream(r, httpapi.Op{
		Method: http.MethodGet, Path: "/api/live", ID: "live", Summary: "What happens, as it happens (server-sent events)", Access: httpapi.SignedIn, Tags: []string{"live"}, Long: true,
		Doc:   "Events: record, offer, incident, config, reset. After a break send the last id as Last-Event-ID (or the parameter after).",
		Query: []httpapi.Param{{Name: "after", Type: int64(0), Doc: "id of the last event already had"}},
	}, nil, func(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
		s := &stream{hub: h, w: w, control: http.NewResponseController(w), again: func() (access.Who, error) { return r.Again(req) }, stopping: r.Stopping()}
		return s.serve(ctx, req)
	})
}

// stream is one connection.
type stream struct {
	hub      *Hub
	w        http.ResponseWriter
	control  *http.ResponseController
	again    func() (access.Who, error) // who it is now
	stopping <-chan struct{}
	reader   *reader
	last     int64 // number of the last event the reader has had
}

func (s *stream) serve(ctx context.Context, req *http.Request) error {
	after, resume, err := lastEvent(req)
	if err != nil {
		return err
	}
	who := httpapi.Who(ctx)
	if s.reader, s.last, err = s.hub.enter(who); err != nil {
		return err
	}
	defer s.hub.leave(s.reader, who.UserID)
	if s.last == 0 { // nothing happened since the program began
		if s.last, err = s.hub.source.End(ctx); err != nil {
			return err
		}
	}
	h := s.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	s.w.WriteHeader(http.StatusOK)
	if resume {
		err = s.catchUp(ctx, after)
	} else {
		err = s.write(beat(s.last))
	}
	if err == nil {
		err = s.listen(ctx)
	}
	return err
}

// lastEvent reads how far the browser was.
func lastEvent(req *http.Request) (seq int64, resume bool, err error) {
	if text := req.Header.Get("Last-Event-ID"); text != "" {
		seq, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seq < 0 {
			seq = math.MaxInt64 // not ours: the browser may have missed anything and is told to ask anew
		}
		return seq, true, nil
	}
	seq, err = httpapi.QueryInt(req, "after", -1, 0, 1<<62)
	return seq, seq >= 0, err
}

// catchUp sends what happened after seq up to where listening began; what comes meanwhile waits in the queue.
func (s *stream) catchUp(ctx context.Context, seq int64) error {
	end, err := s.hub.source.End(ctx)
	if err != nil {
		return err
	}
	if seq > end || end-seq > maxMissed { // another database, or quicker asked anew
		s.last = max(s.last, end)
		return s.write(reset(s.last))
	}
	for seq < end {
		events, err := s.hub.source.Since(ctx, seq, page)
		if errors.Is(err, ErrGone) {
			s.last = max(s.last, end)
			return s.write(reset(s.last))
		}
		if err != nil {
			return err
		}
		if len(events) == 0 {
			break
		}
		if err := s.missed(events); err != nil {
			return err
		}
		seq = events[len(events)-1].Seq
	}
	s.last = seq
	return s.write(beat(seq))
}

func (s *stream) missed(events []event.Event) error {
	var text []byte
	for _, e := range events {
		text = append(text, s.reader.form(newMessage(e, s.hub.stage))...)
	}
	return s.write(text)
}

// listen passes on what the hub gives, until somebody has enough.
func (s *stream) listen(ctx context.Context) error {
	check := time.NewTicker(recheck)
	defer check.Stop()
	settle := time.NewTimer(time.Hour)
	defer settle.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-s.stopping:
			return nil
		case <-s.reader.cut:
			return nil
		case f := <-s.reader.frames:
			err = s.pass(f)
		case <-s.reader.changed: // this node may learn of it a moment later than the event comes
			settle.Reset(settleTime)
			err = s.reconsider()
		case <-settle.C:
			err = s.reconsider()
		case <-check.C:
			err = s.reconsider()
		}
		if err != nil {
			return nil //nolint:nilerr // the stream has begun: all that can be said is its end
		}
	}
}

// pass sends a message with all that wait behind it.
func (s *stream) pass(f queued) error {
	var text []byte
	for {
		if f.seq > s.last || f.text[0] == ':' && (f.seq == s.last || f.seq == 0) {
			text = append(text, f.text...)
			s.last = max(s.last, f.seq)
		}
		select {
		case f = <-s.reader.frames:
			continue
		default:
		}
		if len(text) == 0 {
			return nil
		}
		return s.write(text)
	}
}

// reconsider looks who it is now. A session that ended ends the stream; other rights make everything asked anew.
func (s *stream) reconsider() error {
	who, err := s.again()
	if err != nil {
		return err
	}
	if s.reader.become(who) {
		return s.write(reset(s.last))
	}
	return nil
}

func (s *stream) write(text []byte) error {
	_ = s.control.SetWriteDeadline(time.Now().Add(writeTime)) // a writer without deadlines has none to miss
	if _, err := s.w.Write(text); err != nil {
		return err
	}
	return s.control.Flush()
}

// same tells whether two people have the same rights.
func same(a, b access.Who) bool { return reflect.DeepEqual(a, b) }
