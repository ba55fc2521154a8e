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
	f, ok := explained(raw, &cell{code: "%%\nx := 3"}, 5, history{"y": true})
	if !ok || f.Name != "does not compile" || f.Value != "line 2: declared and not used: x" || len(f.Traceback) != 1 {
		t.Fatalf("%v %+v", ok, f)
	}
	for _, want := range []string{"line 2\n    x := 3\n    ^\n", "→ use x", "line 1 of cell [3]\n    var z = y\n        ^\n", "→ y was declared below %%"} {
		if !strings.Contains(f.Traceback[0], want) {
			t.Errorf("%q is missing in\n%s", want, f.Traceback[0])
		}
	}
	if strings.Contains(f.Traceback[0], "gonb_") {
		t.Errorf("a path of this machine in\n%s", f.Traceback[0])
	}
	f, ok = explained(failure{Name: "ERROR", Value: "/tmp/gonb_07346ca9/x.go: broken", Traceback: []string{"exit status 2"}}, &cell{}, 5, nil)
	if ok || f.Value != "x.go: broken" || f.Traceback[0] != "exit status 2" {
		t.Errorf("an error that is no compiler's becomes %v %+v", ok, f)
	}
}

// What GoNB gets of a cell is as it came, unless it imports gonbext without the name that it has.
func TestBareImport(t *testing.T) {
	for code, want := range map[string]string{
		"import \"" + module + "/gonbext\"":                    "import nb \"" + module + "/gonbext\"",
		"import (\n\t\"fmt\"\n\t\"" + module + "/gonbext\"\n)": "import (\n\t\"fmt\"\n\tnb \"" + module + "/gonbext\"\n)",
		"import nb \"" + module + "/gonbext\"":                 "",
		"import x \"" + module + "/gonbext\"":                  "",
		"var s = \"" + module + "/gonbext\"":                   "",
	} {
		got := ""
		if bare.MatchString(code) {
			got = bare.ReplaceAllString(code, "${1}nb ${2}")
		}
		if got != want {
			t.Errorf("%q becomes %q, want %q", code, got, want)
		}
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
