package house

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// programs may print and end; what is for tests may recover. Files that people name are opened by internal/regular, which
// never waits for a pipe; the system's own files, of which only files for one system know, need no such care.
var (
	programs = []string{"cmd", "bench", "tools", "scripts", "notebooks"}
	fences   = []string{"internal/fence", "=internal/engine", "=steer/steertest"}
	openers  = []string{"=internal/regular", "=internal/atomicfile", "=internal/lock", "=internal/kerneltest"}
	opens    = []string{"Open", "OpenFile", "ReadFile", "DirFS"}
)

// manners lists what a library must leave to others: printing, logging, panicking, opening files. Fences recover what others throw:
// internal/engine what GoMLX does while a graph is built, internal/fence
// what would end a process that serves others.
func manners(s source) []string {
	if s.tests || ignored(s) || fitsAny(s.dir, programs) || s.tree.Name.Name == "main" {
		return nil
	}
	named := map[string]string{} // the name of an import in this file → its path
	for _, i := range s.tree.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue
		}
		name := path[strings.LastIndex(path, "/")+1:]
		if i.Name != nil {
			name = i.Name.Name
		}
		named[name] = path
	}
	var out []string
	ast.Inspect(s.tree, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		what := ""
		switch f := call.Fun.(type) {
		case *ast.Ident:
			if f.Obj == nil && (f.Name == "panic" || f.Name == "print" || f.Name == "println" || (f.Name == "recover" && !fitsAny(s.dir, fences))) {
				what = f.Name
			}
		case *ast.SelectorExpr:
			if x, ok := f.X.(*ast.Ident); ok && x.Obj == nil {
				path := named[x.Name]
				if path == "os" && slices.Contains(opens, f.Sel.Name) && !fitsAny(s.dir, openers) && !strings.HasSuffix(s.path, "_linux.go") {
					out = append(out, fmt.Sprintf("%v: os.%s( in a library; open files with internal/regular", s.fset.Position(call.Pos()), f.Sel.Name))
				}
				if path == "log" || (path == "fmt" && slices.Contains([]string{"Print", "Printf", "Println"}, f.Sel.Name)) {
					what = x.Name + "." + f.Sel.Name
				}
			}
		}
		if what != "" {
			out = append(out, fmt.Sprintf("%v: %s( in a library; return an error or a result", s.fset.Position(call.Pos()), what))
		}
		return true
	})
	return out
}
