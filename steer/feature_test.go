package steer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestFeatures: a name gives back what was kept under it, for the settings that made it alone, and an unknown one lists
// the known.
func TestFeatures(t *testing.T) {
	m, dir := of("a", "go"), t.TempDir()
	task := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome")
	s, err := task.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f := m.Feature("say Paris/loud").Folder(dir)
	if err := f.KeepCircuit(s.TopK(2)); err != nil {
		t.Fatal(err)
	}
	c, err := f.MadeBy(task).Circuit(t.Context())
	if err != nil || c.Len() != 2 || c.Name() != "say Paris/loud" {
		t.Errorf("kept circuit: %v, %v", c, err)
	}
	if _, err := f.MadeBy(task.Rule(steer.Frozen)).Circuit(t.Context()); !errors.Is(err, steer.ModelMismatch) {
		t.Errorf("other settings answer: %v", err)
	}
	if _, err := f.MadeBy(task.Target(" Berlin")).Circuit(t.Context()); !errors.Is(err, steer.ModelMismatch) {
		t.Errorf("another target answers: %v", err)
	}
	for _, name := range []string{"say Rome", ""} {
		if _, err := m.Feature(name).Folder(dir).Circuit(t.Context()); err == nil || !strings.Contains(err.Error(), `"say Paris/loud"`) {
			t.Errorf("the unknown name %q: %v, want the known ones", name, err)
		}
	}
	if _, err := f.Vector(t.Context()); err == nil {
		t.Error("a circuit is a vector")
	}
	if names, err := f.Names(); err != nil || len(names) != 1 {
		t.Errorf("names %q, %v", names, err)
	}
	if err := m.Feature("").Folder(dir).KeepCircuit(s.TopK(2)); err == nil {
		t.Error("an empty name keeps a circuit")
	}
}
