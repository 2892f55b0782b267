package live

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"voronka/internal/kernel/event"
	"voronka/internal/org/access"
)

// record is the message about a change of a record.
type record struct {
	Seq         int64        `json:"seq"`
	Type        string       `json:"type"`
	ID          int64        `json:"id"`
	Event       string       `json:"event"` // created, changed, moved, deleted, restored
	Stage       string       `json:"stage,omitempty"`
	BeforeStage string       `json:"before_stage,omitempty"`
	Fields      []string     `json:"fields,omitempty"`
	Gone        bool         `json:"gone,omitempty"`
	Actor       int64        `json:"actor,omitempty"`
	Cause       *event.Cause `json:"cause,omitempty"`
}

// sight is how a reader stands to a change.
type sight int

const (
	unseen sight = iota
	seen         // before and after, or a record that is new
	came         // into sight by this change
	left         // sight by this change
	addressed
)

// message is an event with the forms it takes on the wire, each written at most once however many hear it.
type message struct {
	event.Event
	noun, verb string
	stage      func(id int64) string
	forms      [addressed + 1][]byte
}

func newMessage(e event.Event, stage func(int64) string) *message {
	m := &message{Event: e, stage: stage}
	m.noun, m.verb, _ = strings.Cut(e.Type, ".")
	return m
}

// about tells how a reader stands to the message.
func (m *message) about(who access.Who, plan func(recordType string) access.Plan) sight {
	for _, id := range m.Users {
		if id == who.UserID {
			return addressed
		}
	}
	if m.Before == nil && m.After == nil {
		if m.Ref.Zero() && len(m.Users) == 0 && (m.noun == "config" || m.noun == "index") {
			return addressed
		}
		return unseen
	}
	if m.Ref.Type == "" {
		return unseen
	}
	p := plan(m.Ref.Type)
	before, after := m.Before != nil && p.Sees(*m.Before), m.After != nil && p.Sees(*m.After)
	switch {
	case m.noun != "record": // an offer about a record the reader sees
		if after || before && m.After == nil {
			return addressed
		}
		return unseen
	case after && (before || m.Before == nil):
		return seen
	case after:
		return came
	case before:
		return left
	}
	return unseen
}

// formFor is form for a reader from whom fields are hidden: he isn't told that they changed; nil when nothing else did.
func (m *message) formFor(s sight, hidden []string) []byte {
	if m.noun != "record" || s == left || !slices.ContainsFunc(m.Fields, func(code string) bool { return slices.Contains(hidden, code) }) {
		return m.form(s)
	}
	own := *m
	own.forms = [addressed + 1][]byte{}
	own.Fields = slices.DeleteFunc(slices.Clone(m.Fields), func(code string) bool { return slices.Contains(hidden, code) })
	if len(own.Fields) == 0 && m.verb == "changed" {
		return nil
	}
	return own.form(s)
}

// form is the message on the wire as a reader of that sight gets it.
func (m *message) form(s sight) []byte {
	if m.forms[s] == nil {
		kind, data := m.noun, []byte(nil)
		switch {
		case m.noun == "record":
			data, _ = json.Marshal(m.record(s)) // strings and numbers only
		case m.noun == "index":
			kind, data = "config", m.merged()
		default:
			data = m.merged()
		}
		m.forms[s] = frame(m.Seq, kind, data)
	}
	return m.forms[s]
}

func (m *message) record(s sight) record {
	r := record{Seq: m.Seq, Type: m.Ref.Type, ID: m.Ref.ID, Event: m.verb}
	switch s {
	case left:
		r.Gone, r.BeforeStage = true, m.stage(m.Before.StageID)
		if m.After == nil { // deleted: no secret where it went
			r.Actor, r.Cause = m.ActorID, &m.Cause
		}
		return r
	case seen:
		if m.Before != nil && m.Before.StageID != m.After.StageID {
			r.BeforeStage = m.stage(m.Before.StageID)
		}
	}
	r.Stage, r.Fields, r.Actor, r.Cause = m.stage(m.After.StageID), m.Fields, m.ActorID, &m.Cause
	return r
}

// merged is the data of the event with its number and verb.
func (m *message) merged() []byte {
	b := strconv.AppendInt([]byte(`{"seq":`), m.Seq, 10)
	b = append(b, `,"event":`...)
	b = strconv.AppendQuote(b, m.verb)
	data := bytes.TrimSpace(m.Data)
	if len(data) > 2 && data[0] == '{' {
		b = append(b, ',')
		return append(b, data[1:]...)
	}
	return append(b, '}')
}

// frame writes one server-sent event.
func frame(seq int64, kind string, data []byte) []byte {
	b := make([]byte, 0, len(data)+64)
	b = strconv.AppendInt(append(b, "id: "...), seq, 10)
	b = append(append(b, "\nevent: "...), kind...)
	b = append(append(b, "\ndata: "...), bytes.ReplaceAll(data, []byte("\n"), []byte(" "))...)
	return append(b, "\n\n"...)
}

// beat is the comment that keeps proxies from closing a quiet stream; its id tells the browser how far it is. Before anything
// happened (0) there is no id to tell.
func beat(seq int64) []byte {
	if seq == 0 {
		return []byte(": still here\n\n")
	}
	return append(strconv.AppendInt([]byte(": still here\nid: "), seq, 10), "\n\n"...)
}

// reset tells that everything must be asked anew; what happens after seq follows.
func reset(seq int64) []byte { return frame(seq, "reset", []byte("{}")) }
