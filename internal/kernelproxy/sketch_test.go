package kernelproxy

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
	"unicode/utf16"
)

// Every place of a cell has its place in the sketch, and back, with characters of one, two and four bytes, before %%, below
// it, and in statements that stand where none may.
func TestSketchPositions(t *testing.T) {
	for _, cell := range []string{
		"nb.Model(\"😀é\").Pre", "var s = \"😀\"\n%%\nnb.Show(s) // ü😀\nx", "%%\nm.", "%noautoget\n!ls\nvar a = 1\nnb.Show(a)", "", "\n\nx",
		"import (\n\t\"math\"\n)\nfunc f() {\n\treturn\n}\nf()",
	} {
		m := fresh()
		s := m.draw(cell)
		lines := strings.Split(s.text, "\n")
		for at, r := range []rune(cell + "\x00") {
			p := s.at(at)
			if got := s.offset(p); got != at {
				t.Errorf("%q: %d becomes %+v becomes %d", cell, at, p, got)
			}
			if r == '\n' || r == 0 || strings.HasPrefix(s.cell[p.Line-s.first], "%") || strings.HasPrefix(s.cell[p.Line-s.first], "!") {
				continue
			}
			if got := utf16.Decode(utf16.Encode([]rune(lines[p.Line]))[p.Character:])[0]; got != r {
				t.Errorf("%q: at %d stands %q, in the sketch %q", cell, at, r, got)
			}
		}
	}
}

// What is complete makes a program that parses: %% or not, imports of its own, special lines, what earlier cells declared.
func TestSketchParses(t *testing.T) {
	m, err := recall("package main\n\nimport (\n\t\"fmt\"\n)\n\n// F is.\nfunc F() {}\nvar (\n\ta, b = 1, 2\n\tc = 3\n)\nconst (\n\tx = iota\n\ty\n)\ntype T struct{}\nfunc (T) M() {}\nfunc main() { fmt.Println() }\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range []string{"var c = 4\n%%\nnb.Show(c, math.Pi)", "nb.Show(1)", "%noautoget\nimport \"os\"\nfunc F() {}\n\nos.Exit(1)\n", "type T int", "const x = 3\n%main\n_ = x"} {
		s := m.draw(cell)
		if _, err := parser.ParseFile(token.NewFileSet(), "", s.text, parser.AllErrors); err != nil {
			t.Errorf("%q: %v\n%s", cell, err, s.text)
		}
		if strings.Contains(cell, "func F") == strings.Contains(s.text, "// F is.") {
			t.Errorf("%q: F is there twice or not at all\n%s", cell, s.text)
		}
	}
	s := m.draw("var c = 4\n%%\nnb.Show(c, math.Pi)").text
	for _, want := range []string{`"math"`, "var a, b = 1, 2", "x = iota\n\ty", "func (T) M"} {
		if !strings.Contains(s, want) {
			t.Errorf("%q is missing in\n%s", want, s)
		}
	}
	if strings.Contains(s, "c = 3") {
		t.Errorf("c is declared twice in\n%s", s)
	}
}

// The documentation that is asked for is that of the name at the cursor, behind it, or of the function around it.
func TestIdentifier(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"nb.Sh|ow(x)", "Show"}, {"nb.Show|(x)", "Show"}, {"nb.Show(|)", "Show"}, {"m.Attribute(\"x\").Target(\" a\", |)", "Target"},
		{"f(g(1), |2)", "2"}, {"f(g(1), |)", "f"}, {"|", ""}, {"(|)", ""}, {"É|t(1)", "Ét"},
	} {
		before, _, _ := strings.Cut(c.code, "|")
		code := []rune(strings.Replace(c.code, "|", "", 1))
		at := identifier(code, len([]rune(before)))
		got := ""
		if at >= 0 {
			from, to := at, at
			for from > 0 && !strings.ContainsRune(".( ,", code[from-1]) {
				from--
			}
			for to < len(code) && !strings.ContainsRune(".(), ", code[to]) {
				to++
			}
			got = string(code[from:to])
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.code, got, c.want)
		}
	}
}
