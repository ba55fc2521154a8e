package kernelproxy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// A memory is what the cells so far have declared, as source.
type memory struct {
	imports []string // import specs
	known   []known
}

// fresh is the memory of a kernel that has executed nothing but the imports.
func fresh() memory {
	return memory{imports: []string{`nb "` + packages[0] + `"`, `"` + packages[1] + `"`, `"` + packages[2] + `"`}}
}

// A known is one declaration.
type known struct {
	names []string
	text  string
}

// remember reads what GoNB keeps from the program that it has built last: that holds all declarations.
func (p *proxy) remember() {
	text, err := regular.ReadFile(filepath.Join(p.kernel.dir(), "main.go"), 16<<20)
	if err != nil {
		return
	}
	m, err := recall(string(text))
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, old := range p.memory.imports { // what one cell does not use is not in its program
		m.add(old)
	}
	p.memory = m
}

func (m *memory) add(spec string) {
	if slices.Contains(m.imports, spec) {
		return
	}
	m.imports = append(m.imports, spec)
}

// recall takes a program apart.
func recall(text string) (m memory, err error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "main.go", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return m, err
	}
	of := func(from, to token.Pos) string { return text[fset.Position(from).Offset:fset.Position(to).Offset] }
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && (d.Name.Name == "main" || d.Name.Name == "init") {
				continue
			}
			from := d.Pos()
			if d.Doc != nil {
				from = d.Doc.Pos()
			}
			k := known{text: of(from, d.End())}
			if d.Recv == nil {
				k.names = []string{d.Name.Name}
			}
			m.known = append(m.known, k)
		case *ast.GenDecl:
			m.general(d, of)
		}
	}
	return m, nil
}

// general keeps the specs of a declaration one by one; constants stay together, for iota counts them.
func (m *memory) general(d *ast.GenDecl, of func(from, to token.Pos) string) {
	whole := known{text: of(d.Pos(), d.End())}
	for _, s := range d.Specs {
		k := known{text: d.Tok.String() + " " + of(s.Pos(), s.End())}
		switch s := s.(type) {
		case *ast.ImportSpec:
			m.add(strings.TrimSpace(of(s.Pos(), s.End())))
			continue
		case *ast.TypeSpec:
			k.names = []string{s.Name.Name}
		case *ast.ValueSpec:
			for _, n := range s.Names {
				k.names = append(k.names, n.Name)
			}
		}
		if d.Tok == token.CONST {
			whole.names = append(whole.names, k.names...)
			continue
		}
		m.known = append(m.known, k)
	}
	if d.Tok == token.CONST {
		m.known = append(m.known, whole)
	}
}
