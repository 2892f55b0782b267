package expr

import (
	"fmt"
	"strings"

	"voronka/internal/kernel/fault"
)

// Args are the values of a message's placeholders. Kinds, operators and forms of literals are given by their codes and
// named in the reader's language by In.
type Args = fault.Args

// Error says what is wrong with a condition, where, and what would be right.
type Error struct {
	Key      string   // "expr.unknown_field"; the texts are in messages.go
	Args     Args     // for the placeholders
	From, To int      // the wrong part in characters of the text, To is behind the last; both 0 for JSON
	At       string   // the wrong part of a JSON tree as a JSON pointer, "/args/1/value"; "" for text
	Want     []string // what would be right: nearest names, operators, kinds of value
}

// Error implements error, in English, for logs.
func (e *Error) Error() string {
	where := fmt.Sprintf("character %d", e.From+1)
	if e.At != "" {
		where = e.At
	}
	return e.In("en") + " (" + where + ")"
}

// Fault is the error for the API: an Invalid about the input field path. Its sentence is made by In, where the nouns
// are, so the catalogues have one message for all: expr.wrong is {why}. Data shows a client where it is.
func (e *Error) Fault(path string) *fault.Error {
	out := fault.In(path, "expr.wrong", Args{"why": e})
	out.Data = Wrong{Key: e.Key, From: e.From, To: e.To, At: e.At, Want: e.Want}
	out.Err = e
	return out
}

// Wrong is what an API client is told of an Error besides its sentence.
type Wrong struct {
	Key  string   `json:"key"`
	From int      `json:"from"`
	To   int      `json:"to"`
	At   string   `json:"at,omitempty"`
	Want []string `json:"want,omitempty"`
}

// fail makes an error; key comes without its prefix.
func fail(at place, key string, args Args, want ...string) *Error {
	return &Error{Key: "expr." + key, Args: args, From: at.from, To: at.to, Want: want}
}

// nearest is the name closest to a mistyped one, "" if none is close.
func nearest(name string, names []string) string {
	best, limit := "", 1+len([]rune(name))/4
	for _, candidate := range names {
		if d := distance(strings.ToLower(name), strings.ToLower(candidate), limit); d <= limit {
			best, limit = candidate, d-1
		}
	}
	return best
}

// distance counts the letters to insert, delete, replace or swap to get from a to b; beyond limit it may stop early.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
