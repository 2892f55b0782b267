package recordquery

import (
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
// stage, for one responsible, for one department.
type promise struct{ walk, own, department string }

// promised finds the indexes of an order within one stage; ok is false for orders that have none.
func promised(t *schema.Type, o order) (promise, bool) {
	if !t.Staged {
		return promise{}, false
	}
	table := t.Table()
	switch o.col {
	case "amount_base":
		return promise{table + "_stage_amount", table + "_resp_amount", table + "_dept_amount"}, true
	case "stage_entered_at":
		return promise{table + "_stage_entered", table + "_resp_entered", table + "_dept_entered"}, true
	}
	return promise{}, false
}
