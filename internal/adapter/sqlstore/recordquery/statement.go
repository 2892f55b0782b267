package recordquery

import (
	"strconv"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
)

// statement grows a SQL text and its arguments side by side, so that an argument can't land behind another's
// placeholder. Texts depend on the form of a question only; values are bound, so both databases keep them prepared.
type statement struct {
	dialect db.Dialect
	spelled bool // lists of numbers stand in the text itself, for either database
	text    strings.Builder
	args    []any
}

func newStatement(d db.Dialect) *statement {
	s := &statement{dialect: d, args: make([]any, 0, 16)}
	s.text.Grow(1500)
	return s
}

func (s *statement) add(parts ...string) *statement {
	for _, p := range parts {
		s.text.WriteString(p)
	}
	return s
}

// with adds text with the arguments of its placeholders.
func (s *statement) with(text string, args ...any) *statement {
	s.text.WriteString(text)
	s.args = append(s.args, args...)
	return s
}

// number writes a number into the text itself: LIMIT must be known to the planner.
func (s *statement) number(n int) *statement {
	s.text.WriteString(strconv.Itoa(n))
	return s
}

// in writes "is one of ids" behind a column.
func (s *statement) in(column string, ids []int64) *statement {
	if s.spelled {
		return s.add(column, " IN ", intArray(ids, '(', ')'))
	}
	if s.dialect == db.Postgres {
		return s.with(column+" = ANY(?)", intArray(ids, '{', '}'))
	}
	return s.with(column+" IN (SELECT value FROM json_each(?))", intArray(ids, '[', ']'))
}

func (s *statement) query(q db.Q, each func(db.Row) error) error {
	return q.Query(s.text.String(), s.args, each)
}

// soon is query for what isn't wanted before db.Settle.
func (s *statement) soon(q db.Q, each func(db.Row) error) error {
	return db.Soon(q, s.text.String(), s.args, each)
}

// intArray writes ids the way json_each or a PostgreSQL array reads them.
func intArray(ids []int64, open, closing byte) string {
	b := make([]byte, 0, 2+len(ids)*8)
	b = append(b, open)
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, id, 10)
	}
	return string(append(b, closing))
}
