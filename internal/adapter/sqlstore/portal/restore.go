package portal

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/fault"
)

// Keeper takes in the contents of files; it returns the hash of what it stored.
type Keeper interface {
	Keep(ctx context.Context, r io.Reader) (hash string, err error)
}

// Restored says what Restore did.
type Restored struct {
	Manifest *Manifest
	Old      string // where the data that was there before lies now; empty when there was none
}

// Restore replaces the portal that target names by the one in the backup at path. Everything is checked first and loaded
// beside the living data, which is set aside only when the new is complete; on any failure it stays as it was. Nobody may
// be working in the portal: Conflict db.in_use.
func Restore(ctx context.Context, path string, target db.Options, files Keeper) (*Restored, error) {
	m, err := Verify(ctx, path)
	if err != nil {
		return nil, err
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, broken("%w", err)
	}
	defer func() { _ = z.Close() }()
	r := &restore{ctx: ctx, z: &z.Reader, m: m, target: target, stamp: time.Now().UTC().Format("20060102t150405")}
	if err := keepFiles(ctx, r.z, m, files); err != nil { // adds to what is there and replaces nothing
		return nil, err
	}
	var old string
	if target.DSN != "" {
		old, err = r.postgres()
	} else {
		old, err = r.sqlite()
	}
	if err != nil {
		return nil, err
	}
	return &Restored{Manifest: m, Old: old}, nil
}

func keepFiles(ctx context.Context, z *zip.Reader, m *Manifest, files Keeper) error {
	if len(m.Files) > 0 && files == nil {
		return errors.New("portal: the backup holds files, but there is no place for them")
	}
	for _, p := range m.Files {
		f, err := z.Open("files/" + p.Name)
		if err != nil {
			return broken("file %s: %w", p.Name, err)
		}
		hash, err := files.Keep(ctx, f)
		_ = f.Close()
		if err != nil {
			return err
		}
		if hash != p.Name {
			return broken("file %s arrived as %s", p.Name, hash)
		}
	}
	return nil
}

type restore struct {
	ctx    context.Context
	z      *zip.Reader
	m      *Manifest
	target db.Options
	stamp  string
}

// fill loads the backup into an empty database at its own version and then migrates it to ours.
func (r *restore) fill(o db.Options) error {
	o.Version, o.Unsafe = r.m.Version, true
	d, err := db.Open(r.ctx, o)
	if err != nil {
		return err
	}
	err = load(r.ctx, d, r.z, r.m)
	if e := d.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	o.Version, o.Unsafe = 0, false
	if d, err = db.Open(r.ctx, o); err != nil {
		return err
	}
	return d.Close()
}

func (r *restore) sqlite() (old string, err error) {
	path := r.target.Path
	fresh := path + ".restoring"
	removeDatabase(fresh)
	defer removeDatabase(fresh)
	o := r.target
	o.Path = fresh
	if err := r.fill(o); err != nil {
		return "", err
	}
	if err := errors.Join(db.Release(fresh), syncPath(fresh)); err != nil {
		return "", err
	}
	if err := db.Release(path); err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err == nil {
		old = path + ".before-" + r.stamp
		if err := os.Rename(path, old); err != nil {
			return "", diskTrouble(err)
		}
	}
	if err := os.Rename(fresh, path); err != nil {
		if old != "" {
			err = errors.Join(err, os.Rename(old, path))
		}
		return "", diskTrouble(err)
	}
	_ = syncPath(filepath.Dir(path)) // Windows can't; the renames are done all the same
	return old, nil
}

func removeDatabase(path string) {
	for _, end := range []string{"", "-wal", "-shm", "-journal"} {
		_ = os.Remove(path + end)
	}
}

func syncPath(path string) error {
	f, err := os.OpenFile(path, os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if err := f.Sync(); err != nil && !errors.Is(err, os.ErrPermission) {
		return err
	}
	return nil
}

// restoring is the PostgreSQL schema a backup is loaded into before it takes the place of public.
const restoring = "voronka_restoring"

func (r *restore) postgres() (old string, err error) {
	if err := db.Admin(r.ctx, r.target, func(q db.Q) error {
		if err := nobodyElse(q); err != nil {
			return err
		}
		return all(q, "DROP SCHEMA IF EXISTS "+restoring+" CASCADE", "CREATE SCHEMA "+restoring)
	}); err != nil {
		return "", err
	}
	o := r.target
	o.Schema = restoring
	if err := r.fill(o); err != nil {
		cleanup, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), 10*time.Second)
		defer cancel()
		_ = db.Admin(cleanup, r.target, func(q db.Q) error { return all(q, "DROP SCHEMA IF EXISTS "+restoring+" CASCADE") })
		return "", err
	}
	old = "voronka_before_" + r.stamp
	err = db.Admin(r.ctx, r.target, func(q db.Q) error {
		if err := nobodyElse(q); err != nil {
			return err
		}
		there, err := db.Int(q, "SELECT count(*) FROM pg_class WHERE relnamespace = CAST('public' AS regnamespace) AND relkind = 'r'")
		if err != nil {
			return err
		}
		// Both renames in one transaction: there is never a moment without a portal.
		if err := all(q, "BEGIN", "ALTER SCHEMA public RENAME TO "+old, "ALTER SCHEMA "+restoring+" RENAME TO public"); err != nil {
			return err
		}
		if there == 0 {
			if err := all(q, "DROP SCHEMA "+old); err != nil {
				return err
			}
			old = ""
		}
		return all(q, "COMMIT")
	})
	if err != nil {
		return "", err
	}
	return old, nil
}

func all(q db.Q, statements ...string) error {
	for _, sql := range statements {
		if _, err := q.Exec(sql); err != nil {
			return err
		}
	}
	return nil
}

// nobodyElse refuses to touch a portal whose nodes are running. Connections just closed need a moment to vanish.
func nobodyElse(q db.Q) error {
	for try := 0; ; try++ {
		n, err := db.Int(q, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
			AND application_name = 'voronka' AND pid <> pg_backend_pid()`)
		if err != nil || n == 0 {
			return err
		}
		if try == 20 {
			return fault.Wrap(fault.Conflict, "db.in_use", fmt.Errorf("%d connections", n))
		}
		time.Sleep(100 * time.Millisecond)
	}
}
