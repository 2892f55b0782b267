package live

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
)

// house is a hub behind a real server with a log of events in memory.
type house struct {
	t      *testing.T
	hub    *Hub
	router *httpapi.Router
	url    string

	mu     sync.Mutex
	log    []event.Event
	first  int64 // older ones are gone
	people map[string]access.Who
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, people: map[string]access.Who{"admin": {UserID: 1, Role: access.Admin}}}
	h.hub = NewHub(h, func(id int64) string { return map[int64]string{1: "new", 2: "won"}[id] })
	h.router = httpapi.New(httpapi.Options{Auth: h, RatePerSecond: 1e6})
	Routes(h.router, h.hub)
	server := httptest.NewServer(h.router)
	h.url = server.URL
	t.Cleanup(func() { h.router.Stop(); server.Close() })
	return h
}

func (h *house) ByCookie(context.Context, string) (access.Who, int64, error) {
	panic("no cookies here")
}

func (h *house) ByToken(_ context.Context, token string) (access.Who, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	who, ok := h.people[token]
	if !ok {
		return who, fault.New(fault.Unauthenticated, "http.unauthenticated")
	}
	return who, nil
}

func (h *house) person(token string, who access.Who) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.people[token] = who
}

func (h *house) Since(_ context.Context, seq int64, limit int) ([]event.Event, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if seq < h.first {
		return nil, ErrGone
	}
	events := h.log[seq-h.first:]
	return events[:min(limit, len(events))], nil
}

func (h *house) End(context.Context) (int64, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.first + int64(len(h.log)), nil
}

// happen adds events to the log and gives them to the hub.
func (h *house) happen(events ...event.Event) {
	h.mu.Lock()
	for i := range events {
		events[i].Seq = h.first + int64(len(h.log)) + 1
		h.log = append(h.log, events[i])
	}
	h.mu.Unlock()
	if err := h.hub.Take(context.Background(), events); err != nil {
		h.t.Error(err)
	}
}

type heard struct {
	id, kind string
	data     map[string]any
}

// listen opens a stream; its messages come out of the channel, which is closed when the stream ends.
func (h *house) listen(token string, header ...string) (<-chan heard, func()) {
	h.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, h.url+"/api/live", nil)
	req.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		h.t.Fatalf("the stream is answered with %d", answer.StatusCode)
	}
	out := make(chan heard, 1000)
	ready := make(chan struct{})
	go func() {
		defer answer.Body.Close()
		defer close(out)
		var m heard
		begun := false
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			line := lines.Text()
			switch key, value, _ := strings.Cut(line, ": "); {
			case line == "":
				if !begun {
					begun = true
					close(ready)
				}
				if m.kind != "" {
					out <- m
				}
				m = heard{}
			case key == "id":
				m.id = value
			case key == "event":
				m.kind = value
			case key == "data":
				_ = json.Unmarshal([]byte(value), &m.data)
			}
		}
	}()
	<-ready
	h.t.Cleanup(stop)
	return out, stop
}

// next waits for the next message.
func next(t *testing.T, from <-chan heard) heard {
	t.Helper()
	select {
	case m, ok := <-from:
		if !ok {
			t.Fatal("the stream ended")
		}
		return m
	case <-time.After(5 * time.Second):
		t.Fatal("nothing came")
	}
	return heard{}
}

func ended(t *testing.T, stream <-chan heard) {
	t.Helper()
	for {
		select {
		case _, ok := <-stream:
			if !ok {
				return
			}
		case <-time.After(5 * time.Second):
			t.Fatal("the stream goes on")
		}
	}
}

func at(responsible, stage int64) *event.Access {
	return &event.Access{ResponsibleID: responsible, StageID: stage, PipelineID: 1}
}

func deal(id int64, kind string, before, after *event.Access) event.Event {
	return event.Event{
		Type: "record." + kind, Ref: ref.Ref{Type: "deal", ID: id}, Before: before, After: after, ActorID: 9,
		Cause: event.Cause{Kind: "person"}, Fields: []string{"amount"},
	}
}

func TestEveryReaderHearsWhatHeMaySee(t *testing.T) {
	h := newHouse(t)
	h.person("two", access.Who{UserID: 2, Role: access.Manager})
	h.person("guest", access.Who{UserID: 3, Role: access.Guest})
	admin, _ := h.listen("admin")
	two, _ := h.listen("two")
	guest, _ := h.listen("guest")

	h.happen(
		deal(10, "created", nil, at(5, 1)),
		deal(11, "created", nil, at(2, 1)),
		deal(11, "moved", at(2, 1), at(2, 2)),
		deal(10, "changed", at(5, 1), at(2, 1)), // comes into the sight of two
		deal(11, "changed", at(2, 2), at(5, 2)), // leaves it
		deal(10, "deleted", at(2, 1), nil),
		event.Event{Type: "offer.made", Ref: ref.Ref{Type: "lead", ID: 4}, Users: []int64{2}, Data: json.RawMessage(`{"id":7}`)},
		event.Event{Type: "config.changed", Data: json.RawMessage(`{"name":"schema"}`)},
		event.Event{Type: "secret.thing", Data: json.RawMessage(`{"a":1}`)},
		deal(99, "created", nil, at(1, 1)),
	)
	says := func(stream <-chan heard, n int) (all []string) {
		for range n {
			m := next(t, stream)
			s := m.id + " " + m.kind
			for _, key := range []string{"event", "id", "before_stage", "stage", "gone", "actor", "name"} {
				if v, ok := m.data[key]; ok {
					s += fmt.Sprintf(" %s=%v", key, v)
				}
			}
			all = append(all, s)
		}
		return all
	}
	check := func(name string, stream <-chan heard, want ...string) {
		t.Helper()
		if got := says(stream, len(want)); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s heard\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	check("the administrator", admin,
		"1 record event=created id=10 stage=new actor=9", "2 record event=created id=11 stage=new actor=9",
		"3 record event=moved id=11 before_stage=new stage=won actor=9", "4 record event=changed id=10 stage=new actor=9",
		"5 record event=changed id=11 stage=won actor=9", "6 record event=deleted id=10 before_stage=new gone=true actor=9",
		"8 config event=changed name=schema", "10 record event=created id=99 stage=new actor=9")
	check("the manager", two,
		"2 record event=created id=11 stage=new actor=9", "3 record event=moved id=11 before_stage=new stage=won actor=9",
		"4 record event=changed id=10 stage=new actor=9", "5 record event=changed id=11 before_stage=won gone=true",
		"6 record event=deleted id=10 before_stage=new gone=true actor=9", "7 offer event=made id=7", "8 config event=changed name=schema")
	check("the guest", guest, "8 config event=changed name=schema")
}

// TestHiddenFieldsAreNotTold: which fields changed is told as far as the reader knows of them, a change of nothing else not at all.
func TestHiddenFieldsAreNotTold(t *testing.T) {
	h := newHouse(t)
	rights := access.NewRights([]*access.Definition{{
		Grants: []access.Grant{{Ops: []access.Op{access.See}, Scopes: []access.Scope{access.ScopeAll}}},
		Fields: []access.FieldRule{{Type: "deal", Field: "amount", Access: access.Hidden}},
	}})
	h.person("eve", access.Who{UserID: 2, Role: access.Employee, Rights: rights})
	admin, _ := h.listen("admin")
	eve, _ := h.listen("eve")
	both := deal(11, "changed", at(5, 1), at(5, 1))
	both.Fields = []string{"amount", "comment"}
	h.happen(deal(10, "changed", at(5, 1), at(5, 1)), both, deal(12, "moved", at(5, 1), at(5, 2)), deal(13, "created", nil, at(5, 1)))
	for _, want := range []string{"10 [amount]", "11 [amount comment]", "12 [amount]", "13 [amount]"} {
		if m := next(t, admin); fmt.Sprint(m.data["id"], " ", m.data["fields"]) != want {
			t.Errorf("the administrator heard %v, want %s", m.data, want)
		}
	}
	for _, want := range []string{"11 [comment]", "12 <nil>", "13 <nil>"} {
		if m := next(t, eve); fmt.Sprint(m.data["id"], " ", m.data["fields"]) != want {
			t.Errorf("she heard %v, want %s", m.data, want)
		}
	}
}

func TestResume(t *testing.T) {
	h := newHouse(t)
	for i := range int64(1200) {
		h.happen(deal(i+1, "created", nil, at(1, 1)))
	}
	stream, _ := h.listen("admin", "Last-Event-ID", "100")
	h.happen(deal(5000, "created", nil, at(1, 1)))
	for want := int64(101); want <= 1201; want++ {
		if m := next(t, stream); m.id != fmt.Sprint(want) {
			t.Fatalf("after %d came %s", want-1, m.id)
		}
	}
}

func TestResumeThatIsImpossible(t *testing.T) {
	h := newHouse(t)
	h.first = 1000
	h.happen(deal(1, "created", nil, at(1, 1)))
	for _, last := range []string{"5", "999999", "abc", "-3"} {
		stream, _ := h.listen("admin", "Last-Event-ID", last)
		if m := next(t, stream); m.kind != "reset" || m.id != "1001" {
			t.Errorf("after %s came %+v", last, m)
		}
	}
}

func TestEndOfASession(t *testing.T) {
	h := newHouse(t)
	h.person("two", access.Who{UserID: 2, Role: access.Manager})
	stream, _ := h.listen("two")
	h.mu.Lock()
	delete(h.people, "two")
	h.mu.Unlock()
	h.happen(event.Event{Type: "config.changed", Data: json.RawMessage(`{"name":"org"}`)})
	ended(t, stream)
}

func TestOtherRights(t *testing.T) {
	h := newHouse(t)
	h.person("two", access.Who{UserID: 2, Role: access.Manager})
	stream, _ := h.listen("two")
	h.happen(deal(1, "created", nil, at(5, 1)))
	h.person("two", access.Who{UserID: 2, Role: access.Admin})
	h.happen(event.Event{Type: "config.changed", Data: json.RawMessage(`{"name":"org"}`)})
	for next(t, stream).kind != "reset" {
	}
	h.happen(deal(2, "created", nil, at(5, 1)))
	m := next(t, stream)
	for m.kind == "config" { // the news itself may come behind what it made necessary
		m = next(t, stream)
	}
	if m.data["id"] != 2.0 {
		t.Errorf("heard %+v", m)
	}
}

func TestASlowReaderIsCutOff(t *testing.T) {
	h := newHouse(t)
	r, _, err := h.hub.enter(access.Who{UserID: 1, Role: access.Admin})
	if err != nil {
		t.Fatal(err)
	}
	quick, _ := h.listen("admin")
	for i := range int64(buffer + 10) {
		h.happen(deal(i+1, "created", nil, at(1, 1)))
		next(t, quick)
	}
	select {
	case <-r.cut:
	default:
		t.Error("a reader who reads nothing is kept")
	}
	if _, _, dropped := h.hub.Readers(); dropped != 1 {
		t.Errorf("%d dropped", dropped)
	}
}

func TestTooManyStreamsOfOnePerson(t *testing.T) {
	h := newHouse(t)
	for range perPerson {
		if _, _, err := h.hub.enter(access.Who{UserID: 1}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := h.hub.enter(access.Who{UserID: 1}); !fault.Is(err, fault.TooMany) {
		t.Errorf("%v", err)
	}
	if r, _, err := h.hub.enter(access.Who{UserID: 2}); err != nil {
		t.Error(err)
	} else {
		h.hub.leave(r, 2)
	}
	if open, _, _ := h.hub.Readers(); open != perPerson {
		t.Errorf("%d open", open)
	}
}

// TestHundredsOfReaders lets 300 people listen; each hears his own changes in order, and nobody else's.
func TestHundredsOfReaders(t *testing.T) {
	h := newHouse(t)
	const people, each = 300, 20
	var all sync.WaitGroup
	for p := range int64(people) {
		h.person(fmt.Sprint(p+10), access.Who{UserID: p + 10, Role: access.Manager})
		stream, _ := h.listen(fmt.Sprint(p + 10))
		all.Go(func() {
			for i := range each {
				select {
				case m := <-stream:
					if m.data["id"] != float64(int64(i)*people+p) {
						t.Errorf("%d heard %+v as number %d", p, m, i)
						return
					}
				case <-time.After(20 * time.Second):
					t.Errorf("%d heard %d", p, i)
					return
				}
			}
		})
	}
	for i := range int64(each) {
		batch := make([]event.Event, people)
		for p := range int64(people) {
			batch[p] = deal(i*people+p, "created", nil, at(p+10, 1))
		}
		h.happen(batch...)
	}
	all.Wait()
}

func TestAQuietStreamIsKeptOpen(t *testing.T) {
	h := newHouse(t)
	r, _, err := h.hub.enter(access.Who{UserID: 1, Role: access.Admin})
	if err != nil {
		t.Fatal(err)
	}
	h.hub.beat()
	if f := <-r.frames; string(f.text) != ": still here\n\n" {
		t.Errorf("before anything happened: %q", f.text)
	}
	h.happen(deal(1, "created", nil, at(1, 1)))
	<-r.frames
	h.hub.beat()
	if f := <-r.frames; string(f.text) != ": still here\nid: 1\n\n" {
		t.Errorf("afterwards: %q", f.text)
	}
}

func TestStoppingEndsStreams(t *testing.T) {
	h := newHouse(t)
	stream, _ := h.listen("admin")
	h.router.Stop()
	ended(t, stream)
}

func BenchmarkTake(b *testing.B) {
	h := NewHub(nil, func(int64) string { return "new" })
	for i := range int64(500) {
		r, _, err := h.enter(access.Who{UserID: i, Role: access.Manager})
		if err != nil {
			b.Fatal(err)
		}
		go func() {
			for range r.frames {
			}
		}()
	}
	for i := range b.N {
		e := deal(1, "changed", at(int64(i%500), 1), at(int64(i%500), 1))
		e.Seq = int64(i + 1)
		_ = h.Take(context.Background(), []event.Event{e})
	}
}
