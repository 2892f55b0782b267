package portal

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/migrations"
	"voronka/internal/adapter/sqlstore/outbox"
	"voronka/internal/kernel/fault"
)

// Files is where the contents of files lie.
type Files interface {
	Open(hash string) (io.ReadSeekCloser, int64, error)
}

// longest is how long one backup may read.
const longest = 24 * time.Hour

// Backup writes everything d and files hold to the file at path while people go on working: the rows are those of one
// moment. The file appears only when it is complete and has been read back and checked. files may be nil.
func Backup(ctx context.Context, d *db.DB, files Files, path, program string) (*Manifest, error) {
	temp, err := os.CreateTemp(filepath.Dir(path), ".backup-*")
	if err != nil {
		return nil, diskTrouble(err)
	}
	defer func() {
		_ = temp.Close()
		_ = os.Remove(temp.Name())
	}()
	b := &backup{ctx: ctx, files: files, z: zip.NewWriter(temp), m: &Manifest{
		Format: format, Program: program, Database: d.Dialect().String(), Version: migrations.Latest(),
		MadeAt: int64(d.Clock().Now()),
	}}
	if err := b.write(d); err != nil {
		return nil, diskTrouble(err)
	}
	if err := errors.Join(b.z.Close(), temp.Sync(), temp.Close()); err != nil {
		return nil, diskTrouble(err)
	}
	if _, err := Verify(ctx, temp.Name()); err != nil {
		return nil, err
	}
	return b.m, diskTrouble(os.Rename(temp.Name(), path))
}

func diskTrouble(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.Wrap(fault.Unavailable, "db.disk_full", err)
	}
	return err
}

type backup struct {
	ctx   context.Context
	files Files
	z     *zip.Writer
	m     *Manifest
}

func (b *backup) write(d *db.DB) error {
	var hashes []string
	err := d.Read(db.Patient(b.ctx, longest), func(q db.Q) (err error) {
		if b.m.Schema, err = Read(q); err != nil {
			return err
		}
		if b.m.LastSeq, err = outbox.End(q); err != nil {
			return err
		}
		for _, t := range b.m.Schema.Tables {
			if err := b.table(q, t); err != nil {
				return fmt.Errorf("back up %s: %w", t.Name, err)
			}
		}
		hashes, err = texts(q, "SELECT DISTINCT hash FROM file ORDER BY hash")
		return err
	})
	if err != nil {
		return err
	}
	// Contents never change, so they needn't be of the same moment.
	for _, hash := range hashes {
		if err := b.file(hash); err != nil {
			return fmt.Errorf("back up file %s: %w", hash, err)
		}
	}
	w, err := b.z.Create(manifestName)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	return encoder.Encode(b.m)
}

// file copies one content; one that is missing is written down, and is no reason to have no backup.
func (b *backup) file(hash string) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	if b.files == nil {
		b.m.Missing = append(b.m.Missing, &Part{Name: hash})
		return nil
	}
	r, _, err := b.files.Open(hash)
	if fault.Is(err, fault.NotFound) {
		b.m.Missing = append(b.m.Missing, &Part{Name: hash})
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	p, err := b.part("files/"+hash, zip.Store, func(w io.Writer) error { _, err := io.Copy(w, r); return err })
	if err != nil {
		return err
	}
	if p.SHA256 != hash { // damaged on our disk: the rest is still worth having
		b.m.Missing = append(b.m.Missing, &Part{Name: hash})
		return nil
	}
	p.Name = hash
	b.m.Files = append(b.m.Files, p)
	return nil
}

// part writes one entry of the archive and returns what it was.
func (b *backup) part(name string, method uint16, write func(io.Writer) error) (*Part, error) {
	w, err := b.z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
	if err != nil {
		return nil, err
	}
	hash := sha256.New()
	counted := &counter{}
	buffered := bufio.NewWriterSize(io.MultiWriter(w, hash, counted), 64<<10)
	if err := errors.Join(write(buffered), buffered.Flush()); err != nil {
		return nil, err
	}
	return &Part{SHA256: hex.EncodeToString(hash.Sum(nil)), Size: counted.n}, nil
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

func (b *backup) table(q db.Q, t *Table) error {
	last, err := lastID(q, t)
	if err != nil {
		return err
	}
	rows := int64(0)
	p, err := b.part("tables/"+t.Name+".jsonl", zip.Deflate, func(w io.Writer) error {
		next := b.m.LastSeq // events without a number get the next ones, in the order of their ids
		var line []byte
		return q.Query(selectAll(t, q.Dialect()), nil, func(r db.Row) error {
			rows++
			line = appendRow(line[:0], t, r, q.Dialect(), &next)
			if rows%1000 == 0 && b.ctx.Err() != nil {
				return b.ctx.Err()
			}
			_, err := w.Write(line)
			b.m.LastSeq = next
			return err
		})
	})
	if err != nil {
		return err
	}
	p.Name, p.Rows, p.LastID = t.Name, rows, last
	if t.Name == outboxTable {
		p.LastID = b.m.LastSeq
	}
	b.m.Tables = append(b.m.Tables, p)
	return nil
}

const (
	outboxTable       = "outbox"
	subscriptionTable = "subscription"
)

// selectAll reads a table in the order of its primary key; events in their one order.
func selectAll(t *Table, d db.Dialect) string {
	var names []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	order := strings.Join(t.Primary, ", ")
	if t.Name == outboxTable && d == db.Postgres {
		order = "seq NULLS LAST, id"
	}
	sql := "SELECT " + strings.Join(names, ", ") + " FROM " + t.Name
	if order != "" {
		sql += " ORDER BY " + order
	}
	return sql
}

// appendRow writes a row as a JSON list. An event's id and number become one, so that SQLite, which orders by id, and
// PostgreSQL, which orders by number, agree after a move.
func appendRow(dst []byte, t *Table, r db.Row, d db.Dialect, next *int64) []byte {
	var number int64
	if t.Name == outboxTable {
		number = eventNumber(t, r, d, next)
	}
	dst = append(dst, '[')
	for i, c := range t.Columns {
		if i > 0 {
			dst = append(dst, ',')
		}
		switch {
		case t.Name == outboxTable && (c.Name == "id" || c.Name == "seq"):
			dst = fmt.Append(dst, number)
		case r.Null(i):
			dst = append(dst, "null"...)
		case c.Kind == "integer":
			dst = r.AppendInt(dst, i)
		case c.Kind == "blob":
			dst = append(dst, `{"blob":"`...)
			dst = base64.StdEncoding.AppendEncode(dst, r.Bytes(i))
			dst = append(dst, `"}`...)
		default:
			dst = r.AppendJSONString(dst, i)
		}
	}
	return append(dst, "]\n"...)
}

// eventNumber is the place of an event in the one order: on SQLite its id; on PostgreSQL its number, and one that has
// none yet gets the next.
func eventNumber(t *Table, r db.Row, d db.Dialect, next *int64) int64 {
	for i, c := range t.Columns {
		if d == db.SQLite && c.Name == "id" || d == db.Postgres && c.Name == "seq" && !r.Null(i) {
			return r.Int64(i)
		}
	}
	*next++
	return *next
}

// lastID is the last number the database gave in a table, so that none is given twice after a restore.
func lastID(q db.Q, t *Table) (int64, error) {
	c := t.auto()
	if c == nil {
		return 0, nil
	}
	if q.Dialect() == db.SQLite {
		return db.Int(q, "SELECT seq FROM sqlite_sequence WHERE name = ?", t.Name)
	}
	sequence := ""
	_, err := db.One(q, "SELECT pg_get_serial_sequence(?, ?)", []any{t.Name, c.Name},
		func(r db.Row) error { sequence = r.Text(0); return nil })
	if err != nil || sequence == "" {
		return 0, err
	}
	return db.Int(q, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM "+sequence)
}
