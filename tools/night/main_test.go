package main

import (
	"errors"
	"strings"
	"testing"
)

func TestReportSaysWhatWasLeftOut(t *testing.T) {
	kill, fuzz, million := step{name: "kill loop"}, step{name: "fuzz FuzzA"}, step{name: "the true million"}
	whole := report([]outcome{
		{step: kill, output: "x_test.go:1: 12 kills\n"},
		{step: fuzz, left: "the time was over"},
		{step: million, left: "left out with -skip million"},
	})
	for _, want := range []string{"| kill loop |  | 0s | passed |", "| fuzz FuzzA |  | 0s | not run: the time was over |", "not run: left out with -skip million |", "**Not whole**: 2 of 3 steps were not run.", "## kill loop"} {
		if !strings.Contains(string(whole), want) {
			t.Errorf("no %q in\n%s", want, whole)
		}
	}

	whole = merged(whole, []outcome{{step: million, output: "158 figures\n"}})
	text := string(whole)
	if !strings.Contains(text, "| the true million |  | 0s | passed, at ") || !strings.Contains(text, "**Not whole**: 1 of 3 steps were not run.") || !strings.Contains(text, "## the true million\n```\n158 figures") {
		t.Error(text)
	}

	whole = merged(whole, []outcome{{step: fuzz}, {step: million, err: errors.New("exit status 1"), output: "159 figures\n"}})
	text = string(whole)
	if strings.Contains(text, "Not whole") || strings.Contains(text, "158") || !strings.Contains(text, "**failed**: exit status 1, at ") || strings.Count(text, "\n## ") != 2 {
		t.Error(text)
	}
}
