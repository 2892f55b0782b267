package texts_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"voronka/internal/texts"
)

// keyed are functions that take a message key, with the place of the key among their arguments.
var keyed = map[string]int{
	"fault.New": 1, "fault.Wrap": 1, "fault.In": 1, "With": 1, "unavailable": 0, "tell": 0, "Say": -1, "say": 0,
}

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)

// TestEveryKeyInTheCodeHasAText reads all Go files: whatever is given as a key to fault or to the catalogues, and every
// Key of a fault, must be there.
func TestEveryKeyInTheCodeHasAText(t *testing.T) {
	ru := texts.For("ru")
	used := 0
	check := func(at token.Position, key string) {
		used++
		if !ru.Has(key) {
			t.Errorf("%s:%d uses %q, which has no text", at.Filename, at.Line, key)
		}
	}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (e.Name() == "node_modules" || e.Name() == "web" || strings.HasPrefix(e.Name(), ".") && e.Name() != "..") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				place, ok := keyed[name(n.Fun)]
				if !ok {
					return true
				}
				for i, arg := range n.Args {
					if text, is := literal(arg); is && (i == place || place < 0 && keyShape.MatchString(text)) && wanted(name(n.Fun), text) {
						check(set.Position(arg.Pos()), text)
					}
				}
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok && id.Name == "Key" {
					if text, is := literal(n.Value); is && keyShape.MatchString(text) {
						check(set.Position(n.Pos()), text)
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if used < 100 {
		t.Errorf("only %d keys were found: the test looks in the wrong place", used)
	}
}

// wanted leaves out functions of other packages with the same name and something else in this place.
func wanted(function, text string) bool {
	return strings.HasPrefix(function, "fault.") || keyShape.MatchString(text)
}

// name is the function as it is called: pkg.Name for packages of interest, else the last part.
func name(f ast.Expr) string {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if pkg, ok := f.X.(*ast.Ident); ok && pkg.Name == "fault" {
			return "fault." + f.Sel.Name
		}
		return f.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}
