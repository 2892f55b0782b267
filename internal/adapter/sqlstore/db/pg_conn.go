package db

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"voronka/internal/kernel/clock"
)

// pgQ is Q on a PostgreSQL connection. Answers come in text format: numbers go into JSON as they are.
type pgQ struct {
	ctx    context.Context
	d      *DB
	conn   *pgx.Conn
	asking bool
	failed error

	// waiting are statements nobody waits for; they travel with the next one.
	waiting       []statement
	transactional bool // there will be a commit for them to travel with
	opening       int  // how many of waiting open the transaction; 0 once it is open
	ended         bool // the snapshot is over
	writing       bool // what others commit meanwhile can be seen
	// versions are what the table version said at versionsAt; sent is when the last statements left.
	versions         map[string]int64
	versionsAt, sent time.Time
}

func (q *pgQ) Context() context.Context { return q.ctx }
func (q *pgQ) Dialect() Dialect         { return Postgres }
func (q *pgQ) fail(err error)           { q.failed = err }
func (q *pgQ) failure() error           { return q.failed }

func (q *pgQ) forget() { q.waiting, q.versions = nil, nil }

// text is a statement as PostgreSQL spells it, to be sent at once.
func (q *pgQ) text(sql string) string {
	text := q.d.texts.postgres(sql)
	if text.version {
		q.versions = nil
	}
	q.sent = time.Now()
	return text.sql
}

func (q *pgQ) Exec(sql string, args ...any) (int64, error) {
	if err := usable(q.asking, q.failed, sql); err != nil {
		return 0, err
	}
	values, err := pgArgs(nil, args, sql)
	if err != nil {
		return 0, q.broken(sql, err)
	}
	if len(q.waiting) > 0 {
		return q.execWithWaiting(statement{sql: sql, args: values})
	}
	tag, err := q.conn.Exec(q.ctx, q.text(sql), values...)
	if err != nil {
		return 0, q.broken(sql, err)
	}
	return tag.RowsAffected(), nil
}

var textFormat = pgx.QueryResultFormats{pgx.TextFormatCode}

func (q *pgQ) Query(sql string, args []any, each func(Row) error) error {
	if err := usable(q.asking, q.failed, sql); err != nil {
		return err
	}
	if len(q.waiting) > 0 {
		return q.queryWithWaiting(sql, args, each)
	}
	values, err := pgArgs([]any{textFormat}, args, sql)
	if err != nil {
		return q.broken(sql, err)
	}
	rows, err := q.conn.Query(q.ctx, q.text(sql), values...)
	if err != nil {
		return q.broken(sql, err)
	}
	return q.each(sql, rows, each)
}

func (q *pgQ) each(sql string, rows pgx.Rows, each func(Row) error) error {
	q.asking = true
	defer func() { q.asking = false; rows.Close() }()
	row := pgRow{rows: rows}
	for rows.Next() {
		row.raw = rows.RawValues()
		if each == nil {
			continue
		}
		if err := each(&row); err != nil {
			rows.Close()
			if e := rows.Err(); e != nil {
				return q.broken(sql, e)
			}
			if errors.Is(err, Stop) {
				return nil
			}
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return q.broken(sql, err)
	}
	return nil
}

func (q *pgQ) broken(sql string, err error) error {
	q.failed = translate(q.ctx, fmt.Errorf("%w: %s", err, sql))
	return q.failed
}

// pgArgs appends args as PostgreSQL reads them. Numbers travel as text, so that a parameter whose type the server takes
// for text still accepts one.
func pgArgs(values, args []any, sql string) ([]any, error) {
	if values == nil {
		values = make([]any, 0, len(args))
	}
	for i, arg := range args {
		switch v := arg.(type) {
		case nil, string:
			values = append(values, v)
		case int64:
			values = append(values, strconv.FormatInt(v, 10))
		case int:
			values = append(values, strconv.Itoa(v))
		case clock.Instant:
			values = append(values, strconv.FormatInt(int64(v), 10))
		case bool:
			if v {
				values = append(values, "1")
			} else {
				values = append(values, "0")
			}
		case []byte:
			if v == nil {
				values = append(values, nil)
			} else {
				values = append(values, v)
			}
		default:
			return nil, fmt.Errorf("db: argument %d is a %T, which is not storable: %s", i+1, arg, sql)
		}
	}
	return values, nil
}

// pgRow reads the current row of an answer.
type pgRow struct {
	rows pgx.Rows
	raw  [][]byte
}

func (r *pgRow) Len() int        { return len(r.raw) }
func (r *pgRow) Null(i int) bool { return r.raw[i] == nil }

func (r *pgRow) Int64(i int) int64 {
	raw := r.raw[i]
	var n int64
	negative := false
	for k, c := range raw {
		switch {
		case c >= '0' && c <= '9':
			n = n*10 + int64(c-'0')
		case k == 0 && c == '-':
			negative = true
		case k == 0 && c == 't': // a truth value
			return 1
		default: // the point of a numeric: sum() over BIGINT has none, avg() is cut
			if negative {
				return -n
			}
			return n
		}
	}
	if negative {
		return -n
	}
	return n
}

func (r *pgRow) Text(i int) string { return string(r.Bytes(i)) }

func (r *pgRow) Bytes(i int) []byte {
	raw := r.raw[i]
	if len(raw) >= 2 && raw[0] == '\\' && raw[1] == 'x' && r.rows.FieldDescriptions()[i].DataTypeOID == pgtype.ByteaOID {
		out := make([]byte, hex.DecodedLen(len(raw)-2))
		if _, err := hex.Decode(out, raw[2:]); err != nil {
			return nil
		}
		return out
	}
	return raw
}

func (r *pgRow) AppendInt(dst []byte, i int) []byte {
	if raw := r.raw[i]; len(raw) > 0 && (raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9') {
		return append(dst, raw...)
	}
	return strconv.AppendInt(dst, r.Int64(i), 10)
}

func (r *pgRow) AppendJSONString(dst []byte, i int) []byte { return AppendJSON(dst, r.Bytes(i)) }
