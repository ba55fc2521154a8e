package house

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// programs may print and end; what is for tests may recover.
var (
	programs = []string{"cmd", "bench", "tools", "scripts", "notebooks"}
	fences   = []string{"internal/fence", "=internal/engine", "=internal/text", "=steer/steertest"}
)

// manners lists what a library must leave to its caller: printing, logging, panicking. Fences recover what others throw:
// internal/engine what GoMLX does while a graph is built, internal/text what gonja does on some templates, internal/fence
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
