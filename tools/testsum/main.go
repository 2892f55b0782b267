// Command testsum runs the project's tests and closes with one line that counts them all.
//
// It runs `go test -json` over the given packages, the front end's unit tests when -web names its folder and the browser
// journeys when -journeys names theirs, prints what failed with its output and what was skipped with its reason, and ends
// with "N passed, N failed, N skipped".
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// counts adds up the results of single tests; a parent of sub-tests is not counted beside them.
type counts struct{ passed, failed, skipped int }

// add takes the counts of a further run in and hands its verdict through.
func (c *counts) add(more counts, ok bool) bool {
	c.passed += more.passed
	c.failed += more.failed
	c.skipped += more.skipped
	return ok
}

func main() {
	web := flag.String("web", "", "folder of the front end, whose unit tests are run too")
	journeys := flag.String("journeys", "", "folder of the browser journeys, run by Node's test runner")
	verbose := flag.Bool("v", false, "print the name of every test")
	args := flag.String("args", "", "further arguments of go test, split at spaces")
	flag.Parse()

	total, ok := goTests(flag.Args(), strings.Fields(*args), *verbose)
	if *web != "" {
		ok = total.add(webTests(*web)) && ok
	}
	if *journeys != "" {
		ok = total.add(journeyTests(*journeys)) && ok
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", total.passed, total.failed, total.skipped)
	if !ok || total.failed > 0 || total.passed == 0 {
		os.Exit(1)
	}
}

// result is what is known of one Go test.
type result struct {
	pkg, name, action string
	output            strings.Builder
	parent            bool
}

// goEvent is one line of `go test -json` (see `go doc test2json`).
type goEvent struct {
	Action, Package, Test, Output, ImportPath string
}

func goTests(packages, extra []string, verbose bool) (counts, bool) {
	cmd := exec.Command("go", append(append([]string{"test", "-json"}, extra...), packages...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		return counts{}, false
	}
	results := map[string]*result{}
	broken := readGoEvents(out, results, verbose)
	ok := cmd.Wait() == nil
	for _, pkg := range broken {
		fmt.Println("FAIL", pkg)
	}
	return sumUp(results), ok && len(broken) == 0
}

// readGoEvents fills results and returns packages that failed as a whole: that didn't build, or died.
func readGoEvents(out io.Reader, results map[string]*result, verbose bool) (broken []string) {
	lines := bufio.NewScanner(out)
	lines.Buffer(make([]byte, 1<<20), 16<<20)
	packageOutput := map[string]*strings.Builder{}
	failures := map[string]bool{}
	for lines.Scan() {
		var e goEvent
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text())
			continue
		}
		if e.Action == "build-output" {
			fmt.Print(e.Output)
			continue
		}
		if e.Test == "" {
			if packageOutput[e.Package] == nil {
				packageOutput[e.Package] = &strings.Builder{}
			}
			packageOutput[e.Package].WriteString(e.Output)
			if e.Action == "fail" && !failures[e.Package] {
				fmt.Print(packageOutput[e.Package].String())
				broken = append(broken, e.Package)
			}
			continue
		}
		key := e.Package + " " + e.Test
		r := results[key]
		if r == nil {
			r = &result{pkg: e.Package, name: e.Test}
			results[key] = r
			if cut := strings.LastIndex(e.Test, "/"); cut > 0 {
				if parent := results[e.Package+" "+e.Test[:cut]]; parent != nil {
					parent.parent = true
				}
			}
		}
		switch e.Action {
		case "output":
			r.output.WriteString(e.Output)
		case "pass", "fail", "skip":
			r.action = e.Action
			if e.Action == "fail" {
				failures[e.Package] = true
				fmt.Printf("--- FAIL %s %s\n%s", e.Package, e.Test, r.output.String())
			}
			if verbose {
				fmt.Println(e.Action, e.Package, e.Test)
			}
		}
	}
	return broken
}

func sumUp(results map[string]*result) (c counts) {
	reasons := map[string]int{}
	for _, r := range results {
		switch {
		case r.action == "fail" || r.action == "":
			if !r.parent || r.action == "" {
				c.failed++
			}
		case r.parent:
		case r.action == "skip":
			c.skipped++
			reasons[reason(r.output.String())]++
		default:
			c.passed++
		}
	}
	for _, line := range sortedKeys(reasons) {
		fmt.Printf("skipped %d: %s\n", reasons[line], line)
	}
	return c
}

// reason finds what a skipped test said about it: "    file_test.go:12: no PostgreSQL …".
func reason(output string) string {
	for _, line := range strings.Split(output, "\n") {
		if _, said, ok := strings.Cut(strings.TrimSpace(line), ".go:"); ok {
			if _, text, ok := strings.Cut(said, ": "); ok {
				return text
			}
		}
	}
	return "no reason given"
}

func sortedKeys(m map[string]int) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// webTests runs Vitest and reads its JSON report.
func webTests(folder string) (counts, bool) {
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		fmt.Println("front end: node_modules is missing, run `make build` first")
		return counts{failed: 1}, false
	}
	report := filepath.Join(os.TempDir(), fmt.Sprintf("voronka-vitest-%d.json", os.Getpid()))
	defer os.Remove(report)
	cmd := exec.Command("npx", "vitest", "run", "--reporter=default", "--reporter=json", "--outputFile.json="+report)
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, os.Stdout, os.Stderr
	err := cmd.Run()
	var sums struct {
		NumPassedTests, NumFailedTests, NumPendingTests, NumTodoTests int
	}
	b, readErr := os.ReadFile(report)
	if readErr != nil || json.Unmarshal(b, &sums) != nil {
		fmt.Println("front end: no report of its tests:", err)
		return counts{failed: 1}, false
	}
	return counts{sums.NumPassedTests, sums.NumFailedTests, sums.NumPendingTests + sums.NumTodoTests}, err == nil
}

// tapSum is a closing line of Node's TAP report: "# pass 12".
var tapSum = regexp.MustCompile(`^# (pass|fail|cancelled|skipped|todo) (\d+)$`)

// journeyTests runs the journeys one after another and reads Node's TAP report.
func journeyTests(folder string) (c counts, ok bool) {
	files, err := filepath.Glob(filepath.Join(folder, "*.test.mjs"))
	if err != nil || len(files) == 0 {
		fmt.Println("journeys: none found in", folder)
		return counts{failed: 1}, false
	}
	cmd := exec.Command("node", append([]string{"--test", "--test-concurrency=1", "--test-reporter=tap"}, files...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Println("journeys:", err)
		return counts{failed: 1}, false
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(make([]byte, 1<<20), 16<<20)
	var report []string
	for lines.Scan() {
		line := lines.Text()
		report = append(report, line)
		if _, why, skipped := strings.Cut(line, "# SKIP "); skipped {
			fmt.Println("skipped a journey:", why)
		}
		if m := tapSum.FindStringSubmatch(line); m != nil {
			n, _ := strconv.Atoi(m[2])
			switch m[1] {
			case "pass":
				c.passed += n
			case "fail", "cancelled":
				c.failed += n
			default:
				c.skipped += n
			}
		}
	}
	ok = cmd.Wait() == nil && c.failed == 0
	if !ok {
		fmt.Println(strings.Join(report, "\n"))
	}
	return c, ok
}
