//go:build unix

package smtptest

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
	"testing"
)

// own is who the server runs as: we ourselves, or nobody when we are root, whom mail servers don't deliver as.
func own(t testing.TB, dir string) (name, group string) {
	t.Helper()
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	if u.Uid == "0" {
		if u, err = user.Lookup("nobody"); err != nil {
			t.Fatal(err)
		}
		for d := dir; len(d) > len(os.TempDir()); d = d[:lastSlash(d)] { // the way there, which the test made
			_ = os.Chmod(d, 0o755) //nolint:gosec // nobody must be able to come in
		}
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		t.Fatal(err)
	}
	return u.Username, g.Name
}

func lastSlash(s string) int {
	for i := len(s) - 1; i > 0; i-- {
		if s[i] == '/' {
			return i
		}
	}
	return 0
}

// give makes a file the server's own.
func give(t testing.TB, path, name string) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	u, err := user.Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(path, uid, gid); err != nil {
		t.Fatal(err)
	}
}

// apart gives a program a process group of its own, so that end ends all of it.
func apart(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func end(c *exec.Cmd) { _ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
