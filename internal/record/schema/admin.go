package schema

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// KeepDays is how long removed fields and types can be brought back.
const KeepDays = 30

// Jobs of the schema.
const (
	JobIndex     = "record.index"      // IndexJob: build a field's index
	JobDropField = "record.drop_field" // FieldJob: the 30 days are over
	JobDropType  = "record.drop_type"  // TypeJob: the 30 days are over
	JobMoveValue = "record.move_value" // MoveValueJob: records leave a removed list value
)

// FieldJob is the payload of jobs about a field.
type FieldJob struct {
	Type  int64 `json:"type"`
	Field int64 `json:"field"`
}

// MoveValueJob is the payload of JobMoveValue.
type MoveValueJob struct {
	FieldJob
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// AdminStore changes the schema in the database. All methods work within the transaction they are given.
type AdminStore interface {
	Catalog(t tx.Tx) (*Catalog, error)
	// LockSchema makes other changes of the schema wait until the transaction ends.
	LockSchema(t tx.Tx) error
	// Changed tells all nodes that the schema is another one now.
	Changed(t tx.Tx) error
	// Refresh makes the change known on this node before whoever made it goes on.
	Refresh(ctx context.Context) error

	AddType(t tx.Tx, typ *Type) (id int64, err error)
	SaveType(t tx.Tx, typ *Type) error
	RemoveType(t tx.Tx, id int64, at clock.Instant) error
	// RemovedType finds a removed type that can be brought back, nil when there is none.
	RemovedType(t tx.Tx, code string) (*Type, error)
	TypeCodeTaken(t tx.Tx, code string) (bool, error)
	// Records counts a type's records, no further than to limit.
	Records(t tx.Tx, typ *Type, limit int64) (int64, error)

	// AddField adds a field with its columns. The table is not rewritten.
	AddField(t tx.Tx, typ *Type, f *Field) (id int64, err error)
	SaveField(t tx.Tx, f *Field) error
	// Repeated tells whether two records hold the same value of a field.
	Repeated(t tx.Tx, typ *Type, f *Field) (bool, error)

	AddValue(t tx.Tx, fieldID int64, v Value) (id int64, err error)
	SaveValue(t tx.Tx, v Value, removedAt clock.Instant) error
	// ValueUses counts the records that hold a list value, no further than to limit.
	ValueUses(t tx.Tx, typ *Type, f *Field, valueID int64, limit int64) (int64, error)
}

// Admin changes types, fields and lists. Only administrators may.
type Admin struct {
	Tx    tx.Doer
	Store AdminStore
}

// Titles are what a thing is called in the two languages; one of them is enough.
type Titles struct {
	RU, EN string
}

func (x Titles) check(path string) *fault.Error {
	if strings.TrimSpace(x.RU) == "" && strings.TrimSpace(x.EN) == "" {
		return fault.In(path, "required")
	}
	if utf8.RuneCountInString(x.RU) > 100 || utf8.RuneCountInString(x.EN) > 100 {
		return fault.In(path, "record.too_long", fault.Args{"max": 100})
	}
	return nil
}

func (x Titles) clean() Titles {
	line := func(s string) string {
		return strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")), " ")
	}
	return Titles{line(x.RU), line(x.EN)}
}

// do runs a change of the schema. Widening a table on PostgreSQL waits for whoever is writing into it; when that takes too
// long it steps aside and tries again, so that writers don't queue behind it.
func (a *Admin) do(ctx context.Context, who access.Who, f func(t tx.Tx, c *Catalog) error) error {
	if err := who.Must(access.Types); err != nil {
		return err
	}
	var err error
	for try := range 6 {
		if try > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Duration(try) * 100 * time.Millisecond):
			}
		}
		err = a.Tx.Do(ctx, func(t tx.Tx) error {
			if err := a.Store.LockSchema(t); err != nil {
				return err
			}
			c, err := a.Store.Catalog(t)
			if err != nil {
				return err
			}
			if err := f(t, c); err != nil {
				return err
			}
			return a.Store.Changed(t)
		})
		if err == nil {
			return a.Store.Refresh(ctx)
		}
		if !fault.Is(err, fault.Unavailable) {
			return err
		}
	}
	return err
}

// typeOf finds the type a change is about.
func typeOf(c *Catalog, code string) (*Type, error) {
	if t := c.Type(code); t != nil {
		return t, nil
	}
	return nil, fault.New(fault.NotFound, "record.no_such_type", fault.Args{"type": code})
}

// fieldOf finds an own field a change is about.
func fieldOf(c *Catalog, typeCode, code string) (*Type, *Field, error) {
	t, err := typeOf(c, typeCode)
	if err != nil {
		return nil, nil, err
	}
	f := t.Field(code)
	if f == nil {
		return nil, nil, fault.New(fault.NotFound, "record.no_such_field", fault.Args{"field": code})
	}
	if f.System {
		return nil, nil, fault.New(fault.Conflict, "record.system_field", fault.Args{"field": code})
	}
	return t, f, nil
}

// later schedules a job about a field or a type.
func later(t tx.Tx, kind, key string, due clock.Instant, payload any) error {
	b, err := json.Marshal(payload)
	if err != nil {
		return err
	}
	return t.Schedule(job.Job{Kind: kind, Key: key, DueAt: due, Payload: b})
}
