package db

import (
	"context"
	"time"

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
	each func(Row) error // nil: nobody looks at its answer
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
	q.waiting = append(q.waiting, statement{sql: sql, args: values})
	return nil
}

// soon is a Q that can put a question off until the next statement.
type soon interface {
	soon(sql string, args []any, each func(Row) error) error
	settle() error
}

// Soon is Query for rows that aren't wanted at once: each is called by the time Settle returns. Questions put off so go to
// PostgreSQL together.
func Soon(q Q, sql string, args []any, each func(Row) error) error {
	if q, ok := q.(soon); ok {
		return q.soon(sql, args, each)
	}
	return q.Query(sql, args, each)
}

// Settle answers what Soon put off. On PostgreSQL a Read may end with it: nothing more can be asked there.
func Settle(q Q) error {
	if q, ok := q.(soon); ok {
		return q.settle()
	}
	return nil
}

func (q *pgQ) soon(sql string, args []any, each func(Row) error) error {
	if !q.transactional {
		return q.Query(sql, args, each)
	}
	if err := usable(q.asking, q.failed, sql); err != nil {
		return err
	}
	values, err := pgArgs(nil, args, sql)
	if err != nil {
		return q.broken(sql, err)
	}
	q.waiting = append(q.waiting, statement{sql: sql, args: values, each: each})
	return nil
}

// settle sends what waits; in a snapshot, together with its end.
func (q *pgQ) settle() error {
	switch {
	case q.failed != nil:
		return q.failed
	case !q.transactional:
		return nil
	case !q.writing:
		_, err := q.commit(q.ctx)
		q.ended, q.failed = err == nil, errDead
		return translate(q.ctx, err)
	case len(q.waiting) == q.opening:
		return nil
	}
	last := q.waiting[len(q.waiting)-1]
	q.waiting = q.waiting[:len(q.waiting)-1]
	answers, err := q.send(last)
	if err != nil {
		return err
	}
	err = q.waited(answers, last)
	if e := answers.Close(); e != nil && err == nil {
		err = q.broken(last.sql, e)
	}
	return err
}

// begin opens a transaction with the first statement to come. A write asks for the versions by the way: nearly every one
// wants them.
func (q *pgQ) begin(sql string, writing bool) {
	q.transactional, q.writing = true, writing
	q.waiting = append(q.waiting, statement{sql: sql})
	if writing {
		q.waiting = append(q.waiting, q.askVersions())
	}
	q.opening = len(q.waiting)
}

// send sends what waits, and last after it, and gives the answers once all that waited has gone well.
func (q *pgQ) send(last statement) (pgx.BatchResults, error) {
	batch := &pgx.Batch{}
	changing := q.changing()
	for _, s := range q.waiting {
		batch.Queue(q.text(s.sql), s.args...)
	}
	batch.Queue(q.text(last.sql), last.args...)
	waited := q.waiting
	q.waiting, q.opening = nil, 0
	answers := q.conn.SendBatch(q.ctx, batch)
	for _, s := range waited {
		if err := q.waited(answers, s); err != nil {
			_ = answers.Close()
			return nil, err
		}
	}
	if changing || q.d.texts.postgres(last.sql).version {
		q.versions = nil // read before, changed after
	}
	return answers, nil
}

// waited takes the answer of a statement that waited.
func (q *pgQ) waited(answers pgx.BatchResults, s statement) error {
	if s.each == nil {
		if _, err := answers.Exec(); err != nil {
			return q.broken(s.sql, err)
		}
		return nil
	}
	rows, err := answers.Query()
	if err != nil {
		return q.broken(s.sql, err)
	}
	return q.each(s.sql, rows, s.each)
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
	answers, err := q.send(statement{sql: sql, args: values})
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
	if q.opening > 0 && len(q.waiting) == q.opening {
		q.waiting, q.opening = nil, 0
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

const selectVersions = "SELECT name, n FROM version"

// versionsHold is how long the versions a write has read count as the present ones. Between reading them and committing what
// was made with them somebody else may change them anyway; but a write that has waited long for a lock looks again.
const versionsHold = 5 * time.Millisecond

// askVersions is the question for all versions: whoever wants one wants the others soon.
func (q *pgQ) askVersions() statement {
	all := map[string]int64{}
	return statement{sql: selectVersions, each: func(r Row) error {
		all[r.Text(0)] = r.Int64(1)
		q.versions, q.versionsAt = all, q.sent
		return nil
	}}
}

// version is what the table version says of name.
func (q *pgQ) version(name string) (int64, error) {
	if !q.transactional {
		return Int(q, selectVersion, name)
	}
	if q.versions == nil || q.writing && (time.Since(q.versionsAt) > versionsHold || q.changing()) {
		q.versions = nil
		ask := q.askVersions()
		if err := q.Query(ask.sql, nil, ask.each); err != nil {
			return 0, err
		}
	}
	return q.versions[name], nil
}

// changing tells whether a statement that waits may change the versions.
func (q *pgQ) changing() bool {
	for _, s := range q.waiting {
		if q.d.texts.postgres(s.sql).version {
			return true
		}
	}
	return false
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
