package steer_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// of returns the fake model as if its weights had this digest.
func of(digest, engine string) *steer.Model {
	behind := steertest.NewModel().Runner()
	return steer.New("fake", steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		rec, err := behind.Run(ctx, r, emit)
		rec.Header.Identity, rec.Header.Engine = steer.Identity{Model: digest, Tokenizer: "t"}, engine
		return rec, err
	}))
}

func parisCircuit(t *testing.T, m *steer.Model) steer.Circuit {
	t.Helper()
	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s.Positive().TopEntries(4).Named("Paris <&>")
}

// savedCircuit writes the circuit and returns the file's path and bytes.
func savedCircuit(t *testing.T, c steer.Circuit) (string, []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paris.json")
	if err := c.Save(path); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, b
}

// TestCircuitRoundTrip: a circuit that was saved is the same when it is loaded, and saving it again gives the same bytes.
func TestCircuitRoundTrip(t *testing.T) {
	m := of("a", "go")
	c := parisCircuit(t, m)
	path, b := savedCircuit(t, c)
	d, err := m.LoadCircuit(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(c.Entries(), d.Entries()) || c.Name() != d.Name() || c.About() != d.About() || c.Shape() != d.Shape() {
		t.Errorf("loaded %v, saved %v", d, c)
	}
	if len(d.Warnings()) > 0 {
		t.Errorf("the same model warns: %v", d.Warnings())
	}
	if _, again := savedCircuit(t, d); !bytes.Equal(b, again) {
		t.Errorf("saved again:\n%s\nbefore:\n%s", again, b)
	}
	for _, what := range []string{"The capital of France is", `"relp"`, `"k": 4`, `"sign": 1`, `"model": "a"`} {
		if !bytes.Contains(b, []byte(what)) {
			t.Errorf("the provenance lacks %s:\n%s", what, b)
		}
	}
}

func TestCircuitOfAnotherModel(t *testing.T) {
	path, _ := savedCircuit(t, parisCircuit(t, of("a", "go")))
	if _, err := of("b", "go").LoadCircuit(t.Context(), path); !errors.Is(err, steer.ModelMismatch) {
		t.Errorf("another model's circuit loads: %v", err)
	}
	c, err := of("a", "xla").LoadCircuit(t.Context(), path)
	if err != nil || len(c.Warnings()) != 1 || c.Warnings()[0].Code != "backend" {
		t.Errorf("another backend: %v, %v, want one warning", c.Warnings(), err)
	}
}

// TestDamagedCircuits: every cut is an error, and so is every digit whose change changes a number.
func TestDamagedCircuits(t *testing.T) {
	m := of("a", "go")
	saved := parisCircuit(t, m)
	_, b := savedCircuit(t, saved)
	for n := 0; n < len(b)-2; n += 7 {
		if _, err := m.LoadCircuit(t.Context(), fileOf(t, "c.json", b[:n])); !errors.Is(err, steer.BadFile) {
			t.Fatalf("cut to %d of %d bytes: %v", n, len(b), err)
		}
	}
	for i, x := range b {
		if x < '0' || x > '8' {
			continue
		}
		changed := slices.Clone(b)
		changed[i]++
		c, err := m.LoadCircuit(t.Context(), fileOf(t, "c.json", changed))
		if err == nil && !slices.Equal(c.Entries(), saved.Entries()) { // a 17th digit may not change the number
			t.Fatalf("a changed digit at byte %d is not noticed: …%s…", i, b[max(0, i-30):min(len(b), i+10)])
		}
	}
}

// TestReferenceCircuits: the reference's format goes both ways; what it cannot say is a warning.
func TestReferenceCircuits(t *testing.T) {
	m := of("a", "go")
	c := parisCircuit(t, m)
	path := filepath.Join(t.TempDir(), "ref.json")
	if err := c.SaveReference(path); err != nil {
		t.Fatal(err)
	}
	d, err := m.LoadCircuit(t.Context(), path)
	if err != nil || !slices.Equal(c.Entries(), d.Entries()) || len(d.Warnings()) == 0 {
		t.Errorf("loaded %v (%v, warnings %v), saved %v", d.Entries(), err, d.Warnings(), c.Entries())
	}
	for _, text := range []string{`{"neurons": {"1,2": 3}}`, `{"neurons": {"1,0,99": 3}}`, `{"neurons": {"a,b,c": 3}}`, `{"neurons": {}}`, `[]`, `{}`, `{"format": 9}`} {
		if _, err := m.LoadCircuit(t.Context(), fileOf(t, "c.json", []byte(text))); !errors.Is(err, steer.BadFile) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := m.LoadCircuit(t.Context(), "no such file"); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a file that is not there: %v", err)
	}
}

func FuzzLoadCircuit(f *testing.F) {
	f.Add([]byte(`{"neurons": {"1,0,2": 3}, "prompt": "x", "target_token": " y", "total_logit_diff": 1}`))
	f.Add([]byte(`{"format": 1, "entries": [{"layer": 0, "index": 1, "position": -1, "score": 2}], "sha256": ""}`))
	m := of("a", "go")
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := m.LoadCircuit(t.Context(), fileOf(t, "c.json", b))
		if err == nil && c.Len() == 0 {
			t.Error("an empty circuit loads")
		}
	})
}
