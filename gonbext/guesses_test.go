package gonbext_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/hints"
)

// guessPrelude is what a notebook has declared by the time somebody tries things out.
const guessPrelude = `package main

import (
	"fmt"

	nb "github.com/neuronsteer/neuronsteer/gonbext"
	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

const text = "I loved the film. It was"

var (
	m        = nb.Model("teaching")
	praise   = nb.Run(m.Attribute(text).Target(" wonderful").Versus(" terrible"))
	top      = praise.TopK(20).Named("praise")
	other    = praise.Negative().TopK(20).Named("blame")
	c        = top.Union(other)
	items    = steer.Examples("items.jsonl")
	pairs    = steer.Pairs("pairs.jsonl")
	texts    = []string{"I loved it.", "I hated it."}
	behavior = nb.Run(m.Behavior(items.Train()))
	dose     = nb.Run(m.Sweep(top, 0, 1, 2).OnExamples(items.Test()))
	base     = nb.Run(m.Baseline(items))
	ask      = m.Generate(text).MaxTokens(8)
	before   = nb.Run(ask)
	after    = nb.Run(ask.Ablate(top))
	next     = nb.Run(m.Predict(text).Of(" wonderful", " terrible"))
	graph    = nb.Run(m.Edges(top).On(text).Measure(" wonderful", " terrible"))
	vector   = nb.Run(m.ControlVector(pairs))
)

var _ = fmt.Sprint(plotting.ByLayer(praise))

func main() {
`

// notCalled is what the compiler does not say of base.Accuracy in place of base.Accuracy(): Println writes its address. The kernel says it
// when the cell has run (internal/kernelproxy, TestUncalled).
const notCalled = " is a method value, not called"

// TestHundredGuesses types a hundred first guesses of new users (testdata/guesses.txt) and counts those that compile; the errors of the
// others must be answered by what to type. A
// method that is named and not called counts as a miss, though it compiles: it would show as an address.
func TestHundredGuesses(t *testing.T) {
	imp := exported(t)
	var guesses, misses []string
	for line := range strings.Lines(readFile(t, "testdata/guesses.txt")) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			guesses = append(guesses, line)
		}
	}
	for _, g := range guesses {
		wrong := compile(imp, guessPrelude+g+"\n}\n")
		if len(wrong) == 0 {
			continue
		}
		misses = append(misses, g)
		for _, w := range wrong {
			first, _, _ := strings.Cut(w, "\n")
			answer := hints.For(first)
			t.Logf("%s\n\t%s\n\t%s", g, first, answer)
			if answer == "" && !strings.HasSuffix(first, notCalled) {
				t.Errorf("%s: %q, and nothing says what to type", g, first)
			}
		}
	}
	fmt.Printf("%d of %d first guesses compile\n", len(guesses)-len(misses), len(guesses))
	if len(guesses) != 100 || len(misses) > 10 {
		t.Errorf("%d of %d first guesses do not compile; at most 10 of 100 may", len(misses), len(guesses))
	}
}

// TestSecondGuesses: each of testdata/second_guesses.txt does not compile, its hint holds the words that mend it, and the mended cell
// compiles. What the hint holds may not be what something else of the cell says.
func TestSecondGuesses(t *testing.T) {
	imp := exported(t)
	n := 0
	for line := range strings.Lines(readFile(t, "testdata/second_guesses.txt")) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		parts := strings.Split(line, " ⇒ ")
		if len(parts) != 3 {
			t.Fatalf("%s: want a cell ⇒ what its hint holds ⇒ the cell mended", line)
		}
		n++
		wrong, answers := compile(imp, guessPrelude+parts[0]+"\n}\n"), []string{}
		for _, w := range wrong {
			first, _, _ := strings.Cut(w, "\n")
			answers = append(answers, hints.For(first))
		}
		if all := strings.Join(answers, "\n"); !strings.Contains(all, parts[1]) {
			t.Errorf("%s:\n\tthe compiler says %q\n\tthe hint is %q, without %q", parts[0], wrong, all, parts[1])
		}
		if wrong := compile(imp, guessPrelude+parts[2]+"\n}\n"); len(wrong) > 0 {
			t.Errorf("%s: mended it does not compile: %q", parts[2], wrong)
		}
	}
	if n < 40 {
		t.Errorf("only %d second guesses", n)
	}
}

// TestEveryHint types for each hint a cell that it is for: what the compiler says of it today is answered by what stands beside it, or
// by what TestSecondGuesses wants.
func TestEveryHint(t *testing.T) {
	imp := exported(t)
	reached := make([]bool, hints.Count())
	for line := range strings.Lines(readFile(t, "testdata/hints.txt")) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cell, want, _ := strings.Cut(strings.TrimSpace(line), "\t")
		wrong := compile(imp, guessPrelude+cell+"\n}\n")
		found := false
		for _, w := range wrong {
			first, _, _ := strings.Cut(w, "\n")
			answer, i := hints.Answer(first)
			t.Logf("%s\n\t%s\n\t%d %s", cell, first, i, answer)
			if answer != "" && answer == want {
				found, reached[i] = true, true
			}
		}
		if !found {
			t.Errorf("%s: nothing says %q", cell, want)
		}
	}
	for line := range strings.Lines(readFile(t, "testdata/second_guesses.txt")) {
		if cell, _, is := strings.Cut(line, " ⇒ "); is {
			for _, w := range compile(imp, guessPrelude+cell+"\n}\n") {
				if _, i := hints.Answer(w); i >= 0 {
					reached[i] = true
				}
			}
		}
	}
	for i, is := range reached {
		if !is {
			t.Errorf("no cell is answered by hint %d", i)
		}
	}
}

// compile type-checks one program and returns what the compiler says, without places.
func compile(imp types.Importer, src string) (wrong []string) {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, "cell.go", src, parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	info := types.Info{Selections: map[*ast.SelectorExpr]*types.Selection{}}
	conf := types.Config{Importer: imp, Error: func(err error) {
		if e, ok := errors.AsType[types.Error](err); ok {
			if !strings.HasPrefix(e.Msg, "\t") { // it belongs to the one before
				wrong = append(wrong, e.Msg)
			}
		}
	}}
	_, _ = conf.Check("main", files, []*ast.File{f}, &info) // Error has what is wrong
	called := map[ast.Expr]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			called[n.Fun] = true
		case *ast.SelectorExpr:
			if s := info.Selections[n]; s != nil && s.Kind() == types.MethodVal && !called[n] {
				wrong = append(wrong, n.Sel.Name+notCalled)
			}
		}
		return true
	})
	return wrong
}

// exported is an importer of the packages that a cell knows, from what the build cache has of them.
func exported(t *testing.T) types.Importer {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}",
		".", "../plotting", "../steer", "fmt").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	file := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, export, _ := strings.Cut(strings.TrimSpace(line), "\t")
		file[path] = export
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(file[path]) })
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
