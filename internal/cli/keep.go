package cli

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"time"

	"voronka/internal/adapter/filestore"
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/portal"
	"voronka/internal/app"
	"voronka/internal/config"
	"voronka/internal/kernel/fault"
)

// backupCmd writes the whole portal into one file, also while the server runs.
type backupCmd struct {
	File string `arg:"" optional:"" help:"${flag_backup_file}"`
}

// Run implements the command.
func (c *backupCmd) Run(r *run) error {
	return r.with(func(a *app.App) error {
		path := c.File
		if path == "" {
			path = "voronka-" + time.Now().Format("2006-01-02-150405") + ".zip"
		}
		if fileExists(path) {
			return fault.New(fault.Conflict, "cli.file_there", fault.Args{"path": path})
		}
		m, err := portal.Backup(r.ctx, a.DB, a.Blobs, path, config.FullVersion())
		if err != nil {
			return err
		}
		r.tell("cli.backed_up", map[string]any{"path": path, "rows": m.Rows(), "files": len(m.Files)})
		return nil
	})
}

// restoreCmd replaces the portal by the one in a backup.
type restoreCmd struct {
	File  string `arg:"" help:"${flag_restore_file}"`
	Check bool   `help:"${flag_check}"`
}

// Run implements the command.
func (c *restoreCmd) Run(r *run) error {
	if !fileExists(c.File) {
		return fault.New(fault.NotFound, "cli.no_file", fault.Args{"path": c.File})
	}
	if c.Check {
		m, err := portal.Verify(r.ctx, c.File)
		if err != nil {
			return err
		}
		r.tell("cli.backup_good", map[string]any{"rows": m.Rows(), "files": len(m.Files), "program": m.Program})
		return nil
	}
	lock, err := app.LockData(r.loaded.Data)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Free() }() // the end of the process frees it anyway
	files, err := filestore.New(filepath.Join(r.loaded.Data, app.FilesDir))
	if err != nil {
		return err
	}
	target := db.Options{Log: r.quietLog(), DSN: r.loaded.Database}
	if target.DSN == "" {
		target.Path = filepath.Join(r.loaded.Data, app.DatabaseFile)
	}
	done, err := portal.Restore(r.ctx, c.File, target, keeper{files})
	if err != nil {
		return err
	}
	r.tell("cli.restored", map[string]any{"rows": done.Manifest.Rows(), "files": len(done.Manifest.Files)})
	if done.Old != "" {
		r.tell("cli.old_data", map[string]any{"path": done.Old})
	}
	return nil
}

// keeper takes in files of a backup.
type keeper struct{ *filestore.Store }

// Keep implements portal.Keeper.
func (k keeper) Keep(ctx context.Context, r io.Reader) (string, error) {
	b, err := k.Put(ctx, r, 0)
	return b.Hash, err
}

// doctorCmd looks for trouble.
type doctorCmd struct {
	JSON bool `name:"json" help:"${flag_json}"`
}

// Run implements the command. It fails when data are damaged.
func (c *doctorCmd) Run(r *run) error {
	return r.with(func(a *app.App) error {
		findings, err := portal.Doctor(r.ctx, a.DB, a.Checks())
		if err != nil {
			return err
		}
		urgent := false
		for _, f := range findings {
			urgent = urgent || f.Urgent
			if !c.JSON {
				r.tell("cli.finding", map[string]any{"check": f.Check, "text": r.say.Say(f.Key, f.Args)})
			}
		}
		if c.JSON {
			if findings == nil {
				findings = []portal.Finding{}
			}
			if err := json.NewEncoder(r.Out).Encode(map[string]any{"clean": len(findings) == 0, "findings": findings}); err != nil {
				return err
			}
		} else if len(findings) == 0 {
			r.tell("cli.healthy", nil)
		}
		if urgent {
			return fault.New(fault.Conflict, "cli.damaged")
		}
		return nil
	})
}
