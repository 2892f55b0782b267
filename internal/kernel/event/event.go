// Package event describes what happened, for those who were not there. Events are written to the outbox in the
// transaction of the change itself and delivered after its commit, at least once, in one order for everybody.
package event

import (
	"encoding/json"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
)

// MaxDepth is how many causes deep a chain of automatic changes may grow before it is stopped with an incident.
const MaxDepth = 16

// Cause says because of what a change was made. A change made by a person has Kind "person".
type Cause struct {
	Kind  string `json:"kind"`            // person, intake, drum, rule, process, import, api, system, demo
	Code  string `json:"code,omitempty"`  // the drum, rule, form … by its code
	ID    int64  `json:"id,omitempty"`    // or by its number
	Title string `json:"title,omitempty"` // as it was called then, so that history stays readable
	Note  string `json:"note,omitempty"`  // message key that explains more, "drum.missed" …
	Depth int    `json:"depth,omitempty"` // 0 for a person or an outside request
	Chain string `json:"chain,omitempty"` // one identifier for everything that follows from one act
}

// Access are the attributes rights are decided by. Before and after a change both are kept, so that a record leaving
// somebody's sight can be told to that person as gone.
type Access struct {
	PipelineID    int64   `json:"p,omitempty"`
	StageID       int64   `json:"s,omitempty"`
	ResponsibleID int64   `json:"r,omitempty"`
	DepartmentID  int64   `json:"d,omitempty"`
	DeptPos       int64   `json:"dp,omitempty"`
	Observers     []int64 `json:"o,omitempty"`
}

// Event is one thing that happened, in the past tense: "record.created", "offer.missed".
type Event struct {
	Seq     int64           `json:"seq"`  // place in the one order; given after commit
	Type    string          `json:"type"` // noun.verb in the past tense
	V       int             `json:"v"`    // version of the payload's shape
	At      clock.Instant   `json:"at"`
	ActorID int64           `json:"actor,omitempty"` // the person, 0 for the system
	Cause   Cause           `json:"cause"`
	Ref     ref.Ref         `json:"ref"`              // the record it is about, may be zero
	Before  *Access         `json:"before,omitempty"` // nil: was not there
	After   *Access         `json:"after,omitempty"`  // nil: is not there any more
	Fields  []string        `json:"fields,omitempty"` // codes of the changed fields
	Users   []int64         `json:"users,omitempty"`  // addressed to these people only, whatever their rights on the record
	Data    json.RawMessage `json:"data,omitempty"`
}
