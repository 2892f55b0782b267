package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file of internal/ with what it imports.
type source struct {
	path    string // from the folder of this test: ../record/schema/type.go
	imports []string
	tree    *ast.File
}

// place is the house and room (or the adapter's outside language) a file lies in.
func (s source) place() (house, room string) {
	return split(strings.TrimPrefix(filepath.ToSlash(filepath.Dir(s.path)), "../"))
}

// test tells test files and the helpers of tests, which lie in folders named like exprtest, dbtest.
func (s source) test() bool {
	return strings.HasSuffix(s.path, "_test.go") || strings.HasSuffix(filepath.Dir(s.path), "test")
}

func split(path string) (house, room string) {
	parts := strings.Split(path, "/")
	if len(parts) > 1 {
		room = parts[1]
	}
	return parts[0], room
}

func rank(list []string, name string) int { return slices.Index(list, name) }

func hasPrefix(s string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}

// files parses every Go file under internal/.
func files(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "testdata" {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		tree, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		s := source{path: path, tree: tree}
		for _, i := range tree.Imports {
			name, _ := strconv.Unquote(i.Path.Value)
			s.imports = append(s.imports, name)
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("only %d files found: the test looks in the wrong place", len(all))
	}
	return all
}

// method is an exported method with what matters about its parameters.
type method struct {
	name                    string
	readsRecords, takesPlan bool
}

// exportedMethods lists the exported methods of a file. A method reads records when it takes a query; it is bound to
// rights when it takes an access.Plan, a set of them or an access.Who.
func (s source) exportedMethods() (list []method) {
	for _, d := range s.tree.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil || !f.Name.IsExported() {
			continue
		}
		m := method{name: f.Name.Name}
		for _, p := range f.Type.Params.List {
			switch name := typeName(p.Type); {
			case name == "access.Plan" || name == "access.Who" || name == "query.Plans":
				m.takesPlan = true
			case strings.HasPrefix(name, "query."):
				m.readsRecords = true
			}
		}
		list = append(list, m)
	}
	return list
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			return x.Name + "." + e.Sel.Name
		}
	case *ast.Ident:
		return e.Name
	}
	return ""
}
