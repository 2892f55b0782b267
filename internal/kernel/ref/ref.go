// Package ref names "any record", so that low rooms can point at records without knowing their types.
package ref

import (
	"fmt"
	"strconv"
	"strings"
)

// Ref points at one record: the code of its type and its number within the type.
type Ref struct {
	Type string `json:"type"`
	ID   int64  `json:"id"`
}

// Zero tells whether the reference points at nothing.
func (r Ref) Zero() bool { return r.ID == 0 }

// String writes the reference as "deal/42".
func (r Ref) String() string { return r.Type + "/" + strconv.FormatInt(r.ID, 10) }

// Parse reads what String wrote.
func Parse(s string) (Ref, error) {
	kind, number, ok := strings.Cut(s, "/")
	id, err := strconv.ParseInt(number, 10, 64)
	if !ok || kind == "" || err != nil || id <= 0 {
		return Ref{}, fmt.Errorf("ref: %q is not type/number", s)
	}
	return Ref{Type: kind, ID: id}, nil
}
