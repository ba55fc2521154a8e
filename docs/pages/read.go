package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// Largest source file that is read, in bytes.
const maxSource = 1 << 20

// A code is a package as its source says it is.
type code struct {
	fset    *token.FileSet
	doc     *doc.Package
	funcs   map[string]*ast.FuncDecl // by name, those of the tests too: what examples call
	outputs map[string]string        // of the examples
}

// read reads a package and its tests.
func read(dir string) (*code, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	c, files := &code{fset: token.NewFileSet(), funcs: map[string]*ast.FuncDecl{}, outputs: map[string]string{}}, []*ast.File(nil)
	for _, name := range names {
		b, err := regular.ReadText(name, maxSource)
		if err != nil {
			return nil, err
		}
		f, err := parser.ParseFile(c.fset, name, b, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, x := range doc.Examples(f) {
			c.outputs[x.Name] = x.Output
		}
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv == nil {
				c.funcs[d.Name.Name] = d
			}
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no Go in %s; run this from the root of the repository", dir)
	}
	c.doc, err = doc.NewFromFiles(c.fset, files, "github.com/neuronsteer/neuronsteer/"+dir)
	return c, err
}

// typeOf returns an exported type.
func (c *code) typeOf(name string) (*doc.Type, error) {
	for _, t := range c.doc.Types {
		if t.Name == name {
			return t, nil
		}
	}
	return nil, fmt.Errorf("there is no type %s", name)
}

// methods returns the methods of a type in the order of the source, those of embedded types last.
func (c *code) methods(name string, keep func(*doc.Func) bool) ([]*doc.Func, error) {
	t, err := c.typeOf(name)
	if err != nil {
		return nil, err
	}
	own := c.fset.Position(t.Decl.Pos()).Filename
	rank := func(f *doc.Func) int {
		switch at := c.fset.Position(f.Decl.Pos()).Filename; {
		case at == own:
			return 0
		case f.Level == 0:
			return 1
		}
		return 2
	}
	all := slices.DeleteFunc(slices.Clone(t.Methods), func(f *doc.Func) bool { return !keep(f) })
	slices.SortStableFunc(all, func(a, b *doc.Func) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Decl.Pos(), b.Decl.Pos()))
	})
	return all, nil
}

// results returns the names of the types that a function returns.
func results(f *doc.Func) (names []string) {
	if f.Decl.Type.Results == nil {
		return nil
	}
	for _, r := range f.Decl.Type.Results.List {
		if id, ok := r.Type.(*ast.Ident); ok {
			names = append(names, id.Name)
		} else {
			names = append(names, "")
		}
	}
	return names
}

// signature is how a method is called: its name, parameters and results.
func (c *code) signature(f *doc.Func, results bool) string {
	t := *f.Decl.Type
	if !results {
		t.Results = nil
	}
	var b bytes.Buffer
	if err := printer.Fprint(&b, c.fset, &t); err != nil {
		return f.Name
	}
	return f.Name + strings.TrimPrefix(strings.Join(strings.Fields(b.String()), " "), "func")
}

// An example is the code of an Example function, with what it calls of its own package, and what it prints.
type example struct{ doc, code, output string }

// example returns the one of a name as godoc has it: "Model_Attribute".
func (c *code) example(name string) (example, error) {
	f, ok := c.funcs["Example"+name]
	if !ok {
		return example{}, fmt.Errorf("there is no Example%s", name)
	}
	out := c.outputs[name]
	if out == "" {
		return example{}, fmt.Errorf("there is no output of Example%s", name)
	}
	body, err := c.body(f)
	if err != nil {
		return example{}, err
	}
	for _, called := range c.calls(f) {
		text, err := c.source(called)
		if err != nil {
			return example{}, err
		}
		body += "\n" + text
	}
	return example{f.Doc.Text(), body, out}, nil
}

// calls returns the functions of the tests that a function calls, by name.
func (c *code) calls(f *ast.FuncDecl) (out []*ast.FuncDecl) {
	names := map[string]bool{}
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if id, ok := call.Fun.(*ast.Ident); ok && c.funcs[id.Name] != nil {
				names[id.Name] = true
			}
		}
		return true
	})
	for _, name := range slices.Sorted(maps.Keys(names)) {
		out = append(out, c.funcs[name])
	}
	return out
}

// source returns a declaration as it stands in its file, with its comment.
func (c *code) source(f *ast.FuncDecl) (string, error) {
	from := f.Pos()
	if f.Doc != nil {
		from = f.Doc.Pos()
	}
	return c.text(from, f.End())
}

// body returns what stands between a function's braces, with its comments but that of the output, one step to the left.
func (c *code) body(f *ast.FuncDecl) (string, error) {
	text, err := c.text(f.Body.Lbrace+1, f.Body.Rbrace)
	if err != nil {
		return "", err
	}
	text, _, _ = strings.Cut(text, "\t// Output:")
	return strings.TrimSpace(strings.ReplaceAll(text, "\n\t", "\n")) + "\n", nil
}

func (c *code) text(from, to token.Pos) (string, error) {
	a, z := c.fset.Position(from), c.fset.Position(to)
	b, err := regular.ReadText(a.Filename, maxSource)
	if err != nil {
		return "", err
	}
	return string(b[a.Offset:z.Offset]) + "\n", nil
}
