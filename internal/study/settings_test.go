package study

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestSettings: every field of a test and of an analysis is a setting of some kind, and every kind stands in the help and in the
// manual with all of its settings that the manual names at all.
func TestSettings(t *testing.T) {
	manual, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		of    reflect.Type
		kinds map[string][]string
	}{{reflect.TypeFor[Test](), settings}, {reflect.TypeFor[Analysis](), analyses}} {
		fields := map[string]bool{}
		for f := range x.of.Fields() {
			if name := f.Tag.Get("yaml"); name != "name" && name != "kind" {
				fields[name] = true
			}
		}
		used := map[string]bool{}
		for kind, names := range x.kinds {
			if !strings.Contains(Help(), "\n  "+kind) || !strings.Contains(string(manual), "kind: "+kind) {
				t.Errorf("the kind %s is not in the help and in the manual", kind)
			}
			for _, name := range names {
				if used[name] = true; !fields[name] {
					t.Errorf("%s has a setting %s, which is no field of %v", kind, name, x.of)
				}
				if !strings.Contains(string(manual), name) {
					t.Errorf("the manual lacks the setting %s of %s", name, kind)
				}
			}
		}
		for name := range fields {
			if !used[name] {
				t.Errorf("the field %s of %v is a setting of no kind", name, x.of)
			}
		}
	}
	set := Test{}.set()
	for _, names := range settings {
		for _, name := range names {
			if _, ok := set[name]; !ok {
				t.Errorf("nothing says whether a file gives %s", name)
			}
		}
	}
}
