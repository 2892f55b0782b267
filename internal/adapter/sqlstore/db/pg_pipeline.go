package db

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// A statement costs PostgreSQL and us about as much as the way there and back. Those nobody waits for go together with
// the next one somebody does: the beginning of a transaction with its first question, what a write leaves behind with
// its commit. They run in the order they were given.

// statement is one that waits, its arguments as PostgreSQL reads them.
type statement struct {
	sql  string
	args []any
}

// later is a Q that can put a statement off until the next one.
type later interface {
	later(sql string, args []any) error
}

// Later runs a statement whose outcome isn't needed. On PostgreSQL it may travel with the next statement or the commit;
// its failure is then theirs.
func Later(q Q, sql string, args ...any) error {
	if q, ok := q.(later); ok {
		return q.later(sql, args)
	}
	_, err := q.Exec(sql, args...)
	return err
}

func (q *pgQ) later(sql string, args []any) error {
	if !q.transactional { // each statement is for itself, and there may be no next one
		_, err := q.Exec(sql, args...)
		return err
	}
	if err := usable(q.asking, q.failed, sql); err != nil {
		return err
	}
	values, err := pgArgs(nil, args, sql)
	if err != nil {
		return q.broken(sql, err)
	}
	q.versions = nil
	q.waiting = append(q.waiting, statement{sql, values})
	return nil
}

// begin opens a transaction with the first statement to come.
func (q *pgQ) begin(sql string) {
	q.transactional = true
	q.waiting = append(q.waiting, statement{sql: sql})
}

// send sends what waits, and last after it, and gives the answers once all that waited has gone well.
func (q *pgQ) send(last statement) (pgx.BatchResults, error) {
	batch := &pgx.Batch{}
	for _, s := range q.waiting {
		batch.Queue(q.d.texts.postgres(s.sql), s.args...)
	}
	batch.Queue(q.d.texts.postgres(last.sql), last.args...)
	waited := q.waiting
	q.waiting = nil
	answers := q.conn.SendBatch(q.ctx, batch)
	for _, s := range waited {
		if _, err := answers.Exec(); err != nil {
			_ = answers.Close()
			return nil, q.broken(s.sql, err)
		}
	}
	return answers, nil
}

func (q *pgQ) execWithWaiting(last statement) (int64, error) {
	answers, err := q.send(last)
	if err != nil {
		return 0, err
	}
	tag, err := answers.Exec()
	if e := answers.Close(); err == nil {
		err = e
	}
	if err != nil {
		return 0, q.broken(last.sql, err)
	}
	return tag.RowsAffected(), nil
}

func (q *pgQ) queryWithWaiting(sql string, args []any, each func(Row) error) error {
	values, err := pgArgs(nil, args, sql)
	if err != nil {
		return q.broken(sql, err)
	}
	answers, err := q.send(statement{sql, values})
	if err != nil {
		return err
	}
	rows, err := answers.Query()
	if err != nil {
		_ = answers.Close()
		return q.broken(sql, err)
	}
	err = q.each(sql, rows, each)
	if e := answers.Close(); e != nil && err == nil {
		err = q.broken(sql, e)
	}
	return err
}

// commit ends the transaction together with what still waits. One in which nothing was ever sent needs no end.
func (q *pgQ) commit(ctx context.Context) (tag string, err error) {
	if len(q.waiting) == 1 && q.conn.PgConn().TxStatus() == 'I' {
		q.waiting = nil
		return "COMMIT", nil
	}
	if len(q.waiting) == 0 {
		done, err := q.conn.Exec(ctx, "commit")
		return done.String(), err
	}
	answers, err := q.send(statement{sql: "commit"})
	if err != nil {
		return "", err
	}
	done, err := answers.Exec()
	if e := answers.Close(); err == nil {
		err = e
	}
	return done.String(), err
}

// version is what the table version says of name. All names are read at once: whoever wants one wants the others soon.
func (q *pgQ) version(name string) (int64, error) {
	if !q.transactional {
		return Int(q, selectVersion, name)
	}
	if q.versions == nil {
		all := map[string]int64{}
		if err := q.Query("SELECT name, n FROM version", nil, func(r Row) error { all[r.Text(0)] = r.Int64(1); return nil }); err != nil {
			return 0, err
		}
		q.versions = all
	}
	return q.versions[name], nil
}

// asText makes a connection give all answers in text format, those of batches too, where it can't be asked for.
func asText(_ context.Context, c *pgx.Conn) error {
	for _, oid := range []uint32{
		pgtype.BoolOID, pgtype.ByteaOID, pgtype.NameOID, pgtype.Int8OID, pgtype.Int2OID, pgtype.Int4OID, pgtype.TextOID, pgtype.OIDOID, pgtype.JSONOID,
		pgtype.Float4OID, pgtype.Float8OID, pgtype.BPCharOID, pgtype.VarcharOID, pgtype.DateOID, pgtype.TimestampOID, pgtype.TimestamptzOID, pgtype.NumericOID,
	} {
		if known, ok := c.TypeMap().TypeForOID(oid); ok {
			c.TypeMap().RegisterType(&pgtype.Type{Name: known.Name, OID: oid, Codec: textCodec{known.Codec}})
		}
	}
	return nil
}

// textCodec is a codec that prefers text.
type textCodec struct{ pgtype.Codec }

// PreferredFormat implements pgtype.Codec.
func (textCodec) PreferredFormat() int16 { return pgtype.TextFormatCode }
