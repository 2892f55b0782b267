package httpapi

import (
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"voronka/internal/kernel/clock"
)

// Shapes that the doors of all houses share.

// Route begins the description of a route.
func Route(method, path string, access Access, tag, summary string) Op {
	return Op{Method: method, Path: path, Summary: summary, Access: access, Tags: []string{tag}}
}

// Everyday is a route that changes no settings, though it is not for everybody: the access journal isn't told.
func Everyday(o Op) Op {
	o.Everyday = true
	return o
}

// ByID is the input of routes about one thing.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
}

// Instant is a moment as the API writes it; the zero moment is null.
func Instant(i clock.Instant) *time.Time {
	if i == 0 {
		return nil
	}
	t := i.Time()
	return &t
}

// OrNull makes nobody and nothing null.
func OrNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// RawJSON is JSON that is passed on as it is.
type RawJSON struct{ json.RawMessage }

// Schema implements huma.SchemaProvider.
func (RawJSON) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// Reference is the number of a thing in a patch: left out it stays, null takes it away.
type Reference struct {
	Set bool
	ID  int64
}

// UnmarshalJSON reads a number or null.
func (r *Reference) UnmarshalJSON(b []byte) error {
	r.Set, r.ID = true, 0
	if string(b) == "null" {
		return nil
	}
	return json.Unmarshal(b, &r.ID)
}

// Schema implements huma.SchemaProvider.
func (Reference) Schema(huma.Registry) *huma.Schema {
	zero := 0.0
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &zero, Nullable: true, Description: "null for none"}
}

// Value is what a patch says: nil when nothing.
func (r Reference) Value() *int64 {
	if !r.Set {
		return nil
	}
	return &r.ID
}
