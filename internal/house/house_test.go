package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/tracetail/tracetail"

// arrows says which packages of this module a package may import. A package
// that is missing here may import none.
var arrows = map[string][]string{
	"cmd/tracetail":     {"internal/agent", "internal/config", "internal/event", "internal/demo", "internal/source", "parsers", "parsers/trace", "scrub", "shipper"},
	"internal/agent":    {"internal/config", "internal/enrich", "internal/event", "internal/flood", "internal/source", "internal/unwrap", "parsers", "scrub", "shipper", "shipper/spool"},
	"internal/config":   {"internal/flood", "internal/source", "internal/unwrap", "parsers", "scrub", "shipper", "shipper/spool"},
	"internal/enrich":   {"internal/event"},
	"internal/flood":    {"internal/event"},
	"internal/unwrap":   {"internal/source"},
	"parsers":           {"parsers/trace", "parsers/record", "internal/event"},
	"parsers/trace":     {"internal/event"},
	"parsers/record":    {"internal/event"},
	"scrub":             {"internal/event"},
	"shipper":           {"shipper/spool", "scrub", "internal/event"},
	"shipper/spool":     {},
	"internal/source":   {},
	"internal/event":    {},
	"internal/demo":     {},
	"internal/house":    {},
	"internal/loopback": {"internal/event"},
}

// oneFile says which file alone may import a library.
var oneFile = map[string]string{
	"github.com/hashicorp/go-retryablehttp": "shipper/send.go",
	"github.com/nxadm/tail":                 "internal/source/nxadm.go",
	"github.com/fsnotify/fsnotify":          "internal/source/find.go",
}

// goroutines are started in these packages only, and every one of them waits for what it started.
var goroutines = []string{"internal/agent", "internal/source", "shipper", "cmd/tracetail", "internal/demo"}

const (
	maxFileLines     = 400
	maxFunctionLines = 60
)

type file struct {
	path, pkg string // relative to the root, with slashes
	ast       *ast.File
	fset      *token.FileSet
	lines     int
}

func sources(t *testing.T) []file {
	t.Helper()
	root := filepath.Join("..", "..")
	var out []file
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (name == "testdata" || name == "e2e" || strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, path, src, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		out = append(out, file{rel, strings.TrimSuffix(rel[:max(0, strings.LastIndexByte(rel, '/'))], "/"), f, fset, strings.Count(string(src), "\n")})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 20 {
		t.Fatalf("found %d source files only; is the root right?", len(out))
	}
	return out
}

func isTest(f file) bool { return strings.HasSuffix(f.path, "_test.go") }

func TestArrows(t *testing.T) {
	for _, f := range sources(t) {
		if isTest(f) {
			continue
		}
		allowed, known := arrows[f.pkg]
		if !known {
			t.Errorf("%s: package %s has no line in arrows", f.path, f.pkg)
		}
		for _, imp := range f.ast.Imports {
			path, _ := strconv.Unquote(imp.Path.Value)
			if owner, one := oneFile[path]; one && f.path != owner {
				t.Errorf("%s imports %s, which only %s may know", f.path, path, owner)
			}
			if strings.HasPrefix(path, "github.com/urfave/cli") && f.pkg != "cmd/tracetail" {
				t.Errorf("%s imports %s, which only cmd may know", f.path, path)
			}
			if room, ours := strings.CutPrefix(path, module+"/"); ours && !slices.Contains(allowed, room) {
				t.Errorf("%s imports %s: no such arrow", f.path, room)
			}
		}
	}
}

func TestEveryPackageHasADoc(t *testing.T) {
	packages, docs := map[string]bool{}, map[string]bool{}
	for _, f := range sources(t) {
		packages[f.pkg] = true
		if f.ast.Doc != nil && (strings.HasSuffix(f.path, "/doc.go") || f.path == "cmd/tracetail/main.go") {
			docs[f.pkg] = true
		}
	}
	for p := range packages {
		if !docs[p] {
			t.Errorf("package %s has no doc.go with a package comment", p)
		}
		if slices.Contains([]string{"util", "utils", "common", "helpers", "base", "misc", "shared", "types", "manager"}, p[strings.LastIndexByte(p, '/')+1:]) {
			t.Errorf("package %s: a name that says nothing", p)
		}
	}
}

func TestGoroutineOwners(t *testing.T) {
	for _, f := range sources(t) {
		if isTest(f) || slices.Contains(goroutines, f.pkg) {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if g, ok := n.(*ast.GoStmt); ok {
				t.Errorf("%s starts a goroutine; only %v do", f.fset.Position(g.Pos()), goroutines)
			}
			return true
		})
	}
}

func TestNothingExitsALibrary(t *testing.T) {
	for _, f := range sources(t) {
		if isTest(f) || f.pkg == "cmd/tracetail" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch fn := c.Fun.(type) {
			case *ast.Ident:
				if fn.Name == "panic" {
					t.Errorf("%s panics", f.fset.Position(c.Pos()))
				}
			case *ast.SelectorExpr:
				if x, ok := fn.X.(*ast.Ident); ok && x.Name == "os" && fn.Sel.Name == "Exit" {
					t.Errorf("%s exits the process", f.fset.Position(c.Pos()))
				}
			}
			return true
		})
	}
}

func TestSizes(t *testing.T) {
	for _, f := range sources(t) {
		if isTest(f) {
			continue
		}
		if f.lines > maxFileLines {
			t.Errorf("%s has %d lines; %d are enough", f.path, f.lines, maxFileLines)
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			if n := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line + 1; n > maxFunctionLines {
				t.Errorf("%s: %s has %d lines; %d are enough", f.path, fn.Name.Name, n, maxFunctionLines)
			}
		}
	}
}

func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			seen = append(seen, e.Name())
		}
	}
	for _, want := range []string{"cmd", "parsers", "scrub", "shipper", "config.example.yaml", "go.mod", "README.md"} {
		if !slices.Contains(seen, want) {
			t.Errorf("%s is missing at the top level", want)
		}
	}
}
