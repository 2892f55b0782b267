package db

import (
	"errors"
	"fmt"
	"os"
	"time"

	"zombiezen.com/go/sqlite"

	"voronka/internal/kernel/fault"
)

// Release makes a SQLite file complete in itself, without a log beside it, so that it can be moved or copied; Conflict
// db.in_use when another process has it open. A file that isn't there is fine.
func Release(path string) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	c, err := sqlite.OpenConn(path, sqlite.OpenReadWrite)
	if err != nil {
		return unavailable("db.unavailable", err)
	}
	defer func() { _ = c.Close() }()
	c.SetBusyTimeout(200 * time.Millisecond)
	s, _, err := c.PrepareTransient("PRAGMA journal_mode = DELETE")
	if err != nil {
		return unavailable("db.unavailable", err)
	}
	defer func() { _ = s.Finalize() }()
	if _, err = s.Step(); err == nil && s.ColumnText(0) != "delete" {
		err = fmt.Errorf("journal mode is still %s", s.ColumnText(0))
	}
	if err != nil {
		return fault.Wrap(fault.Conflict, "db.in_use", err)
	}
	return nil
}
