package recordquery

import (
	"encoding/json"
	"time"
)

// The shapes of the answers, for the description of the API; the answers themselves are written by hand.

// Record is one record: its system fields and beside them those of its type by their codes. A missing value is left out.
type Record struct {
	ID      int64  `json:"id"`
	Type    string `json:"type"`
	Version int64  `json:"version"`
	Title   string `json:"title,omitempty"`

	Pipeline       string     `json:"pipeline,omitempty"`
	Stage          string     `json:"stage,omitempty"`
	StageEnteredAt *time.Time `json:"stage_entered_at,omitempty"`
	Responsible    int64      `json:"responsible,omitempty"`
	Department     int64      `json:"department,omitempty"`
	Observers      []int64    `json:"observers,omitempty"`
	CreatedAt      *time.Time `json:"created_at,omitempty"`
	CreatedBy      int64      `json:"created_by,omitempty"`
	UpdatedAt      *time.Time `json:"updated_at,omitempty"`
	ClosedAt       *time.Time `json:"closed_at,omitempty"`
	LostReason     string     `json:"lost_reason,omitempty"`
	NextAt         *time.Time `json:"next_at,omitempty"`
	NextID         int64      `json:"next_id,omitempty"`
	NextTitle      string     `json:"next_title,omitempty"`
	Offer          *Offer     `json:"offer,omitempty"`
	Can            []string   `json:"can,omitempty" doc:"Of one record with all its fields: what the reader may do with it: edit, move (somewhere), assign, delete"`

	_ struct{} `additionalProperties:"true"`
}

// Offer is the open offer of a record to a person.
type Offer struct {
	ID        int64      `json:"id"`
	Drum      string     `json:"drum"`
	User      int64      `json:"user"`
	Round     int64      `json:"round"`
	State     string     `json:"state"`
	OfferedAt time.Time  `json:"offered_at"`
	DueAt     *time.Time `json:"due_at" doc:"null: without a deadline"`
	// Work and Pauses are there when its clock stands still before it is due.
	Work   int64   `json:"work_seconds,omitempty" doc:"The working time it gives; left out when its clock runs without a pause"`
	Pauses []Pause `json:"pauses,omitempty" doc:"When its clock stands still until it is due"`
}

// Pause is a time during which the clock of an offer stands still.
type Pause struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Page is a page of a list.
type Page struct {
	Items []Record `json:"items"`
	Next  string   `json:"next,omitempty"`
}

// Sum is an amount in minor units.
type Sum struct {
	Currency string `json:"currency"`
	Minor    int64  `json:"minor"`
}

// Total is what lies on a stage. Sum is in minor units of the portal's currency. Without exact it is at least that.
type Total struct {
	Stage string `json:"stage"`
	Count int64  `json:"count"`
	Sum   int64  `json:"sum"`
	Sums  []Sum  `json:"sums"`
	Exact bool   `json:"exact"`
}

// TotalsPage is the totals of a pipeline.
type TotalsPage struct {
	Pipeline string  `json:"pipeline"`
	Stages   []Total `json:"stages"`
	Exact    bool    `json:"exact"`
}

// BoardStage is a column of a board. Without totals_exact the figures are missing: ask for the totals.
type BoardStage struct {
	Stage string   `json:"stage"`
	Count int64    `json:"count,omitempty"`
	Sum   int64    `json:"sum,omitempty"`
	Sums  []Sum    `json:"sums,omitempty"`
	Exact bool     `json:"exact,omitempty"`
	Items []Record `json:"items"`
	Next  string   `json:"next,omitempty"`
}

// BoardPage is a board.
type BoardPage struct {
	Pipeline    string       `json:"pipeline"`
	Stages      []BoardStage `json:"stages"`
	TotalsExact bool         `json:"totals_exact"`
	Totals      *TotalsPage  `json:"totals,omitempty"`
}

// Counted is a number of records; without exact there are more.
type Counted struct {
	Count int64 `json:"count"`
	Exact bool  `json:"exact"`
}

// Story is a page of a record's history.
type Story struct {
	Planned []Record     `json:"planned,omitempty"`
	Items   []StoryEntry `json:"items"`
	Next    string       `json:"next,omitempty"`
}

// StoryEntry is a row of the journal with cause and diff, or an activity.
type StoryEntry struct {
	ID       int64           `json:"id"`
	At       time.Time       `json:"at"`
	Kind     string          `json:"kind"`
	Actor    int64           `json:"actor,omitempty"`
	Cause    json.RawMessage `json:"cause,omitempty"`
	Diff     json.RawMessage `json:"diff,omitempty"`
	Activity *Record         `json:"activity,omitempty"`
}

// Visit is a stay on a stage.
type Visit struct {
	Pipeline    string     `json:"pipeline"`
	Stage       string     `json:"stage"`
	Responsible int64      `json:"responsible,omitempty"`
	EnteredAt   time.Time  `json:"entered_at"`
	LeftAt      *time.Time `json:"left_at,omitempty"`
	WallSeconds int64      `json:"wall_seconds"`
	WorkSeconds int64      `json:"work_seconds" doc:"Working time of whoever is responsible; of an open visit so far"`
	RunsUntil   *time.Time `json:"runs_until,omitempty" doc:"While the working time of an open visit runs: when it stops next"`
}

// Visits are the stages a record has been on, in order.
type Visits struct {
	Items []Visit `json:"items"`
}

// Hit is a record a search found, and by which number or address.
type Hit struct {
	Type  string `json:"type"`
	ID    int64  `json:"id"`
	Title string `json:"title"`
	Hint  string `json:"hint,omitempty"`
}

// Found is what a search found.
type Found struct {
	Items []Hit `json:"items"`
}
