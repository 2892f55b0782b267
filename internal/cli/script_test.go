package cli

import (
	"context"
	"net"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets scripts call voronka as a program of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"voronka": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := Run(ctx, System())
		stop()
		os.Exit(code)
	}})
}

// TestScripts runs the scripts of testdata/script: a command line, what it prints, what it leaves behind.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("LANG", "en_US.UTF-8")
			e.Setenv("VORONKA_LOG_LEVEL", "warn")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"freeport": freePort, "await": await},
	})
}

// freePort puts an address nobody listens on into a variable.
func freePort(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Setenv(args[0], l.Addr().String())
	ts.Check(l.Close())
}

// await waits until somebody listens on an address.
func await(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if c, err := net.Dial("tcp", args[0]); err == nil {
			_ = c.Close()
			return
		}
	}
	ts.Fatalf("nobody listens on %s", args[0])
}
