package study

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// samples are values of settings that are no defaults, and that no other setting is needed for, as far as there are some.
var samples = map[string]string{
	"rule": "gradient", "aggregate": "any", "space": "mlp", "vector": "pca", "ablation": "resample", "rules": "[relp]", "selections": "[mean]", "all": "entries",
	"layers": "[0, 1]", "multipliers": "[0]", "stop": "[x]", "texts": "[x]", "prompts": "[x]", "sizes": "[1]", "percentages": "[1]", "vector_file": "x", "prompted": "x",
}

// sample is a setting's value as YAML.
func sample(name string, t reflect.Type) string {
	if s := samples[name]; s != "" {
		return s
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true"
	case reflect.Int, reflect.Float64:
		return "1"
	}
	return "x"
}

// TestSchemaAndReader: of every kind and every setting, the schema allows just what the reader does not call foreign.
func TestSchemaAndReader(t *testing.T) {
	s := schema(t)
	walked := 0
	for list, of := range map[string]struct {
		item  reflect.Type
		kinds map[string][]string
	}{"methods": {reflect.TypeFor[Method](), methods}, "analyses": {reflect.TypeFor[Analysis](), analyses}, "tests": {reflect.TypeFor[Test](), settings}} {
		for kind := range of.kinds {
			for f := range of.item.Fields() {
				name, _ := word(f)
				if name == "name" || name == "kind" {
					continue
				}
				parts := map[string]string{
					"methods": "{name: m, kind: attribution}", "selections": "{name: s, top_k: 1}",
					list: fmt.Sprintf("{name: x, kind: %s, %s: %s}", kind, name, sample(name, f.Type)),
				}
				text := "model: teaching\nbehaviors:\n  - {name: b, examples: [{prompt: x, target: y}], pairs: [{positive: x, negative: y}]}\n"
				for _, part := range []string{"analyses", "methods", "selections", "tests"} {
					if parts[part] != "" {
						text += part + ":\n  - " + parts[part] + "\n"
					}
				}
				_, err := parse("x.yaml", []byte(text))
				foreign := err != nil && strings.Contains(err.Error(), fmt.Sprintf("%s is no setting of the kind %q", name, kind))
				if wrong := s.check(t, text); (len(wrong) > 0) != foreign {
					t.Errorf("%s of the kind %s: the schema says %q, the reader %v", name, kind, wrong, err)
				}
				walked++
			}
		}
	}
	if walked < 100 {
		t.Errorf("%d settings were tried", walked)
	}
}

// TestSchemaDescribes: every setting of a file is in the schema, and says what it is; and nothing else is there.
func TestSchemaDescribes(t *testing.T) {
	s := schema(t)
	var walk func(at string, of reflect.Type, x map[string]any)
	walk = func(at string, of reflect.Type, x map[string]any) {
		seen := map[string]bool{}
		for _, o := range variants(x) {
			for name, p := range o["properties"].(map[string]any) {
				seen[name] = true
				if d, _ := p.(map[string]any)["description"].(string); len(d) < 5 && p.(map[string]any)["const"] == nil {
					t.Errorf("%s.%s says nothing of itself", at, name)
				}
				if items, ok := p.(map[string]any)["items"].(map[string]any); ok && (items["oneOf"] != nil || items["properties"] != nil) {
					for f := range of.Fields() {
						if w, ok := word(f); ok && w == name {
							walk(at+"."+name, f.Type.Elem(), items)
						}
					}
				}
			}
		}
		for f := range of.Fields() {
			if w, ok := word(f); ok && !seen[w] {
				t.Errorf("%s.%s is no word of the schema", at, w)
			} else {
				delete(seen, w)
			}
		}
		for name := range seen {
			t.Errorf("%s.%s is a word of the schema and none of a file", at, name)
		}
	}
	walk("study", reflect.TypeFor[Study](), s)
}

// TestSchemaSeesMistakes: what the schema is for is told apart.
func TestSchemaSeesMistakes(t *testing.T) {
	s, good := schema(t), "model: teaching\nbehaviors:\n  - {name: b, examples: [{prompt: x, target: y}]}\nmethods:\n  - {name: m, kind: attribution}\nselections:\n  - {name: s, top_k: 1}\n"
	if wrong := s.check(t, good); len(wrong) > 0 {
		t.Fatalf("a good study: %v", wrong)
	}
	for _, c := range [][2]string{
		{"model: teaching\n", ""}, {"kind: attribution", "kind: guess"}, {"kind: attribution", "kind: attribution, rule: best"}, {"top_k: 1", "top_k: one"}, {"top_k: 1", "topk: 1"},
		{"target: y", "targets: y"}, {"name: m", "name: a b"}, {"{name: m, kind: attribution}", "{name: m}"}, {"  - {name: m, kind: attribution}", "  []"}, {"model: teaching", "model: teaching\nseed: -1"},
		{"target: y", "target: y, split: third"},
	} {
		if wrong := s.check(t, strings.Replace(good, c[0], c[1], 1)); len(wrong) == 0 {
			t.Errorf("%q in place of %q is no mistake", c[1], c[0])
		}
	}
}

// TestEveryStudyFits: each study of the repository is one by the schema, and by the reader.
func TestEveryStudyFits(t *testing.T) {
	s, found := schema(t), 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && path != "../.." && strings.HasPrefix(d.Name(), ".") {
			return cmp.Or[error](err, filepath.SkipDir)
		}
		b, err := os.ReadFile(path)
		if d.IsDir() || filepath.Ext(path) != ".yaml" || !bytes.Contains(b, []byte("\nbehaviors:")) {
			return nil
		}
		found++
		if wrong := s.check(t, string(b)); err != nil || len(wrong) > 0 {
			t.Errorf("%s: %v, %q", path, err, wrong)
		}
		if _, err := Read(path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		return nil
	})
	if err != nil || found < 2 {
		t.Errorf("%d studies were found: %v", found, err)
	}
}

// A drawn is a schema as it was read.
type drawn map[string]any

func schema(t *testing.T) drawn {
	t.Helper()
	b, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var s drawn
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// variants are the objects that one item may be.
func variants(x map[string]any) (all []map[string]any) {
	for _, o := range list(x["oneOf"]) {
		all = append(all, o.(map[string]any))
	}
	if all == nil {
		all = []map[string]any{x}
	}
	return all
}

func list(x any) []any { l, _ := x.([]any); return l }

// check returns what is wrong with a file by the schema, as far as Schema uses it.
func (s drawn) check(t *testing.T, text string) []string {
	t.Helper()
	var x any
	if err := yaml.NewDecoder(bytes.NewReader([]byte(text))).Decode(&x); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return invalid("", x, s)
}

// invalid returns the mistakes of a value by the words of draft 07 that Schema uses; one that it does not know is a mistake too.
func invalid(at string, x any, s map[string]any) (wrong []string) {
	bad := func(format string, args ...any) { wrong = append(wrong, at+": "+fmt.Sprintf(format, args...)) }
	obj, _ := x.(map[string]any)
	arr, _ := x.([]any)
	for word, want := range s {
		switch word {
		case "type":
			if !isA(x, want.(string)) {
				bad("%v is no %v", x, want)
			}
		case "enum":
			if !slices.Contains(list(want), x) {
				bad("%v is none of %v", x, want)
			}
		case "const":
			if x != want {
				bad("%v is not %v", x, want)
			}
		case "minimum":
			if n, ok := x.(int); ok && float64(n) < want.(float64) {
				bad("%d is below %v", n, want)
			}
		case "minItems":
			if float64(len(arr)) < want.(float64) {
				bad("%d items", len(arr))
			}
		case "pattern":
			if text, ok := x.(string); ok && !regexp.MustCompile(want.(string)).MatchString(text) {
				bad("%q does not fit", text)
			}
		case "required":
			for _, name := range list(want) {
				if obj[name.(string)] == nil {
					bad("%v is missing", name)
				}
			}
		case "properties":
			for name, v := range obj {
				if p, ok := want.(map[string]any)[name]; !ok && s["additionalProperties"] == false {
					bad("%s is not known", name)
				} else if ok {
					wrong = append(wrong, invalid(at+"."+name, v, p.(map[string]any))...)
				}
			}
		case "items":
			for i, v := range arr {
				wrong = append(wrong, invalid(fmt.Sprintf("%s[%d]", at, i), v, want.(map[string]any))...)
			}
		case "oneOf":
			n := 0
			for _, o := range list(want) {
				if len(invalid(at, x, o.(map[string]any))) == 0 {
					n++
				}
			}
			if n != 1 {
				bad("%v fits %d of the kinds", x, n)
			}
		case "$schema", "title", "description", "default", "additionalProperties":
		default:
			bad("this test does not know the word %s", word)
		}
	}
	return wrong
}

func isA(x any, kind string) bool {
	switch x.(type) {
	case map[string]any:
		return kind == "object"
	case []any:
		return kind == "array"
	case string:
		return kind == "string"
	case bool:
		return kind == "boolean"
	case int:
		return kind == "integer" || kind == "number"
	case float64:
		return kind == "number"
	}
	return false
}
