// Command night is the third gate: what takes too long for every change. It kills the program many times over, measures on
// the true million rows, fuzzes every public parser, runs the properties long, and writes what came out to docs/night.md
// with commit and date.
//
// VORONKA_TEST_POSTGRES must name a PostgreSQL server. -only runs the steps whose name contains a word and writes to
// build/night.md, so that a part never passes for the whole; with -merge it takes the place of those steps in docs/night.md
// instead, each with its own commit and date. -skip leaves steps out, and says so.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// step is one command of the night with the settings it needs.
type step struct {
	name string
	env  []string
	args []string
}

// outcome is what a step came to.
type outcome struct {
	step
	took   time.Duration
	err    error
	output string
	left   string // why it was not run, empty when it was
}

func main() {
	only := flag.String("only", "", "run only the steps whose name contains this")
	skip := flag.String("skip", "", "leave out the steps whose name contains this")
	merge := flag.Bool("merge", false, "with -only: put the outcome in its place in docs/night.md")
	kills := flag.Int("kills", 200, "how often the program is killed on each database")
	pairs := flag.Int("pairs", 50_000, "condition-and-record pairs on each database")
	fuzz := flag.Duration("fuzz", 2*time.Minute, "time for each fuzz target")
	companies := flag.Int("companies", 4000, "random companies, six people each, whose rights are compared with their words on each database")
	checks := flag.Int("checks", 2000, "cases of each property test")
	waiting := flag.Int("waiting", 1_000_000, "waiting jobs that must cost nothing")
	budget := flag.Duration("budget", 0, "begin no step after this time; what was left out is named; 0: no end")
	flag.Parse()
	if os.Getenv("VORONKA_TEST_POSTGRES") == "" {
		fmt.Fprintln(os.Stderr, "night: set VORONKA_TEST_POSTGRES to the DSN of a PostgreSQL superuser")
		os.Exit(2)
	}

	steps := []step{
		{"kill loop", []string{fmt.Sprint("VORONKA_NIGHT_KILLS=", *kills)}, goTest("-run", "Kill", "-v", "./e2e/...", "./internal/adapter/sqlstore/db/...")},
		{"conditions: memory and SQL agree", []string{fmt.Sprint("VORONKA_PAIRS=", *pairs)}, goTest("-v", "./internal/adapter/sqlstore/exprcheck/...")},
	}
	steps = append(steps, step{"rights: what people see is what their roles say", nil, goTest("-run", "TestRightsAreWhatTheirWordsSay", "-v", "./internal/adapter/sqlstore/recordquery", "-args", fmt.Sprint("-rapid.checks=", *companies))})
	steps = append(steps, step{"waiting jobs", []string{fmt.Sprint("VORONKA_NIGHT_WAITING=", *waiting)}, goTest("-run", "Waiting", "-v", "./internal/adapter/sqlstore/jobs/...")})
	targets, err := fuzzTargets()
	if err != nil {
		fmt.Fprintln(os.Stderr, "night:", err)
		os.Exit(1)
	}
	for _, target := range targets {
		steps = append(steps, step{"fuzz " + target.name + " " + target.pkg, nil, goTest("-run", "^$", "-fuzz", "^"+target.name+"$", "-fuzztime", fuzz.String(), target.pkg)})
	}
	packages, err := propertyPackages()
	if err != nil {
		fmt.Fprintln(os.Stderr, "night:", err)
		os.Exit(1)
	}
	for _, pkg := range packages {
		steps = append(steps, step{"long properties " + pkg, nil, goTest(pkg, "-args", fmt.Sprint("-rapid.checks=", *checks))})
	}
	steps = append(steps, step{"the true million", nil, []string{"go", "run", "./bench", "-size", "full", "-out", "build/bench.json"}})

	var outcomes []outcome
	began := time.Now()
	for _, s := range steps {
		switch {
		case !strings.Contains(s.name, *only):
		case *skip != "" && strings.Contains(s.name, *skip):
			outcomes = append(outcomes, outcome{step: s, left: "left out with -skip " + *skip})
		case *budget > 0 && time.Since(began) > *budget:
			outcomes = append(outcomes, outcome{step: s, left: "the time was over"})
		default:
			outcomes = append(outcomes, run(s))
		}
	}
	out, text := "docs/night.md", report(outcomes)
	switch {
	case *merge && *only != "":
		whole, err := os.ReadFile(out)
		if err != nil {
			fmt.Fprintln(os.Stderr, "night:", err)
			os.Exit(1)
		}
		text = merged(whole, outcomes)
	case *only != "":
		out = "build/night.md"
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(out), 0o755), os.WriteFile(out, text, 0o644)); err != nil {
		fmt.Fprintln(os.Stderr, "night:", err)
		os.Exit(1)
	}
	for _, o := range outcomes {
		if o.err != nil {
			os.Exit(1)
		}
	}
}

func goTest(args ...string) []string {
	return append([]string{"go", "test", "-count=1", "-timeout=6h"}, args...)
}

func run(s step) outcome {
	fmt.Printf("== %s: %s\n", s.name, strings.Join(s.args, " "))
	var output bytes.Buffer
	cmd := exec.Command(s.args[0], s.args[1:]...)
	cmd.Env = append(append(os.Environ(), "VORONKA_REQUIRE_POSTGRES=1"), s.env...)
	cmd.Stdout = io.MultiWriter(os.Stdout, &output)
	cmd.Stderr = cmd.Stdout
	start := time.Now()
	err := cmd.Run()
	return outcome{step: s, took: time.Since(start), err: err, output: output.String()}
}

// report writes the page that is committed.
func report(outcomes []outcome) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# The last night\n\nCommit %s. Made by `make night`.\n\n", stamp())
	b.WriteString("| step | with | took | result |\n|---|---|---|---|\n")
	left := 0
	for _, o := range outcomes {
		b.WriteString(o.row(""))
		if o.left != "" {
			left++
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n**Not whole**: %d of %d steps were not run.\n", left, len(outcomes))
	}
	for _, o := range outcomes {
		b.WriteString(o.section())
	}
	return b.Bytes()
}

// stamp is the commit and the date.
func stamp() string {
	commit, _ := exec.Command("git", "describe", "--always", "--dirty").Output() // empty outside of git
	return fmt.Sprintf("%s, %s", strings.TrimSpace(string(commit)), time.Now().UTC().Format("2006-01-02 15:04 UTC"))
}

// row is the line of a step in the table, at is when it was run if not with the others.
func (o outcome) row(at string) string {
	result := "passed"
	switch {
	case o.left != "":
		result = "not run: " + o.left
	case o.err != nil:
		result = "**failed**: " + o.err.Error()
	}
	return fmt.Sprintf("| %s | %s | %s | %s%s |\n", o.name, o.with(), o.took.Round(time.Second), result, at)
}

func (o outcome) section() string {
	lines := told(o)
	if lines == "" {
		return ""
	}
	return fmt.Sprintf("\n## %s\n```\n%s```\n", o.name, lines)
}

// merged is a report in which outcomes took the place of those of the same steps. What is not whole stays called so until
// no step is left.
func merged(whole []byte, outcomes []outcome) []byte {
	rows, sections, _ := strings.Cut(string(whole), "\n## ")
	if sections != "" {
		sections = "\n## " + sections
	}
	for _, o := range outcomes {
		var out strings.Builder
		for line := range strings.Lines(rows) {
			if strings.HasPrefix(line, "| "+o.name+" | ") {
				line = o.row(", at " + stamp())
			}
			out.WriteString(line)
		}
		rows = out.String()
		if start := strings.Index(sections, "\n## "+o.name+"\n"); start >= 0 {
			end := len(sections)
			if next := strings.Index(sections[start+1:], "\n## "); next >= 0 {
				end = start + 1 + next
			}
			sections = sections[:start] + sections[end:]
		}
		sections += o.section()
	}
	if i := strings.Index(rows, "\n**Not whole**"); i >= 0 {
		rows = rows[:i]
		if left := strings.Count(rows, "| not run: "); left > 0 {
			rows += fmt.Sprintf("\n**Not whole**: %d of %d steps were not run.\n", left, strings.Count(rows, "\n| ")-1)
		}
	}
	return []byte(rows + sections)
}

// with is how large a step was: its settings, its time for fuzzing, its number of cases.
func (s step) with() string {
	with := strings.Join(s.env, " ")
	for i, arg := range s.args {
		if arg == "-fuzztime" {
			with = s.args[i+1]
		}
		if n, ok := strings.CutPrefix(arg, "-rapid.checks="); ok {
			with = n + " cases"
		}
	}
	return with
}

// said finds the lines of a step worth keeping: figures it logged, failures, and the whole table of the benchmarks.
var said = regexp.MustCompile(`_test\.go:\d+: |^--- FAIL|^FAIL|^panic:`)

func told(o outcome) string {
	if strings.Contains(o.name, "million") {
		return o.output
	}
	var b strings.Builder
	for line := range strings.Lines(o.output) {
		if said.MatchString(line) && b.Len() < 8000 {
			b.WriteString(line)
		}
	}
	return b.String()
}

// target is a fuzz test and its package.
type target struct{ name, pkg string }

var fuzzFunc = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

func fuzzTargets() (all []target, err error) {
	err = testFiles(func(path string, source []byte) {
		for _, m := range fuzzFunc.FindAllSubmatch(source, -1) {
			all = append(all, target{string(m[1]), "./" + filepath.Dir(path)})
		}
	})
	return all, err
}

func propertyPackages() (all []string, err error) {
	seen := map[string]bool{}
	err = testFiles(func(path string, source []byte) {
		pkg := "./" + filepath.Dir(path)
		if bytes.Contains(source, []byte("rapid.Check(")) && !seen[pkg] && !strings.Contains(pkg, "exprcheck") {
			seen[pkg] = true
			all = append(all, pkg)
		}
	})
	return all, err
}

func testFiles(each func(path string, source []byte)) error {
	return filepath.WalkDir("internal", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err == nil {
			each(path, source)
		}
		return err
	})
}
