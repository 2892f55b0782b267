package record

import (
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/record/schema"
)

// Values are a record's values by field code, in the API's shape: string, json.Number, int64, float64, bool, nil, []any,
// map[string]any (clock.Instant for moments and ref.Ref for links are taken too).
//
//	money      {"minor":128400000,"currency":"RUB"}, {"amount":"1284000.00","currency":"RUB"}, "1284000.00" in base currency
//	link       7 or {"id":7};  links  [{"type":"deal","id":5}, "deal/5"]
//	phones     ["+7 921 …", {"value":"…","kind":"work"}]
//	lists      "site";  multi-lists  ["a","b"];  decimal  "12.50";  date  "2026-12-18";  datetime  RFC 3339
type Values map[string]any

// State is a record as it stands: what the system keeps of it and the values of its own fields.
type State struct {
	ID             int64
	Version        int64
	Title          string
	event.Access   // pipeline, stage, responsible, department and its place, observers
	StageEnteredAt clock.Instant
	CreatedAt      clock.Instant
	CreatedBy      int64
	UpdatedAt      clock.Instant
	ClosedAt       clock.Instant // 0 = open
	LostReasonID   int64
	NextAt         clock.Instant // 0 = no next step
	NextID         int64
	NextTitle      string
	// Data are the values of own fields by Field.Pos. In a Change that wasn't a creation or deletion, values of side tables
	// (phones, links …) are there only for changed fields; Service.Load gives all.
	Data []schema.Datum
}

// Get is the value of a field, own or system.
func (s *State) Get(f *schema.Field) schema.Datum {
	if f.Pos >= 0 {
		if f.Pos < len(s.Data) {
			return s.Data[f.Pos]
		}
		return schema.Datum{}
	}
	switch f.Code {
	case "id":
		return schema.IntDatum(s.ID)
	case "title":
		return schema.Datum{Set: s.Title != "", Text: s.Title}
	case "pipeline":
		return id(s.PipelineID)
	case "stage":
		return id(s.StageID)
	case "responsible":
		return id(s.ResponsibleID)
	case "department":
		return id(s.DepartmentID)
	case "created_at":
		return moment(s.CreatedAt)
	case "created_by":
		return id(s.CreatedBy)
	case "updated_at":
		return moment(s.UpdatedAt)
	case "version":
		return schema.IntDatum(s.Version)
	case "stage_entered_at":
		return moment(s.StageEnteredAt)
	case "closed_at":
		return moment(s.ClosedAt)
	case "lost_reason":
		return id(s.LostReasonID)
	case "next_at":
		return moment(s.NextAt)
	case "next_id":
		return id(s.NextID)
	case "next_title":
		return schema.Datum{Set: s.NextTitle != "", Text: s.NextTitle}
	case "observers":
		return observers(s.Observers)
	}
	return schema.Datum{}
}

func id(n int64) schema.Datum { return schema.Datum{Set: n != 0, Int: n} }

func moment(at clock.Instant) schema.Datum { return schema.Datum{Set: at != 0, Int: int64(at)} }

func observers(ids []int64) schema.Datum {
	items := make([]schema.Item, len(ids))
	for i, n := range ids {
		items[i].ID = n
	}
	return schema.ManyDatum(items)
}

// Diff is how one field changed.
type Diff struct {
	Field    *schema.Field
	From, To schema.Datum
}

// Change is what happens, or happened, to one record. Before is the zero State for a new record; for a restored one it is
// zero too and Restored is set. After is the zero State (but for ID) for a deleted one.
type Change struct {
	Type     *schema.Type
	Catalog  *schema.Catalog
	ID       int64 // 0 in Before of a creation
	Created  bool
	Deleted  bool
	Restored bool
	Before   State
	After    State
	Fields   map[string]Diff // changed fields by code
	Codes    []string        // their codes in a fixed order
}

// Changed tells whether a field is among the changed ones.
func (c *Change) Changed(code string) bool { _, ok := c.Fields[code]; return ok }

// Moved tells whether the record came to another stage.
func (c *Change) Moved() bool {
	return !c.Created && !c.Deleted && !c.Restored && c.Before.StageID != c.After.StageID
}

// To is the new value of a changed or unchanged field by its code.
func (c *Change) To(code string) schema.Datum {
	if d, ok := c.Fields[code]; ok {
		return d.To
	}
	if f := c.Type.Field(code); f != nil {
		return c.After.Get(f)
	}
	return schema.Datum{}
}
