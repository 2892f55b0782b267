package orgapi

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
)

// reference is the number of a thing in a patch: left out it stays, null takes it away.
type reference struct {
	set bool
	id  int64
}

// UnmarshalJSON reads a number or null.
func (r *reference) UnmarshalJSON(b []byte) error {
	r.set = true
	if string(b) == "null" {
		r.id = 0
		return nil
	}
	return json.Unmarshal(b, &r.id)
}

// Schema implements huma.SchemaProvider.
func (r reference) Schema(huma.Registry) *huma.Schema {
	zero := 0.0
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &zero, Nullable: true, Description: "null for none"}
}

// value is what a patch says: nil when nothing.
func (r reference) value() *int64 {
	if !r.set {
		return nil
	}
	return &r.id
}
