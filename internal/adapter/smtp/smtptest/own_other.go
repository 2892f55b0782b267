//go:build !unix

package smtptest

import (
	"os/exec"
	"testing"
)

func own(t testing.TB, _ string) (name, group string) {
	t.Skip("the real mail server of these tests is for Unix")
	return "", ""
}

func give(testing.TB, string, string) {}

func apart(*exec.Cmd) {}

func end(c *exec.Cmd) { _ = c.Process.Kill() }
