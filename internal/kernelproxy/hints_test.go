package kernelproxy

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// lib is a package that has what a cell of ours meets.
const lib = `package lib
type Model struct{}
type Task struct{}
func (Model) Predict(s string) Task { return Task{} }
func (Model) Run() (Task, error) { return Task{}, nil }
func (Task) TopK(k int) Task { return Task{} }
func (Task) Scale(f float64) Task { return Task{} }
func (Task) Accuracy() float64 { return 1 }
func Show(xs ...any) {}
`

// The hints fit what go/parser, which GoNB asks first, and the compiler say today.
func TestHints(t *testing.T) {
	cases := []struct{ name, above, below, want string }{
		{"short declaration above", "x := 3", "", below + ", or write var x = 3"},
		{"call above", "lib.Show(3)", "", below},
		{"loop above", "for i := 0; i < 3; i++ {\n}", "", below},
		{"assignment above", "x = 3", "", below + ", or write var x = 3"},
		{"value alone above", "m", "", "nb.Show(m)"},
		{"python function", "def f(x):", "", "func name"},
		{"package clause", "package main", "", "leave out the line with package"},
		{"main twice", "func main() {}", "lib.Show(1)", "%% writes func main"},
		{"single quotes", "var a = 'abc'", "", "double quotes"},
		{"single quotes of one letter", "", "lib.Model{}.Predict('a')", "double quotes"},
		{"python comment", "# a comment", "", "//"},
		{"typographic quotes", "", "lib.Show(“a”)", `type "`},
		{"True", "", "lib.Show(True)", "written small"},
		{"None", "", "lib.Show(None)", "nil"},
		{"open string", "", "lib.Show(\"abc)", "back quotes"},
		{"brace below", "func f()\n{\n}", "", "{ stands at the end"},
		{"comma", "", "lib.Show(\n1,\n2\n)", "comma"},
		{"comma in a list", "var xs = []int{\n1,\n2\n}", "", "comma"},
		{"unused", "", "x := 3", "nb.Show(x)"},
		{"twice", "", "x := 3\nx := 4\nlib.Show(x)", "="},
		{"two of a name", "var x = 1\nvar x = 2", "", "another name"},
		{"package's name", "var lib = 3", "lib.Show(1)", "lib is the name of a package here"},
		{"error of Run", "", "x := lib.Model{}.Run()\nlib.Show(x)", "nb.Run(task)"},
		{"value alone", "var m = lib.Model{}", "m", "nb.Show(m)"},
		{"float for int", "", "lib.Task{}.TopK(0.5)", "whole number: 0.5 is none"},
		{"int for float", "var n = 3", "lib.Task{}.Scale(n)", "float64(n)"},
		{"float variable for int", "var f = 3.0", "lib.Task{}.TopK(f)", "int(f)"},
		{"mixed", "var n = 3\nvar f = 0.5", "lib.Show(n * f)", "float64(…)"},
		{"string for int", "", `lib.Task{}.TopK("3")`, "without quotes"},
		{"number for string", "", "lib.Model{}.Predict(3)", "in quotes"},
		{"method for number", "var x float64 = lib.Task{}.Accuracy", "", "Accuracy is a method: call it"},
		{"method compared", "var t lib.Task", "lib.Show(t.Accuracy > 1)", "Accuracy is a method: call it, t.Accuracy()"},
		{"help", "", "help(lib.Task{})", "Shift+Tab"},
		{"numpy", "", "lib.Show(np.mean(3))", "no libraries of Python"},
		{"enumerate", "", "for i := range enumerate(3) {\nlib.Show(i)\n}", "for i, x := range list"},
		{"missing return", "func f(x int) int {\nif x > 0 {\nreturn 1\n}\n}", "", "ends with return"},
		{"no result", "func f() {\nreturn 3\n}", "", "what the function returns"},
		{"short package", "import \"lib2\"\nvar _ = lib2.X", "", "whole path"},
		{"value of another cell", "", "lib.Show(gone)", "declared below %% of another cell"},
	}
	texts := map[string][]fault{}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module x\n\ngo 1.26\n")
	write("lib/lib.go", lib)
	for i, c := range cases {
		text, fset := program(c.above, c.below), token.NewFileSet()
		if _, err := parser.ParseFile(fset, "main.go", text, parser.SkipObjectResolution|parser.AllErrors); err != nil {
			var list scanner.ErrorList
			if !errors.As(err, &list) {
				t.Fatal(err)
			}
			for _, e := range list {
				texts[c.name] = append(texts[c.name], fault{source: strings.Split(text, "\n")[e.Pos.Line-1], column: e.Pos.Column, text: e.Msg})
			}
			continue
		}
		write(fmt.Sprintf("c%d/main.go", i), text)
	}
	out := compiled(t, dir, "./...")
	if strings.Contains(out, "not in std") { // which keeps go from compiling the others
		broken := regexp.MustCompile(`(?m)^(c\d+)/main\.go.* is not in std`).FindStringSubmatch(out)[1]
		if err := os.Rename(filepath.Join(dir, broken), filepath.Join(dir, "_"+broken)); err != nil {
			t.Fatal(err)
		}
		out += compiled(t, dir, "./...")
	}
	line := regexp.MustCompile(`(?m)^c(\d+)/main\.go:(\d+):(\d+): (.+)$`)
	for _, m := range line.FindAllStringSubmatch(out, -1) {
		var i, at, column int
		_, _ = fmt.Sscan(strings.Join(m[1:4], " "), &i, &at, &column)
		source := strings.Split(program(cases[i].above, cases[i].below), "\n")[at-1]
		texts[cases[i].name] = append(texts[cases[i].name], fault{source: source, column: column, text: m[4]})
	}
	for _, c := range cases {
		if len(texts[c.name]) == 0 {
			t.Errorf("%s: it compiles\n%s", c.name, out)
			continue
		}
		got := []string{}
		for _, x := range texts[c.name] {
			got = append(got, x.text, "→ "+hintFor(x, history{"gone": true}, nil))
		}
		if all := strings.Join(got, "\n"); !strings.Contains(all, c.want) {
			t.Errorf("%s: want %q in\n%s", c.name, c.want, all)
		} else {
			t.Logf("%s\n%s", c.name, all)
		}
	}
}

// compiled returns what the compiler says.
func compiled(t *testing.T, dir, pattern string) string {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), "go", "build", "-o", os.DevNull, pattern)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatal("all cases compile")
	}
	return string(out)
}

// program is what GoNB makes of a cell.
func program(above, below string) string {
	imports := ""
	if strings.Contains(above+below, "lib.") {
		imports = "import \"x/lib\"\n"
	}
	return "package main\n\n" + imports + above + "\nfunc main() {\n" + below + "\n}\n"
}

// TestHintsOfOurWords: what internal/hints knows of steer, plotting and gonbext stands under the compiler's message, before what is
// said of Go in general.
func TestHintsOfOurWords(t *testing.T) {
	for says, want := range map[string]string{
		`cannot use "L5/N298" (untyped string constant) as steer.Circuit value in argument to m.Writes`: `steer.Neurons("L5/N298")`,
		`cannot use texts (variable of type []string) as string value in argument to m.TopActivations`:  "texts...",
	} {
		if got := hintFor(fault{text: says}, nil, nil); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", says, got, want)
		}
	}
}
