package app

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"voronka/internal/kernel/fault"
)

// LockFile is held by the one server that works on an embedded database.
const LockFile = "voronka.lock"

// Lock is a held lock.
type Lock struct{ f *os.File }

// errHeld is what lockFile answers when somebody else has it.
var errHeld = errors.New("held by another process")

// LockData takes the lock of a data folder, making the folder if it isn't there. Conflict serve.running when another
// process has it. The system gives it back when the process ends, however it ends.
func LockData(folder string) (*Lock, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, &fault.Error{Code: fault.Unavailable, Key: "cli.folder", Args: fault.Args{"path": folder}, Err: err}
	}
	path := filepath.Join(folder, LockFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, &fault.Error{Code: fault.Unavailable, Key: "cli.folder", Args: fault.Args{"path": folder}, Err: err}
	}
	if err := lockFile(f); err != nil {
		b, _ := io.ReadAll(io.LimitReader(f, 20)) // Windows forbids reading; then nobody knows the number
		_ = f.Close()
		if errors.Is(err, errHeld) {
			pid := cmp.Or(strings.TrimSpace(string(b)), "?")
			return nil, fault.New(fault.Conflict, "cli.running", fault.Args{"pid": pid, "path": folder})
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0) // for the message above only
	}
	return &Lock{f}, nil
}

// Free gives the lock back.
func (l *Lock) Free() error {
	if l == nil {
		return nil
	}
	return l.f.Close()
}
