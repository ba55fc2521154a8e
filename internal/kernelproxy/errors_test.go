package kernelproxy

import (
	"strings"
	"testing"
)

// TestExplained: of GoNB's error (recorded from v0.11.4 with -raw_error) stay the place in the cell, the line, the
// compiler's words and a hint; no path of this machine.
func TestExplained(t *testing.T) {
	raw := failure{Name: "ERROR", Value: "# gonb_eff77c17\n./main.go:18:1: declared and not used: x\n./main.go:3:5: undefined: y\n", Traceback: []string{
		"\x1b[31m# gonb_eff77c17\x1b[0m",
		"Cell[5]: Line 2\n\nfunc main() {\n\tflag.Parse()\nx := 3\n^\n\n}\n\n\x1b[31mdeclared and not used: x\x1b[0m",
		"Cell[3]: Line 1\nvar z = y\n    ^\n\n\x1b[31mundefined: y\x1b[0m", "",
	}}
	f, at := explained(raw, 5, history{"y": true}, nil)
	if len(at) != 2 || f.Name != "does not compile" || f.Value != "line 2: declared and not used: x" || len(f.Traceback) != 1 {
		t.Fatalf("%v %+v", at, f)
	}
	for _, want := range []string{"line 2\n    x := 3\n    ^\n", "→ use x", "line 1 of cell [3]\n    var z = y\n        ^\n", "→ y was declared below %%"} {
		if !strings.Contains(f.Traceback[0], want) {
			t.Errorf("%q is missing in\n%s", want, f.Traceback[0])
		}
	}
	if strings.Contains(f.Traceback[0], "gonb_") {
		t.Errorf("a path of this machine in\n%s", f.Traceback[0])
	}
	f, at = explained(failure{Name: "ERROR", Value: "/tmp/gonb_07346ca9/x.go: broken", Traceback: []string{"/tmp/gonb_07346ca9/x.go: broken"}}, 5, nil, nil)
	if len(at) > 0 || f.Value != "x.go: broken" || f.Traceback[0] != "x.go: broken" {
		t.Errorf("an error that is no compiler's becomes %v %+v", at, f)
	}
}

func TestForgets(t *testing.T) {
	for code, want := range map[string]bool{"%reset": true, "x\n%reset go.mod": true, "//gonb:%reset": true, "%%\nx := \"%reset\"": false, "%rm x": true} {
		if forgets(code) != want {
			t.Errorf("%q: %v", code, !want)
		}
	}
}

// The names that a hint knows are those that were declared below %%.
func TestHistory(t *testing.T) {
	h := history{}
	h.add("var kept = 1\n%%\nx, err := f()\nvar y = 2\nfor i := range 3 {\n\tz := i\n}\nx = 4")
	for name, want := range map[string]bool{"x": true, "err": true, "y": true, "i": true, "z": true, "kept": false} {
		if h[name] != want {
			t.Errorf("%s: %v", name, h[name])
		}
	}
}

// What can be saved of a cell are its declarations one by one, at their lines.
func TestDeclarations(t *testing.T) {
	code, units := declarations("%noautoget\nimport \"math\"\nvar m = 1\nvar (\n\ta, b = 1, 2\n\tc = wrong\n)\nfunc f() {\n}\nconst (\n\tx = iota\n\ty\n)\n%%\nboom()")
	want := []unit{{first: 3, last: 3, names: []string{"m"}}, {first: 5, last: 5, names: []string{"a", "b"}}, {first: 6, last: 6, names: []string{"c"}}, {first: 8, last: 9, names: []string{"f"}}, {first: 10, last: 13, names: []string{"x", "y"}}}
	if len(units) != len(want) {
		t.Fatalf("%+v", units)
	}
	for i, u := range units {
		if u.first != want[i].first || u.last != want[i].last || strings.Join(u.names, " ") != strings.Join(want[i].names, " ") {
			t.Errorf("%+v, want %+v", u, want[i])
		}
	}
	c := units[2]
	if got := blanked(code, c.from, c.to); strings.Contains(got, "wrong") || strings.Count(got, "\n") != strings.Count(code, "\n") || !strings.Contains(got, "a, b = 1, 2") {
		t.Errorf("without c: %q", got)
	}
	if _, units := declarations("var x = 'abc'\nvar y = 1"); units != nil {
		t.Errorf("of what cannot be read: %+v", units)
	}
}
