package behaviors

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestRead: all behaviors in the order of the file, each in two halves that share nothing.
func TestRead(t *testing.T) {
	bs, err := Read("../../../" + Teaching)
	if err != nil || len(bs) != 28 || bs[0].Name != "agreement" || bs[27].Name != "translate" {
		t.Fatal(len(bs), err)
	}
	for _, b := range bs {
		found, tested := b.Halves()
		if n := found.Len(); n+tested.Len() != len(b.Examples) || n != len(b.Examples)/2 && b.Name != "agreement_simple" || n < 1 {
			t.Errorf("%s: halves of %d and %d of %d", b.Name, n, tested.Len(), len(b.Examples))
		}
		for _, e := range tested.All() {
			if slices.ContainsFunc(found.All(), func(f steer.Example) bool { return f.Prompt == e.Prompt }) {
				t.Errorf("%s: %q is in both halves", b.Name, e.Prompt)
			}
		}
		if e := found.All()[0]; e != b.Examples[0] || e.Prompt == "" || e.Target == "" || e.Versus == "" {
			t.Errorf("%s: %+v", b.Name, e)
		}
	}
}

func TestReadMistakes(t *testing.T) {
	for text, says := range map[string]string{
		`{`:                      "unexpected end",
		`{}`:                     "holds no behaviors",
		`{"behaviors":[]}`:       "no JSON object",
		`{"behaviors":{"a":{}}}`: "a has 0 examples",
		`{"behaviors":{"a":{"examples":[{"prompt":"I"}]}}}`: "a has 1 examples",
		`{"behaviors":{"a":7}}`:                             "cannot unmarshal",
	} {
		path := filepath.Join(t.TempDir(), "b.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}
