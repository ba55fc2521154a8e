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

// A source is one Go file of the module, whatever system it is for.
type source struct {
	path  string // from the module's root, with slashes
	dir   string // the package: "steer", or "." for the root
	text  []byte
	tree  *ast.File
	fset  *token.FileSet
	tests bool
}

// root is the folder of go.mod, seen from this package.
const root = "../.."

// sources parses every Go file under root. Hidden folders and checkouts inside this one are not ours.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "vendor" || name == "node_modules" || exists(filepath.Join(path, "go.mod"))) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" || strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") {
			return nil
		}
		s := source{tests: strings.HasSuffix(name, "_test.go"), fset: token.NewFileSet()}
		if s.path, err = filepath.Rel(root, path); err != nil {
			return err
		}
		s.path = filepath.ToSlash(s.path)
		s.dir = filepath.ToSlash(filepath.Dir(s.path))
		if s.text, err = os.ReadFile(path); err != nil {
			return err
		}
		if s.tree, err = parser.ParseFile(s.fset, s.path, s.text, parser.ParseComments); err != nil {
			return err
		}
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatalf("reading the module: %v", err)
	}
	return out
}

func exists(path string) bool { _, err := os.Stat(path); return err == nil }

// imports returns the graph of the module, tests left out.
func imports(ss []source) graph {
	g := graph{}
	for _, s := range ss {
		if s.tests || s.tree.Name.Name == "ignore" {
			continue
		}
		g[s.dir] = append(g[s.dir], importsOf(s)...)
	}
	for pkg := range g {
		slices.Sort(g[pkg])
		g[pkg] = slices.Compact(g[pkg])
	}
	return g
}

// importsOf returns the import paths of a file, the module's own without their prefix.
func importsOf(s source) []string {
	var out []string
	if built := s.tree.Comments; len(built) > 0 && ignored(s) {
		return nil
	}
	for _, i := range s.tree.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue // the parser has seen to that
		}
		if path == module {
			path = "."
		}
		out = append(out, strings.TrimPrefix(path, module+"/"))
	}
	return out
}

// ignored reports a file that no build includes: a generator, run by hand.
func ignored(s source) bool {
	for _, c := range s.tree.Comments {
		if c.Pos() < s.tree.Package && strings.Contains(c.List[0].Text, "go:build ignore") {
			return true
		}
	}
	return false
}
