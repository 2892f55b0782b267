package portal

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/outbox"
	"voronka/internal/kernel/tx"
)

const (
	loadArgs  = 4000    // values in one INSERT
	loadBytes = 1 << 20 // of text in one INSERT
)

// load fills a fresh database, whose tables of the house are at the backup's version, with what the archive holds.
func load(ctx context.Context, d *db.DB, z *zip.Reader, m *Manifest) error {
	var house *Schema
	if err := d.Read(ctx, func(q db.Q) (err error) { house, err = Read(q); return err }); err != nil {
		return err
	}
	for _, p := range m.Tables {
		t := m.Schema.Table(p.Name)
		own := house.Table(p.Name) == nil
		if !own {
			if diff := compareTables(house.Table(p.Name), t); len(diff) > 0 {
				return broken("not the tables of version %d: %s", m.Version, strings.Join(diff, "; "))
			}
		} else if err := execute(ctx, d, t.definition()); err != nil {
			return err
		}
		if err := loadTable(ctx, d, z, t, p); err != nil {
			return err
		}
		for _, x := range t.Indexes {
			if !own {
				break
			}
			if err := execute(ctx, d, x.definition(t, d.Dialect() == db.Postgres)); err != nil {
				return err
			}
		}
	}
	if err := settle(ctx, d, m); err != nil {
		return err
	}
	return check(ctx, d, m)
}

func execute(ctx context.Context, d *db.DB, sql string) error {
	return d.Do(ctx, func(t tx.Tx) error {
		_, err := db.Of(t).Exec(db.DDL(d.Dialect(), sql))
		return err
	})
}

func loadTable(ctx context.Context, d *db.DB, z *zip.Reader, t *Table, p *Part) error {
	if err := execute(ctx, d, "DELETE FROM "+t.Name); err != nil { // what the migrations put in
		return err
	}
	f, err := z.Open("tables/" + t.Name + ".jsonl")
	if err != nil {
		return broken("%s: %w", t.Name, err)
	}
	defer func() { _ = f.Close() }()
	r := bufio.NewReaderSize(f, 64<<10)
	var rows [][]any
	size := 0
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		err := d.Do(ctx, func(x tx.Tx) error { return insertRows(db.Of(x), t, rows) })
		rows, size = rows[:0], 0
		return err
	}
	for {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(bytes.TrimSpace(line)) == 0 {
			break
		}
		if err != nil {
			return broken("%s: %w", t.Name, err)
		}
		row, err := parseRow(t, line)
		if err != nil {
			return broken("%s: %w", t.Name, err)
		}
		rows = append(rows, row)
		if size += len(line); size > loadBytes || (len(rows)+1)*len(t.Columns) > loadArgs {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return setLast(ctx, d, t, p.LastID)
}

func parseRow(t *Table, line []byte) ([]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	var raw []any
	if err := decoder.Decode(&raw); err != nil {
		return nil, err
	}
	if len(raw) != len(t.Columns) {
		return nil, errors.New("a row of another length")
	}
	for i, v := range raw {
		switch v := v.(type) {
		case nil, string:
		case json.Number:
			n, err := v.Int64()
			if err != nil {
				return nil, err
			}
			raw[i] = n
		case map[string]any:
			text, ok := v["blob"].(string)
			if !ok {
				return nil, errors.New("an object that is no blob")
			}
			blob, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return nil, err
			}
			raw[i] = blob
		default:
			return nil, errors.New("a value of a strange kind")
		}
	}
	return raw, nil
}

func insertRows(q db.Q, t *Table, rows [][]any) error {
	var names, marks []string
	for _, c := range t.Columns {
		names = append(names, c.Name)
		marks = append(marks, "?")
	}
	one := "(" + strings.Join(marks, ", ") + ")"
	var args []any
	for _, row := range rows {
		args = append(args, row...)
	}
	_, err := q.Exec("INSERT INTO "+t.Name+" ("+strings.Join(names, ", ")+") VALUES "+one+strings.Repeat(", "+one, len(rows)-1), args...)
	return err
}

// setLast makes the database go on numbering where the backed-up one was.
func setLast(ctx context.Context, d *db.DB, t *Table, last int64) error {
	c := t.auto()
	if c == nil || last == 0 {
		return nil
	}
	return d.Do(ctx, func(x tx.Tx) error {
		q := db.Of(x)
		if d.Dialect() == db.Postgres {
			_, err := db.Int(q, "SELECT setval(pg_get_serial_sequence(?, ?), ?)", t.Name, c.Name, last)
			return err
		}
		if _, err := q.Exec("DELETE FROM sqlite_sequence WHERE name = ?", t.Name); err != nil {
			return err
		}
		_, err := q.Exec("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", t.Name, last)
		return err
	})
}

// settle adapts what depends on the database: the place of the relay and leases by another machine's clock.
func settle(ctx context.Context, d *db.DB, m *Manifest) error {
	return d.Do(ctx, func(x tx.Tx) error {
		if err := outbox.SetEnd(x, m.LastSeq); err != nil {
			return err
		}
		_, err := db.Of(x).Exec("UPDATE job SET lease_until = 0, fence = fence + 1 WHERE lease_until <> 0")
		return err
	})
}

// check compares the loaded database with the manifest.
func check(ctx context.Context, d *db.DB, m *Manifest) error {
	return d.Read(db.Patient(ctx, longest), func(q db.Q) error {
		s, err := Read(q)
		if err != nil {
			return err
		}
		if diff := Compare(m.Schema, s); len(diff) > 0 {
			return broken("the tables differ: %s", strings.Join(diff, "; "))
		}
		for _, p := range m.Tables {
			n, err := db.Int(q, "SELECT count(*) FROM "+p.Name)
			if err != nil {
				return err
			}
			if n != p.Rows && p.Name != subscriptionTable { // the relay has a row on PostgreSQL only
				return broken("%s: %d rows loaded instead of %d", p.Name, n, p.Rows)
			}
		}
		return nil
	})
}
