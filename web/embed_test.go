package web

import (
	"io/fs"
	"os"
	"testing"
)

// A checkout without Node must compile: the folder holds a file of its own, and a build of the interface, which empties the
// folder first, brings that file back from public.
func TestPlaceholderSurvivesABuild(t *testing.T) {
	files, _ := FS()
	if _, err := fs.Stat(files, ".keep"); err != nil {
		t.Errorf("web/dist has no .keep: go build would fail on a clean checkout: %v", err)
	}
	if _, err := os.Stat("public/.keep"); err != nil {
		t.Errorf("web/public has no .keep: the next build of the interface removes the one in dist: %v", err)
	}
}
