package portal

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"voronka/internal/adapter/sqlstore/migrations"
	"voronka/internal/kernel/fault"
)

// format of the archive: a zip with manifest.json, tables/<name>.jsonl (a JSON list of values per row, in the order of
// the manifest's columns; a blob is {"blob":"base64"}) and files/<sha256>. It doesn't depend on the database.
const format = 1

const manifestName = "manifest.json"

// Manifest says what a backup holds.
type Manifest struct {
	Format   int     `json:"format"`
	Program  string  `json:"program"`  // version of the program that made it
	Database string  `json:"database"` // sqlite or postgres
	Version  int64   `json:"version"`  // of the migrations
	MadeAt   int64   `json:"made_at"`  // milliseconds UTC
	LastSeq  int64   `json:"last_seq"` // last number given to an event
	Schema   *Schema `json:"schema"`
	Tables   []*Part `json:"tables"`
	Files    []*Part `json:"files"`
	Missing  []*Part `json:"missing,omitempty"` // files that were missing already when it was made
}

// Part is one part of the archive.
type Part struct {
	Name   string `json:"name"` // of the table, or the hash of the file
	Rows   int64  `json:"rows,omitempty"`
	LastID int64  `json:"last_id,omitempty"` // last number the database gave in this table
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Rows is the number of rows of all tables.
func (m *Manifest) Rows() (n int64) {
	for _, p := range m.Tables {
		n += p.Rows
	}
	return n
}

func broken(format string, args ...any) error {
	return fault.Wrap(fault.Invalid, "backup.broken", fmt.Errorf(format, args...))
}

// readManifest reads and judges the manifest of an archive.
func readManifest(z *zip.Reader) (*Manifest, error) {
	f, err := z.Open(manifestName)
	if err != nil {
		return nil, broken("no manifest: %w", err)
	}
	defer func() { _ = f.Close() }()
	return parseManifest(io.LimitReader(f, 256<<20))
}

func parseManifest(r io.Reader) (*Manifest, error) {
	m := &Manifest{}
	if err := json.NewDecoder(r).Decode(m); err != nil {
		return nil, broken("manifest: %w", err)
	}
	switch {
	case m.Format != format || m.Schema == nil:
		return nil, fault.New(fault.Invalid, "backup.format", fault.Args{"format": m.Format})
	case m.Version > migrations.Latest():
		return nil, fault.New(fault.Conflict, "db.newer", fault.Args{"database": m.Version, "program": migrations.Latest()})
	case slices.Contains(m.Tables, nil) || slices.Contains(m.Files, nil) || slices.Contains(m.Missing, nil):
		return nil, broken("a part that is null")
	}
	if err := m.Schema.sane(); err != nil {
		return nil, err
	}
	for _, p := range m.Tables {
		if m.Schema.Table(p.Name) == nil {
			return nil, broken("table %s without a definition", p.Name)
		}
	}
	return m, nil
}
