package gonbext

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"maps"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/pagecheck"
	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

// dump is what Go prints of a value that says nothing itself.
var dump = regexp.MustCompile(`0x[0-9a-f]{4,}|&\{|\{\{|^\{|map\[|\[\]|<nil>|%!|\bfunc\(`)

// house is what the packages export, found by what their functions take and give.
func reachable() map[reflect.Type]bool {
	seen := map[reflect.Type]bool{}
	var visit func(reflect.Type)
	visit = func(t reflect.Type) {
		if t == nil || seen[t] {
			return
		}
		seen[t] = true
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map, reflect.Chan:
			visit(t.Elem())
		case reflect.Struct:
			for _, f := range fieldsOf(t) {
				visit(f.Type)
			}
		case reflect.Func:
			for in := range t.Ins() {
				visit(in)
			}
			for out := range t.Outs() {
				visit(out)
			}
		}
		if strings.HasPrefix(t.PkgPath(), "github.com/neuronsteer/") || t.Kind() == reflect.Pointer {
			for m := range t.Methods() {
				visit(m.Type)
			}
		}
	}
	for _, x := range []any{&steer.Model{}, &plotting.Figure{}, steer.ExampleSet{}, steer.PairSet{}, steer.TextSet{}, steer.Overlap, steer.Compare, steer.NewVector, steer.Logit,
		steer.RunnerFunc(nil), steer.Record{}, steer.Frequencies{}, plotting.Scatter[plotting.Paired], steer.Code(""), steer.Error{}} {
		visit(reflect.TypeOf(x))
	}
	return seen
}

// exported are the types that a package declares, interfaces and generic ones left out.
func exported(t *testing.T, dir string) (out []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(dir, err)
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(gotoken.NewFileSet(), f, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			if d, ok := d.(*ast.GenDecl); ok {
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok && s.Name.IsExported() && s.TypeParams == nil {
						if _, is := s.Type.(*ast.InterfaceType); !is {
							out = append(out, s.Name.Name)
						}
					}
				}
			}
		}
	}
	return out
}

// looked renders a value and reports what Go alone would have printed.
func looked(t *testing.T, name string, x any) {
	t.Helper()
	b, err := render(x, site{})
	if err != nil {
		t.Errorf("%s cannot be shown: %v", name, err)
		return
	}
	if x := dump.FindString(b.text); x != "" || b.text == "" {
		t.Errorf("%s shows as Go prints it, %q:\n%.300s", name, x, b.text)
	}
	for _, f := range pagecheck.Output(name, "", b.html) {
		t.Error(f)
	}
}

// TestNothingShowsAsGoPrintsIt: every exported type of steer and plotting has a card, or words of its own, empty as it may be.
func TestNothingShowsAsGoPrintsIt(t *testing.T) {
	all := reachable()
	names := map[string]bool{}
	for of := range all {
		names[of.Name()] = true
	}
	for _, dir := range []string{"../steer", "../plotting"} {
		for _, name := range exported(t, dir) {
			if !names[name] {
				t.Errorf("%s of %s is not walked: let reachable begin at what gives it", name, dir)
			}
		}
	}
	for of := range all {
		if !strings.HasPrefix(of.PkgPath(), "github.com/neuronsteer/") || !ast.IsExported(of.Name()) || of.Kind() == reflect.Interface || strings.HasSuffix(of.Name(), "Task") || strings.Contains(of.Name(), "[") {
			continue // tasks run when they are shown: TestWhatMethodsGiveIsShown
		}
		if of == reflect.TypeFor[plotting.Figure]() || of.Kind() == reflect.Func {
			continue // a figure of nothing is an error, and so is a function that was not called
		}
		looked(t, "a zero "+of.Name(), reflect.Zero(of).Interface())
		looked(t, "a nil *"+of.Name(), reflect.Zero(reflect.PointerTo(of)).Interface())
		looked(t, "no "+of.Name(), reflect.Zero(reflect.SliceOf(of)).Interface())
	}
}

// TestWhatMethodsGiveIsShown: so is whatever the methods of a result give that take no argument, and what theirs give.
func TestWhatMethodsGiveIsShown(t *testing.T) {
	seen := map[string]bool{}
	var walk func(name string, x any, deep int)
	walk = func(name string, x any, deep int) {
		looked(t, name, x)
		v := reflect.ValueOf(x)
		if deep == 0 || !v.IsValid() {
			return
		}
		for m, f := range v.Methods() {
			if m.Type.NumIn() != 0+1 && f.Type().NumIn() != 0 || f.Type().NumOut() == 0 || slices.Contains([]string{"Model", "Plan", "Runner", "MarshalJSON"}, m.Name) {
				continue
			}
			key := v.Type().String() + "." + m.Name
			if seen[key] || f.Type().NumIn() != 0 {
				continue
			}
			seen[key] = true
			if out := f.Call(nil)[0]; out.CanInterface() && out.Type() != reflect.TypeFor[error]() {
				walk(name+"."+m.Name, out.Interface(), deep-1)
			}
		}
	}
	cards := resultCards(t)
	for _, name := range slices.Sorted(maps.Keys(cards)) {
		walk(name, given(cards[name].x, site{}), 2)
	}
	if len(seen) < 150 {
		t.Errorf("only %d methods were walked", len(seen))
	}
}
