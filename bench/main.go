// Command bench measures the program the way people use it: the real server in a process of its own, asked over HTTP with login
// and rights, its CPU time read from the operating system. It writes build/bench.json (flat, what_size_database_unit), prints
// a table beside the gates and ends with 1 when one is broken.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	size     string
	database string // DSN of a PostgreSQL server; "" = SQLite only
	alone    bool   // PostgreSQL without SQLite
	out      string
	only     string // what is measured, with commas between, for working on one thing
	keep     string // folder the data is kept in between runs, for working on the program
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == childWord {
		os.Exit(child(os.Args[2:]))
	}
	var o options
	flag.StringVar(&o.size, "size", "full", "small (10k and 100k records, three minutes) or full (100k and a million)")
	flag.StringVar(&o.database, "database", os.Getenv("VORONKA_TEST_POSTGRES"), "PostgreSQL to measure too, DSN of a superuser")
	flag.BoolVar(&o.alone, "alone", false, "measure PostgreSQL only")
	flag.StringVar(&o.out, "out", "build/bench.json", "where the figures go")
	flag.StringVar(&o.only, "only", "", "measure only these, with commas between: list, board, rights, create, intake, intake_routing, jobs, offers, field, load, demo_build, replay")
	flag.StringVar(&o.keep, "keep", "", "folder to keep the data in between runs")
	table := flag.String("table", "", "measure nothing; print the figures of these files, with commas between, as a table")
	flag.Parse()
	if *table != "" {
		if err := printTable(os.Stdout, strings.Split(*table, ",")); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	sizes := map[string][]int{"small": {10_000, 100_000}, "full": {100_000, 1_000_000}}[o.size]
	if sizes == nil {
		return fmt.Errorf("no size %q", o.size)
	}
	dir := o.keep
	if dir == "" {
		temporary, err := os.MkdirTemp("", "voronka-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		dir = temporary
	}
	b := &bench{options: o, dir: dir, figures: map[string]float64{}, started: time.Now()}
	databases := []string{"sqlite"}
	switch {
	case o.database == "":
		fmt.Println("PostgreSQL is not measured: give -database or VORONKA_TEST_POSTGRES")
	case o.alone:
		databases = []string{"postgres"}
	default:
		databases = append(databases, "postgres")
	}
	if slices.Contains(demos, b.only) {
		databases = nil
	}
	for _, database := range databases {
		if err := b.measure(ctx, database, sizes); err != nil {
			return fmt.Errorf("%s: %w", database, err)
		}
	}
	if err := b.demo(ctx); err != nil {
		b.wrong = append(b.wrong, err.Error())
	}
	if err := b.binary(ctx); err != nil {
		b.wrong = append(b.wrong, err.Error())
	}
	if err := b.write(); err != nil {
		return err
	}
	return b.report()
}

// bench is one run.
type bench struct {
	options
	dir     string
	figures map[string]float64
	started time.Time
	wrong   []string // answers that weren't right
}

// note keeps a figure under its full name.
func (b *bench) note(what string, size int, database, unit string, value float64) {
	b.figures[name(what, size, database, unit)] = value
}

func name(what string, size int, database, unit string) string {
	if size == 0 {
		return what + "_" + database + "_" + unit
	}
	return fmt.Sprintf("%s_%s_%s_%s", what, short(size), database, unit)
}

// short writes a size as people say it, never rounded up: 100k, 1m.
func short(n int) string {
	switch {
	case n >= 1_000_000:
		return fmt.Sprintf("%dm", n/1_000_000)
	case n >= 1000:
		return fmt.Sprintf("%dk", n/1000)
	}
	return fmt.Sprint(n)
}

func (b *bench) write() error {
	if err := os.MkdirAll(filepath.Dir(b.out), 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(b.figures, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(b.out, append(text, '\n'), 0o644)
}

// binary measures the size of the program as it is released.
func (b *bench) binary(ctx context.Context) error {
	size, err := binarySize(ctx, b.dir)
	if err != nil {
		return err
	}
	b.note("binary", 0, "any", "mb", float64(size)/1e6)
	return nil
}
