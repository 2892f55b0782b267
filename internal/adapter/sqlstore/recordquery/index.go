package recordquery

import (
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/record/schema"
)

// order is how a list is sorted, as columns.
type order struct {
	col      string // of the record's table
	desc     bool
	nullable bool // records without a value come in a section of their own
	text     bool
	name     string // as in a mark: "-amount"
}

// byID tells whether records are sorted by their number alone.
func (o order) byID() bool { return o.col == "id" }

func (o order) direction() string {
	if o.desc {
		return " DESC"
	}
	return ""
}

func (o order) compare() string {
	if o.desc {
		return " < "
	}
	return " > "
}

// nullable tells columns that may hold NULL: all that customers and built-in types add but the amount of staged types,
// which totals stand on, and two of the system's.
func nullable(t *schema.Type, f *schema.Field) bool {
	if f.System {
		return f.Code == "next_at" || f.Code == "closed_at"
	}
	return f != t.Amount()
}

// promise names the indexes that hold, for a promised order, the rights columns behind the sorted one: for a walk along a
// stage, for one responsible, for one department. PostgreSQL finds them itself, there the names stay empty.
type promise struct{ walk, own, department string }

// promised are the columns lists of one stage are sorted by without sorting.
var promised = []string{"amount_base", "stage_entered_at"}

// promises finds the indexes of a type's promised orders. An order one of whose indexes is missing has no promise: its
// lists are slower, not broken.
func promises(q db.Q, t *schema.Type) (map[string]promise, error) {
	out := map[string]promise{}
	if !t.Staged {
		return out, nil
	}
	if q.Dialect() == db.Postgres {
		for _, col := range promised {
			out[col] = promise{}
		}
		return out, nil
	}
	with, err := indexes(q, t)
	if err != nil {
		return nil, err
	}
	for _, col := range promised {
		p := promise{
			walk:       with("stage_id " + col + " id responsible_id department_id dept_pos "),
			own:        with("responsible_id stage_id " + col + " id "),
			department: with("department_id stage_id " + col + " id "),
		}
		if p.walk != "" && p.own != "" && p.department != "" {
			out[col] = p
		}
	}
	return out, nil
}

// numbers finds the indexes that give the records of a person and of a department by number.
func numbers(q db.Q, t *schema.Type) (promise, error) {
	if q.Dialect() == db.Postgres {
		return promise{}, nil
	}
	with, err := indexes(q, t)
	if err != nil {
		return promise{}, err
	}
	return promise{own: with("responsible_id id "), department: with("department_id id ")}, nil
}

// indexes finds an index of a type's table on SQLite by the columns it begins with, "" when there is none.
func indexes(q db.Q, t *schema.Type) (with func(prefix string) string, err error) {
	columns := map[string]string{}
	err = q.Query("SELECT l.name, x.name FROM pragma_index_list(?) l, pragma_index_xinfo(l.name) x WHERE x.key = 1 AND l.partial = 0"+
		" ORDER BY l.name, x.seqno", []any{t.Table()}, func(r db.Row) error {
		columns[r.Text(0)] += r.Text(1) + " "
		return nil
	})
	return func(prefix string) string {
		for name, list := range columns {
			if strings.HasPrefix(list, prefix) {
				return name
			}
		}
		return ""
	}, err
}
