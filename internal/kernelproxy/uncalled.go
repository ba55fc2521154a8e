package kernelproxy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// A method that is named and not called is a value in Go: fmt.Println(base.Accuracy) compiles and prints the address of the code. So is
// what has no words of its own: fmt.Println(task) prints where it lies. Only what a cell printed tells; then its source says which name it was.

// address is how fmt prints what it has no words for. A verb of numbers met a function, or a pointer stands where a value was meant.
var address = regexp.MustCompile(`\b0x[0-9a-f]{5,16}\b|%![a-z]\(func\(`)

// meant is in the source of a cell that prints such numbers on purpose.
var meant = regexp.MustCompile(`%#?[xXpv]|0x|FormatInt|FormatUint`)

// uncalled returns what to type in place of what a cell printed as an address; "" where that is nobody's mistake.
func (n names) uncalled(code string) string {
	if meant.MatchString(code) {
		return ""
	}
	above, below, _ := split(code)
	f, _ := parser.ParseFile(token.NewFileSet(), "cell.go", "package main\n"+above+"\nfunc main() {\n"+below+"\n}\n", parser.SkipObjectResolution|parser.AllErrors)
	if f == nil {
		return ""
	}
	var all []string
	prints := false
	ast.Inspect(f, func(x ast.Node) bool {
		call, ok := x.(*ast.CallExpr)
		if !ok {
			return true
		}
		fun, ok := call.Fun.(*ast.SelectorExpr)
		if p, is := packageOf(fun, ok); !is || p != "fmt" || !strings.Contains(strings.ToLower(fun.Sel.Name), "print") {
			return true
		}
		prints = true
		for _, a := range call.Args {
			if s, ok := a.(*ast.SelectorExpr); ok && slices.Contains(n[methods], s.Sel.Name) {
				all = append(all, s.Sel.Name+" is a method, and was not called: "+types.ExprString(s)+"()")
			}
		}
		return true
	})
	switch {
	case len(all) > 0:
		return strings.Join(slices.Compact(all), "\n→ ")
	case prints:
		return "the 0x… above is where something lies in memory: nb.Show(x) shows what it is"
	}
	return ""
}

// packageOf returns the name before the dot where that is a name alone.
func packageOf(s *ast.SelectorExpr, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	id, ok := s.X.(*ast.Ident)
	if !ok {
		return "", false
	}
	return id.Name, true
}
