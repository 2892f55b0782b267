package portal

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/jobs"
	"voronka/internal/adapter/sqlstore/outbox"
	"voronka/internal/kernel/fault"
)

// Finding is something wrong. Key names a message for the reader, Args are its values.
type Finding struct {
	Check  string     `json:"check"`
	Key    string     `json:"key"`
	Args   fault.Args `json:"args,omitempty"`
	Urgent bool       `json:"urgent"` // data is damaged; otherwise something to look at
}

// Check looks for one kind of trouble. It only reads.
type Check struct {
	Name string
	Run  func(ctx context.Context, d *db.DB) ([]Finding, error)
}

// Doctor runs the checks one after another; other rooms' checks come beside Checks. A check that fails itself is a
// finding too, so that one trouble doesn't hide the others.
func Doctor(ctx context.Context, d *db.DB, checks []Check) ([]Finding, error) {
	var all []Finding
	for _, c := range checks {
		found, err := c.Run(db.Patient(ctx, longest), d)
		if ctx.Err() != nil {
			return all, ctx.Err()
		}
		if err != nil {
			found = append(found, Finding{Key: "doctor.failed", Args: fault.Args{"error": err.Error()}, Urgent: true})
		}
		for _, f := range found {
			f.Check = c.Name
			all = append(all, f)
		}
	}
	return all, nil
}

// Checks are those of the store itself. files may be nil.
func Checks(files Files) []Check {
	return []Check{
		{"integrity", integrity},
		{"schema", schemaCheck},
		{"totals", totals},
		{"jobs", deadJobs},
		{"outbox", backlog},
		{"orphans", orphans},
		{"files", missingFiles(files)},
	}
}

// integrity asks SQLite to look over its own pages; PostgreSQL does so by itself.
func integrity(ctx context.Context, d *db.DB) (found []Finding, err error) {
	if d.Dialect() == db.Postgres {
		return nil, nil
	}
	err = d.Read(ctx, func(q db.Q) error {
		return q.Query("PRAGMA quick_check(20)", nil, func(r db.Row) error {
			if text := r.Text(0); text != "ok" {
				found = append(found, Finding{Key: "doctor.integrity", Args: fault.Args{"text": text}, Urgent: true})
			}
			return nil
		})
	})
	return found, err
}

// schemaCheck compares the tables of the house with those of a fresh database. Tables made at run time are not in it.
func schemaCheck(ctx context.Context, d *db.DB) ([]Finding, error) {
	folder, err := os.MkdirTemp("", "voronka-doctor-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	fresh, err := db.Open(ctx, db.Options{Path: filepath.Join(folder, "fresh.db"), Unsafe: true, Readers: 1})
	if err != nil {
		return nil, err
	}
	defer func() { _ = fresh.Close() }()
	want, err := schemaOf(ctx, fresh)
	if err != nil {
		return nil, err
	}
	have, err := schemaOf(ctx, d)
	if err != nil {
		return nil, err
	}
	house := &Schema{}
	for _, t := range have.Tables {
		if want.Table(t.Name) != nil {
			house.Tables = append(house.Tables, t)
		}
	}
	var found []Finding
	for _, difference := range Compare(want, house) {
		found = append(found, Finding{Key: "doctor.schema", Args: fault.Args{"text": difference}, Urgent: true})
	}
	return found, nil
}

func schemaOf(ctx context.Context, d *db.DB) (s *Schema, err error) {
	err = d.Read(ctx, func(q db.Q) error { s, err = Read(q); return err })
	return s, err
}

func deadJobs(ctx context.Context, d *db.DB) (found []Finding, err error) {
	err = d.Read(ctx, func(q db.Q) error {
		dead, err := jobs.Dead(q, 100)
		for _, j := range dead {
			found = append(found, Finding{Key: "doctor.dead_job", Args: fault.Args{"id": j.ID, "kind": j.Kind, "error": j.Error}})
		}
		return err
	})
	return found, err
}

// tooFar is how many events a listener may be behind before it is worth a word.
const tooFar = 10_000

func backlog(ctx context.Context, d *db.DB) (found []Finding, err error) {
	err = d.Read(ctx, func(q db.Q) error {
		behind, name, unnumbered, err := outbox.Backlog(q)
		if behind > tooFar {
			found = append(found, Finding{Key: "doctor.behind", Args: fault.Args{"name": name, "n": behind}})
		}
		if unnumbered > tooFar {
			found = append(found, Finding{Key: "doctor.unnumbered", Args: fault.Args{"n": unnumbered}})
		}
		return err
	})
	return found, err
}

// recordTypes are the types that have a table, by their number.
func recordTypes(q db.Q) (map[int64]*Table, error) {
	s, err := Read(q)
	if err != nil {
		return nil, err
	}
	types := map[int64]*Table{}
	err = q.Query("SELECT id, code FROM record_type", nil, func(r db.Row) error {
		if t := s.Table("r_" + r.Text(1)); t != nil {
			types[r.Int64(0)] = t
		}
		return nil
	})
	return types, err
}

// owned are the tables whose rows belong to a record, with the column of its number. What lies in the bin still owns
// its visits.
var owned = []struct{ table, typ, id string }{
	{"phone", "type_id", "record_id"},
	{"email", "type_id", "record_id"},
	{"choice", "type_id", "record_id"},
	{"attachment", "type_id", "record_id"},
	{"observer", "type_id", "record_id"},
	{"link", "from_type", "from_id"},
	{"visit", "type_id", "record_id"},
}

func orphans(ctx context.Context, d *db.DB) (found []Finding, err error) {
	err = d.Read(ctx, func(q db.Q) error {
		types, err := recordTypes(q)
		if err != nil {
			return err
		}
		for _, o := range owned {
			n := int64(0)
			known := []int64{0}
			for id, t := range types {
				known = append(known, id)
				count, err := db.Int(q, fmt.Sprintf(`SELECT count(*) FROM %[1]s o WHERE o.%[2]s = ?
					AND NOT EXISTS (SELECT 1 FROM %[4]s r WHERE r.id = o.%[3]s)
					AND NOT EXISTS (SELECT 1 FROM bin b WHERE b.type_id = o.%[2]s AND b.record_id = o.%[3]s)`,
					o.table, o.typ, o.id, t.Name), id)
				if err != nil {
					return err
				}
				n += count
			}
			in, ids := db.Ints(q, known)
			strange, err := db.Int(q, "SELECT count(*) FROM "+o.table+" WHERE NOT ("+o.typ+in+")", ids)
			if err != nil {
				return err
			}
			if n += strange; n > 0 {
				found = append(found, Finding{Key: "doctor.orphans", Args: fault.Args{"table": o.table, "n": n}, Urgent: true})
			}
		}
		return nil
	})
	return found, err
}

func missingFiles(files Files) func(context.Context, *db.DB) ([]Finding, error) {
	return func(ctx context.Context, d *db.DB) (found []Finding, err error) {
		if files == nil {
			return nil, nil
		}
		type row struct {
			id   int64
			hash string
			size int64
		}
		var rows []row
		err = d.Read(ctx, func(q db.Q) error {
			return q.Query("SELECT min(id), hash, max(size) FROM file GROUP BY hash ORDER BY 1", nil, func(r db.Row) error {
				rows = append(rows, row{r.Int64(0), strings.Clone(r.Text(1)), r.Int64(2)})
				return nil
			})
		})
		if err != nil {
			return nil, err
		}
		for _, f := range rows {
			if err := ctx.Err(); err != nil {
				return found, err
			}
			var r io.ReadSeekCloser
			var size int64
			if r, size, err = files.Open(f.hash); err == nil {
				_ = r.Close()
			}
			if err != nil || size != f.size {
				found = append(found, Finding{Key: "doctor.file", Args: fault.Args{"id": f.id, "hash": f.hash}, Urgent: true})
			}
		}
		return found, nil
	}
}
