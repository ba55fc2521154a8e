package jinja

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestAsPython compares with what Python's Jinja renders; testdata/render.py made the file.
func TestAsPython(t *testing.T) {
	vars := readVars(t)
	data, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Template, Text, Error string }
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 120 {
		t.Errorf("only %d cases", len(cases))
	}
	for _, c := range cases {
		got, err := render(t, c.Template, vars)
		switch {
		case c.Error != "" && err == nil:
			t.Errorf("%s\nrenders %q, it should be an error like %q", c.Template, got, c.Error)
		case c.Error == "" && err != nil:
			t.Errorf("%s\n%v\nwant %q", c.Template, err, c.Text)
		case c.Error == "" && got != c.Text:
			t.Errorf("%s\n got %q\nwant %q", c.Template, got, c.Text)
		}
	}
}

func render(t testing.TB, source string, vars map[string]any) (string, error) {
	tpl, err := Parse(source)
	if err != nil {
		return "", err
	}
	return tpl.Render(t.Context(), vars)
}

// readVars returns the variables of testdata/render.py.
func readVars(t testing.TB) map[string]any {
	t.Helper()
	data, err := os.ReadFile("testdata/vars.json")
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	all, ok := ordered(t, d).(Dict)
	if !ok {
		t.Fatal("vars.json is no object")
	}
	out := map[string]any{}
	for _, p := range all {
		out[p.Key] = p.Value
	}
	return out
}

// ordered reads JSON with its objects in order.
func ordered(t testing.TB, d *json.Decoder) any {
	t.Helper()
	tok, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch v := tok.(type) {
	case json.Delim:
		if v == '[' {
			l := List{}
			for d.More() {
				l = append(l, ordered(t, d))
			}
			_, _ = d.Token()
			return l
		}
		o := Dict{}
		for d.More() {
			k, _ := d.Token()
			key, _ := k.(string)
			o = append(o, Pair{key, ordered(t, d)})
		}
		_, _ = d.Token()
		return o
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return int(n)
		}
		f, _ := v.Float64()
		return f
	}
	return tok
}
