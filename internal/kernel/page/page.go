// Package page is keyset paging: a page ends with an opaque mark of its last row, and the next one starts after it.
package page

import (
	"encoding/base64"
	"encoding/json"

	"voronka/internal/kernel/fault"
)

// Limits of a page's length.
const (
	DefaultLimit = 50
	MaxLimit     = 500
)

// Limit brings a wished page length into bounds; 0 means the default.
func Limit(n int) int {
	switch {
	case n <= 0:
		return DefaultLimit
	case n > MaxLimit:
		return MaxLimit
	}
	return n
}

// Encode makes the opaque mark of a position.
func Encode(position any) string {
	b, err := json.Marshal(position)
	if err != nil {
		panic("page: position can't be written: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Decode reads a mark into position. A mark that isn't ours is the user's mistake.
func Decode(mark string, position any) error {
	b, err := base64.RawURLEncoding.DecodeString(mark)
	if err == nil {
		err = json.Unmarshal(b, position)
	}
	if err != nil {
		return &fault.Error{Code: fault.Invalid, Key: "invalid", Err: err, Fields: []fault.Field{{Path: "after", Key: "page.bad_mark"}}}
	}
	return nil
}
