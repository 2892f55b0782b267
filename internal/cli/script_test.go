package cli

import (
	"context"
	"net"
	"net/http"
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

// await waits until a server answers at an address.
func await(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		answer, err := http.Get("http://" + args[0] + "/healthz")
		if err != nil {
			continue
		}
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return
		}
	}
	ts.Fatalf("nobody answers at %s", args[0])
}
