package kernelproxy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// names are the exported names of the packages: of a package by its name ("nb"), of a type what it has ("steer.Model").
type names map[string][]string

// What else a list has names of.
const (
	functions = "func "   // of a package what can be called
	gives     = "gives "  // of a task the type of its result
	methods   = "methods" // of all types
)

var (
	noMember  = regexp.MustCompile(`undefined \(type \*?([a-z]+\.[\pL\d_]+)(?:\[.*\])? has no field or method ([\pL\d_]+)\)$`)
	noPackage = regexp.MustCompile(`^undefined: (nb|plotting|steer)\.([\pL\d_]+)$`)
)

// nearest returns the hint at a name that a package or a type of ours does not have: the one that was meant, or what there is where
// none is near; "" where the package or the type is not ours.
func (n names) nearest(text string) string {
	m := noMember.FindStringSubmatch(text)
	if m == nil {
		m = noPackage.FindStringSubmatch(text)
	}
	if m == nil || len(n[m[1]]) == 0 {
		return ""
	}
	of, wanted := m[1], m[2]
	if near := near(wanted, n[of]); near != "" {
		return of + " has " + near
	}
	if result := n[gives+of]; len(result) > 0 { // a task
		x, _, _ := strings.Cut(text, "."+wanted+" undefined")
		said := "a task has no numbers before it ran, its result has: nb.Run(" + x + ")"
		if near := near(wanted, n[result[0]]); near != "" {
			return said + "." + near
		}
		return said + " has " + listed(n[result[0]]) + "; the settings of the task are " + listed(n[of])
	}
	if own := n[functions+of]; len(own) > 0 {
		return of + " has " + listed(own)
	}
	return of + " has " + listed(n[of])
}

// near returns the one of the names that was meant: the nearest of those that differ by a letter in four, else one that is a part of
// what was typed, or that what was typed is a part of; "" if there is none.
func near(wanted string, names []string) string {
	wanted = strings.ToLower(wanted)
	best, least := "", max(1, len([]rune(wanted))/4)+1
	for _, have := range names {
		if d := distance(wanted, strings.ToLower(have)); d < least {
			best, least = have, d
		}
	}
	if best != "" {
		return best
	}
	for _, have := range names {
		x := strings.ToLower(have)
		if min(len(x), len(wanted)) >= 4 && (strings.Contains(x, wanted) || strings.Contains(wanted, x)) && (best == "" || len(have) < len(best)) {
			best = have
		}
	}
	return best
}

// mostNames is how many names a hint lists: a line or two of a notebook.
const mostNames = 24

// listed is what there is, in words.
func listed(names []string) string {
	all := slices.Compact(slices.Sorted(slices.Values(names)))
	if more := len(all) - mostNames; more > 0 {
		return strings.Join(all[:mostNames], ", ") + " and " + strconv.Itoa(more) + " more, which Tab behind the dot lists"
	}
	return strings.Join(all, ", ")
}

// distance is how many letters must be added, taken out, replaced or swapped with the next to make one word the other.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	var last []int // the row before
	for i := range x {
		before, next := row, make([]int, len(y)+1)
		next[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			next[j+1] = min(before[j+1]+1, next[j]+1, before[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				next[j+1] = min(next[j+1], last[j-1]+1)
			}
		}
		last, row = before, next
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
	n["nb"], n[functions+"nb"] = n["gonbext"], n[functions+"gonbext"] // as it is imported
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
				add(functions+f.Name.Name, d.Name.Name)
				continue
			}
			of := f.Name.Name + "." + base(d.Recv.List[0].Type)
			add(of, d.Name.Name)
			add(methods, d.Name.Name)
			if d.Name.Name == "Run" && strings.HasSuffix(of, "Task") && d.Type.Results != nil {
				n[gives+of] = []string{f.Name.Name + "." + base(d.Type.Results.List[0].Type)}
			}
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
