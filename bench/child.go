package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/app"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// childWord as first argument makes this program the server that is measured: exactly what `voronka serve` runs, with
// one more kind of jobs.
const childWord = "serve-measured"

func child(args []string) int {
	flags := flag.NewFlagSet(childWord, flag.ExitOnError)
	h := &house{}
	flags.StringVar(&h.Dir, "data", "", "")
	flags.StringVar(&h.DSN, "database", "", "")
	idle := flags.Bool("no-jobs", false, "")
	_ = flags.Parse(args)
	options := []app.Option{app.WithHandler(job.Handler{Kind: benchJob, Run: func(t any, j job.Job) error { return workOn(t.(tx.Tx), j) }})}
	if *idle {
		options = append(options, app.WithoutJobs())
	}
	if err := h.serve(options); err != nil {
		fmt.Fprintln(os.Stderr, "server:", err)
		return 1
	}
	return 0
}

func (h *house) serve(options []app.Option) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	c, err := h.config()
	if err != nil {
		return err
	}
	a, err := app.New(ctx, c, options...)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	return a.Serve(ctx, listener, func() { fmt.Println("ready", listener.Addr()) })
}

// benchJob is the kind of the measured jobs.
const benchJob = "bench"

// workOn loads a record, changes it and writes three rows, what an average rule does.
func workOn(t tx.Tx, j job.Job) error {
	q := db.Of(t)
	var of struct {
		ID  int64
		Run string
	}
	if err := json.Unmarshal(j.Payload, &of); err != nil {
		return err
	}
	id := of.ID
	if err := db.LockRows(q, "r_deal", id); err != nil {
		return err
	}
	if _, err := db.One(q, "SELECT title, amount_base, stage_id, responsible_id FROM r_deal WHERE id = ?", []any{id}, func(db.Row) error { return nil }); err != nil {
		return err
	}
	if err := db.Later(q, "UPDATE r_deal SET version = version + 1, next_at = ? WHERE id = ?", t.Now(), id); err != nil {
		return err
	}
	for range 3 {
		if err := db.Later(q, "INSERT INTO journal (at, type_id, record_id, kind, actor_id, cause, diff) VALUES (?, 0, ?, ?, 0, '{}', ?)", t.Now(), id, of.Run, string(j.Payload)); err != nil {
			return err
		}
	}
	return nil
}

// server is a running child.
type server struct {
	*house
	cmd   *exec.Cmd
	named string // application name of its connections to PostgreSQL, when it has one of its own
	url   string
	http  *http.Client
	ready time.Duration // from the start of the process to its first answer
}

// start runs the server, with more arguments if given, and waits until it answers.
func start(ctx context.Context, h *house, more ...string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := []string{childWord, "-data", h.Dir}
	if h.DSN != "" {
		args = append(args, "-database", h.DSN)
	}
	s := &server{house: h, cmd: exec.CommandContext(ctx, self, append(args, more...)...)}
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(errors.New("the server did not start"), s.cmd.Wait())
	}
	s.url = "http://" + strings.TrimSpace(strings.TrimPrefix(line, "ready "))
	s.http = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}, Timeout: 60 * time.Second}
	for {
		r, err := s.http.Get(s.url + "/readyz")
		if err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				s.ready = time.Since(begin)
				return s, nil
			}
		}
		if time.Since(begin) > 30*time.Second {
			return nil, errors.New("the server is not ready after 30 s")
		}
		time.Sleep(time.Millisecond)
	}
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

// open opens the database of the server from here, for planting and for naive sums.
func (h *house) open(ctx context.Context) (*db.DB, error) {
	o := db.Options{Clock: clock.System{}, ReadTimeout: 5 * time.Minute, Readers: 1, Connections: 2}
	if h.DSN != "" {
		o.DSN = h.DSN
	} else {
		o.Path = filepath.Join(h.Dir, app.DatabaseFile)
	}
	return db.Open(ctx, o)
}

// binarySize builds the program as a release does and tells how long it is.
func binarySize(ctx context.Context, dir string) (int64, error) {
	out := filepath.Join(dir, "voronka-"+runtime.GOOS)
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, "./cmd/voronka")
	if text, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build: %w: %s", err, text)
	}
	info, err := os.Stat(out)
	if err != nil {
		return 0, err
	}
	return info.Size(), os.Remove(out)
}
