package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// client speaks to the servers. Many requests at once shall not open a connection each.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256, IdleConnTimeout: 10 * time.Second}}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Problem is the answer's problem; its key is empty when the answer is none.
func (a Answer) Problem() (p struct{ Key, Title, Detail string }) {
	if strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") {
		_ = json.Unmarshal(a.Body, &p) // what can't be read has no key, and that is seen
	}
	return p
}

// Translated tells whether it is a problem with a sentence a person can read.
func (a Answer) Translated() bool {
	p := a.Problem()
	return p.Key != "" && p.Title != "" && strings.Contains(p.Detail, " ") && p.Detail != p.Key
}

// Ask sends a request as the administrator, or with other headers; in is sent as JSON, a text as it is. The error says that
// no answer came.
func (s *Program) Ask(ctx context.Context, method, path string, in any, header ...string) (Answer, error) {
	var body io.Reader
	if text, ok := in.(string); ok {
		body = strings.NewReader(text)
	} else if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return Answer{}, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, body)
	if err != nil {
		return Answer{}, err
	}
	req.Header.Set("Authorization", "Bearer "+s.portal.Token)
	req.Header.Set("Accept-Language", "en")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	answer, err := client.Do(req)
	if err != nil {
		return Answer{}, err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return Answer{}, err
	}
	return Answer{answer.StatusCode, answer.Header, b}, nil
}

// Call is Ask that decodes a good answer into out unless that is nil.
func (s *Program) Call(ctx context.Context, method, path string, in, out any, header ...string) (int, error) {
	a, err := s.Ask(ctx, method, path, in, header...)
	if err != nil {
		return 0, err
	}
	if out != nil && a.Status < 300 {
		if err := json.Unmarshal(a.Body, out); err != nil {
			return 0, fmt.Errorf("%s %s answered %q: %w", method, path, a.Body, err)
		}
	}
	return a.Status, nil
}

// Must is Call that ends the test on anything but success.
func (s *Program) Must(t testing.TB, method, path string, in, out any, header ...string) {
	t.Helper()
	a, err := s.Ask(context.Background(), method, path, in, header...)
	if err != nil || a.Status >= 300 {
		t.Fatalf("%s %s: %d %v %s\n%s", method, path, a.Status, err, a.Body, s.log)
	}
	if out != nil {
		if err := json.Unmarshal(a.Body, out); err != nil {
			t.Fatalf("%s %s answered %s: %v", method, path, a.Body, err)
		}
	}
}

// person takes somebody on and gives the number and a token.
func (s *Program) person(t testing.TB, name, role string) (id int64, token string) {
	t.Helper()
	email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.com"
	var user struct{ ID int64 }
	s.Must(t, "POST", "/api/users", map[string]any{
		"name": name, "email": email, "role": role, "language": "en", "zone": "Europe/Moscow", "password": "correct horse battery",
	}, &user)
	return user.ID, s.portal.Run(t, "", "token", "add", "--user", email)
}

// door opens a drum of people and an intake key that leads to it. An offer may be taken for so many minutes; after four
// misses it comes to rest with the administrator.
func (s *Program) door(t testing.TB, minutes float64, people ...int64) (key string) {
	t.Helper()
	var members []map[string]any
	for _, id := range people {
		members = append(members, map[string]any{"user": id, "active": true})
	}
	var drum, made struct {
		ID  int64
		Key string
	}
	s.Must(t, "POST", "/api/drums", map[string]any{"title": "Sales", "take_minutes": minutes, "misses_to_head": 4, "head": 1, "hours": "always", "members": members}, &drum)
	s.Must(t, "POST", "/api/intake-keys", map[string]any{"title": "Site", "channel": "form", "drum": drum.ID}, &made)
	return made.Key
}

// message is one message of a live stream.
type message struct {
	Kind string // record, offer, config, reset
	Data struct {
		ID          int64
		Type, Event string
	}
}

// live opens a live stream. The channel is closed when the server ends it.
func (s *Program) live(t testing.TB) <-chan message {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/api/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.portal.Token)
	answer, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("GET /api/live: %d", answer.StatusCode)
	}
	out := make(chan message, 100_000) // nobody waits for the reader of a test
	go func() {
		defer close(out)
		defer answer.Body.Close()
		var m message
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			switch name, value, _ := strings.Cut(lines.Text(), ": "); name {
			case "event":
				m = message{Kind: value}
			case "data":
				if json.Unmarshal([]byte(value), &m.Data) == nil {
					out <- m
				}
			}
		}
	}()
	return out
}

// hears waits until the stream tells what is wanted.
func hears(t testing.TB, from <-chan message, patience time.Duration, what string, want func(message) bool) {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case m, ok := <-from:
			if !ok {
				t.Fatalf("the stream ended before it told of %s", what)
			}
			if want(m) {
				return
			}
		case <-late:
			t.Fatalf("the stream didn't tell of %s within %v", what, patience)
		}
	}
}

// eventually waits until f is true.
func eventually(t testing.TB, patience time.Duration, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !f(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}
