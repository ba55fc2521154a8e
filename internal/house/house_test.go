// Package house holds the whole module to its rules: which package may know which, how long a file may be, that every
// package has a manual, and that a library neither prints nor panics. It has tests only. The rules go by name, so they
// hold for packages that do not exist yet.
package house

import (
	"go/ast"
	"strings"
	"testing"
)

// TestArrows: no import goes up.
func TestArrows(t *testing.T) {
	g := imports(sources(t))
	for _, pkg := range []string{"steer", "plotting"} {
		if !g.own(pkg) {
			t.Fatalf("package %s was not found; the test looks at the wrong folder", pkg)
		}
	}
	for _, v := range violations(g) {
		t.Error(v)
	}
}

// longest is the number of lines past which a file holds more than one concept.
const longest = 350

func TestFileLength(t *testing.T) {
	for _, s := range sources(t) {
		if n := strings.Count(string(s.text), "\n"); n > longest && !ast.IsGenerated(s.tree) {
			t.Errorf("%s has %d lines, at most %d: it holds more than one concept", s.path, n, longest)
		}
	}
}

// TestPackageDoc: the package doc is the manual, in one place.
func TestPackageDoc(t *testing.T) {
	docs, packages := map[string][]string{}, map[string]bool{}
	for _, s := range sources(t) {
		if s.tests || ignored(s) {
			continue
		}
		packages[s.dir] = true
		if s.tree.Doc != nil {
			docs[s.dir] = append(docs[s.dir], s.path)
			want := "Package " + s.tree.Name.Name + " "
			if text := s.tree.Doc.Text(); s.tree.Name.Name != "main" && !strings.HasPrefix(text, want) {
				t.Errorf("%s: the package doc begins %.30q, want %q", s.path, text, want)
			}
		}
	}
	for dir := range packages {
		if n := len(docs[dir]); n != 1 {
			t.Errorf("%s has %d package docs %v, want 1", dir, n, docs[dir])
		}
	}
}

func TestLibraryManners(t *testing.T) {
	for _, s := range sources(t) {
		for _, m := range manners(s) {
			t.Error(m)
		}
	}
}
