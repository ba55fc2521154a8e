package kernelproxy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// names are the exported names of the packages: of a package by its name ("nb"), of a type what it has ("steer.Model").
type names map[string][]string

var (
	noMember  = regexp.MustCompile(`undefined \(type \*?([a-z]+\.[\pL\d_]+)(?:\[.*\])? has no field or method ([\pL\d_]+)\)$`)
	noPackage = regexp.MustCompile(`^undefined: (nb|plotting|steer)\.([\pL\d_]+)$`)
)

// nearest returns the hint at a name that a package or a type of ours does not have: the one that was meant, "" if none is
// near.
func (n names) nearest(text string) string {
	m := noMember.FindStringSubmatch(text)
	if m == nil {
		m = noPackage.FindStringSubmatch(text)
	}
	if m == nil {
		return ""
	}
	best, least := "", len([]rune(m[2]))/3+1
	for _, have := range n[m[1]] {
		if d := distance(strings.ToLower(m[2]), strings.ToLower(have)); d < least || d == least && best == "" {
			best, least = have, d
		}
	}
	if best == "" {
		return ""
	}
	return m[1] + " has " + best
}

// distance is how many letters must be added, taken out or replaced to make one word the other.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			above := row[j+1]
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(above+1, row[j]+1, diagonal+cost)
			diagonal = above
		}
	}
	return row[len(y)]
}

// list reads the names of the packages from their source.
func (m modules) list(cache string) names {
	root := m.clone
	if root == "" {
		root = filepath.Join(cache, filepath.FromSlash(module)+"@"+m.version)
	}
	n := names{}
	embedded := map[string][]string{}
	for _, pkg := range packages {
		files, _ := filepath.Glob(filepath.Join(root, path.Base(pkg), "*.go"))
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := regular.ReadFile(file, 1<<20)
			if err != nil {
				continue
			}
			if f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution); err == nil {
				n.file(f, embedded)
			}
		}
	}
	n["nb"] = n["gonbext"] // as it is imported
	for of, types := range embedded {
		for _, t := range types {
			n[of] = append(n[of], n[t]...)
		}
	}
	return n
}

// file adds the names of a file.
func (n names) file(f *ast.File, embedded map[string][]string) {
	add := func(to, name string) {
		if ast.IsExported(name) {
			n[to] = append(n[to], name)
		}
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				add(f.Name.Name, d.Name.Name)
				continue
			}
			add(f.Name.Name+"."+base(d.Recv.List[0].Type), d.Name.Name)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				for _, name := range named(s) {
					add(f.Name.Name, name)
				}
				t, ok := s.(*ast.TypeSpec)
				if !ok {
					continue
				}
				st, ok := t.Type.(*ast.StructType)
				if !ok {
					continue
				}
				of := f.Name.Name + "." + t.Name.Name
				for _, field := range st.Fields.List {
					for _, name := range field.Names {
						add(of, name.Name)
					}
					if len(field.Names) == 0 {
						embedded[of] = append(embedded[of], f.Name.Name+"."+base(field.Type))
					}
				}
			}
		}
	}
}

// base is the name of a type, without pointer and parameters.
func base(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return base(e.X)
	case *ast.IndexExpr:
		return base(e.X)
	case *ast.IndexListExpr:
		return base(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
