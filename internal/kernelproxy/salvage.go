package kernelproxy

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// GoNB takes a cell as a whole: one wrong line, and nothing that it declares is known afterwards. Salvage declares what is
// right all the same, so that the cells below have it, as in notebooks of other languages.

// A unit is a declaration of a cell that can be left out: from byte to byte, from line to line.
type unit struct {
	from, to    int
	first, last int
	names       []string
}

// mostRounds is how often what is left is tried: each finds what was declared with what the one before has left out.
const mostRounds = 4

// salvage declares what it can of a cell that does not compile and returns the names, in order.
func (p *proxy) salvage(ctx context.Context, c *cell, at []fault) []string {
	code, units := declarations(c.code)
	for range mostRounds {
		for _, x := range at {
			units = slices.DeleteFunc(units, func(u unit) bool {
				if x.cell != 0 && x.cell != c.count || x.line < u.first || x.line > u.last {
					return false
				}
				code = blanked(code, u.from, u.to)
				return true
			})
		}
		names := []string{}
		for _, u := range units {
			names = append(names, u.names...)
		}
		if len(names) == 0 {
			return nil
		}
		r, _, err := p.ask(ctx, "execute_request", execution(code))
		if err != nil {
			return nil
		}
		var f failure
		_ = r.Read(&f)
		if f.Status == "ok" {
			p.remember()
			return names
		}
		if at = faults(f); len(at) == 0 {
			return nil
		}
	}
	return nil
}

// declarations returns what stands above %% of a cell, with the lines where they were and those for GoNB left out, and its
// declarations; none where it cannot be read.
func declarations(cell string) (code string, units []unit) {
	above, _, _ := split(cell)
	lines := strings.Split(above, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "%") || strings.HasPrefix(l, "!") || strings.HasPrefix(l, "//gonb:") {
			lines[i] = ""
		}
	}
	code = strings.Join(lines, "\n")
	const head = "package main;"
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", head+code, parser.SkipObjectResolution)
	if err != nil {
		return code, nil
	}
	add := func(n ast.Node, names ...string) {
		from, to := fset.Position(n.Pos()), fset.Position(n.End())
		units = append(units, unit{from.Offset - len(head), to.Offset - len(head), from.Line, to.Line, names})
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			add(d, d.Name.Name)
		case *ast.GenDecl:
			all := []string{}
			for _, s := range d.Specs {
				names := named(s)
				all = append(all, names...)
				if d.Lparen.IsValid() && d.Tok != token.CONST && len(names) > 0 {
					add(s, names...)
				}
			}
			if (!d.Lparen.IsValid() || d.Tok == token.CONST) && len(all) > 0 {
				add(d, all...)
			}
		}
	}
	return code, units
}

// named returns what a spec declares; of an import nothing.
func named(s ast.Spec) (names []string) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		return []string{s.Name.Name}
	case *ast.ValueSpec:
		for _, n := range s.Names {
			names = append(names, n.Name)
		}
	}
	return names
}

// blanked leaves out a part, but not its lines.
func blanked(s string, from, to int) string {
	return s[:from] + strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return ' '
	}, s[from:to]) + s[to:]
}
