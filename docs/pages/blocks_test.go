package main

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"regexp"
	"strings"
	"testing"
)

// known are the packages that blocks use without importing them.
var known = []string{
	"context", "encoding/json", "errors", "fmt", "log", "math", "os", "path/filepath", "slices", "github.com/neuronsteer/neuronsteer/gonbext", "github.com/neuronsteer/neuronsteer/plotting",
	"github.com/neuronsteer/neuronsteer/steer", "github.com/neuronsteer/neuronsteer/steer/local", "github.com/neuronsteer/neuronsteer/steer/steertest",
}

// goBlock is a block of Go on a page.
var goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

// TestBlocks: every block of Go on every page compiles: whole programs, cells with all the cells above them, and bodies of functions.
func TestBlocks(t *testing.T) {
	imp, blocks := exported(t), 0
	for name, text := range markdown(t) {
		var declared []string // by the cells so far
		for _, m := range goBlock.FindAllStringSubmatch(text, -1) {
			blocks++
			var wrong []string
			code := strings.ReplaceAll(m[1], "%noautoget\n", "")
			switch above, below, cell := strings.Cut("\n"+code, "\n%%"); {
			case strings.HasPrefix(code, "package "):
				wrong = compile(imp, code)
			case cell:
				_, body, _ := strings.Cut(below, "\n") // what follows the mark on its line is a comment
				declared = append(declared, above)
				wrong = compile(imp, file(declared, body))
			case topLevel(code):
				declared = append(declared, code)
				wrong = compile(imp, file(declared, ""))
			default:
				body, funcs := code, ""
				if at := helper.FindStringIndex(code); at != nil {
					body, funcs = code[:at[0]], code[at[0]:]
				}
				wrong = compile(imp, file([]string{funcs}, body))
			}
			if len(wrong) > 0 {
				t.Errorf("%s: %s\n%s", name, strings.Join(wrong, "\n"), m[1])
			}
		}
	}
	if blocks < 30 {
		t.Errorf("%d blocks were looked at", blocks)
	}
}

// helper is where the functions begin that stand below a body.
var helper = regexp.MustCompile(`(?m)^(?://.*\n)*func `)

// topLevel reports whether code is declarations alone.
func topLevel(code string) bool {
	_, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n"+code, 0)
	return err == nil
}

// file makes a file of declarations and the body of a function. It imports what it uses and does not import itself.
func file(declared []string, body string) string {
	code := strings.Join(declared, "\n")
	var imports, rest strings.Builder
	for _, block := range regexp.MustCompile(`(?ms)^import \(.*?^\)$`).FindAllString(code, -1) {
		imports.WriteString(block + "\n")
	}
	rest.WriteString(regexp.MustCompile(`(?ms)^import \(.*?^\)$`).ReplaceAllString(code, ""))
	all := rest.String() + body
	if !regexp.MustCompile(`\bm\s*(?::=|, ctx :=)|\bvar m\b|, m :=`).MatchString(all) {
		rest.WriteString("\nvar m = nb.Model(\"teaching\")\n")
		all += "nb."
	}
	for _, p := range known {
		name := path.Base(p)
		if name == "gonbext" {
			name = "nb"
		}
		if regexp.MustCompile(`\b`+name+`\.`).MatchString(all) && !strings.Contains(imports.String(), `"`+p+`"`) {
			fmt.Fprintf(&imports, "import %s %q\n", name, p)
		}
	}
	return "package x\n" + imports.String() + rest.String() + "\nfunc _() {\n" + body + "\n}\n"
}

// compile type-checks a file and returns its mistakes. An import that a part of a page does not use yet is none.
func compile(imp types.Importer, src string) (wrong []string) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "block.go", src, parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	conf := types.Config{Importer: imp, Error: func(err error) {
		if !strings.Contains(err.Error(), "imported and not used") && !strings.Contains(err.Error(), "imported as nb and not used") {
			wrong = append(wrong, err.Error())
		}
	}}
	_, _ = conf.Check(f.Name.Name, fset, []*ast.File{f}, nil) // its mistakes have been collected
	return wrong
}

// exported is an importer of the packages that blocks know, from what the build cache has of them.
func exported(t *testing.T) types.Importer {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, known...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	files := map[string]string{}
	for l := range strings.Lines(string(out)) {
		if name, file, ok := strings.Cut(strings.TrimSpace(l), " "); ok {
			files[name] = file
		}
	}
	return importer.ForCompiler(token.NewFileSet(), "gc", func(p string) (io.ReadCloser, error) { return os.Open(files[p]) })
}

// TestBlocksAreLookedAt: what does not compile is seen, in a cell and in a body.
func TestBlocksAreLookedAt(t *testing.T) {
	imp := exported(t)
	for _, c := range []struct {
		declared, body string
		good           bool
	}{
		{"", "fmt.Println(m.Name())", true},
		{"var praise = nb.Run(m.Attribute(`x`))", "nb.Show(praise.TopK(3))", true},
		{"", "nb.Show(praise)", false},
		{"", "m.Attribute(3)", false},
		{"", "x := 1", false},
		{"", "steer.Nothing()", false},
	} {
		if wrong := compile(imp, file([]string{c.declared}, c.body)); (len(wrong) == 0) != c.good {
			t.Errorf("%s; %s: %v", c.declared, c.body, wrong)
		}
	}
}
