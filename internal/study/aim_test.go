package study

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestConditionOfAFile: sweeps and calibrations act where the projection on a file's vector is above a number, and a study with other
// bytes in that file is another study.
func TestConditionOfAFile(t *testing.T) {
	const text = `model: fake
behaviors:
  - {name: sentiment, examples_file: sentiment.jsonl}
methods:
  - {name: relp, kind: attribution}
selections:
  - {name: late, top_k: 2, layers: [1, 2]}
tests:
  - {name: dose, kind: sweep, multipliers: [0], when: -0.5, by_prompt: true, vector_layer: 0, vector_file: probe.safetensors}
  - {name: price, kind: calibrate, multipliers: [0], target: 0, when: -0.5, vector_layer: 0, vector_file: probe.safetensors}
  - {name: none, kind: sweep, multipliers: [0], when: 1, vector_layer: 9, vector_file: probe.safetensors}
  - {name: own, kind: sweep, multipliers: [0], when: 1, vector_layer: 0}
`
	m := steer.New("fake", &fake{id: fakeID})
	v, err := m.ControlVector(steer.NewPairs(steer.Pair{Positive: "The capital of France is", Negative: "I hated the film"})).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(v steer.Vector) *Study {
		t.Helper()
		_ = os.Remove(filepath.Join(dir, "probe.safetensors"))
		if err := v.Save(filepath.Join(dir, "probe.safetensors")); err != nil {
			t.Fatal(err)
		}
		for name, s := range map[string]string{"study.yaml": text, "sentiment.jsonl": sentiment} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, err := Read(filepath.Join(dir, "study.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	other := write(v.Scale(2))
	s := write(v)
	if s.digest == other.digest {
		t.Error("another vector is the same study")
	}
	f, out := &fake{id: fakeID}, filepath.Join(t.TempDir(), "out")
	if _, err := runOn(t, s, out, f); err != nil {
		t.Fatal(err)
	}
	b := s.Behaviors[0]
	scores, err := m.Behavior(b.examples().Train()).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	probe, test := v.Layers(0, 0), b.examples().Test()
	c := scores.Mean().Layers(1, 2).TopK(2)
	for name, task := range map[string]interface{ Request() (steer.Request, error) }{
		"sweep":     m.Sweep(c, 0).OnExamples(test).When(probe, -.5).ByPrompt(),
		"calibrate": m.Calibrate(steer.Ablate(c).When(probe, -.5)).Target(0).OnExamples(test),
	} {
		q, err := task.Request()
		if err != nil {
			t.Fatal(err)
		}
		if !f.asked[q.Kind+string(q.Settings)] {
			t.Errorf("the study does not ask for the %s %s", name, q.Settings)
		}
	}
	found := results(t, out)
	// What the model was run under stands in every file of numbers.
	under, of := "the circuit only if the prompt ends with ", map[string]int{}
	for name, text := range found {
		if strings.Contains(text, under) {
			of[filepath.Base(name)]++
		}
	}
	for _, name := range []string{"summary.csv", "summary.json"} {
		if of[name] == 0 || !strings.Contains(found[name], ", where ") { // of the sweep, and of the calibration
			t.Errorf("%s does not say that the sweep and the calibration were under a condition: %s", name, found[name])
		}
	}
	if len(of) < 4 { // the sweep's own table and JSON
		t.Errorf("the condition of the sweep stands in %v alone", of)
	}
	summary := found["summary.json"]
	for _, want := range []string{"vector_layer 9 is none of the model's", "has no pairs"} {
		if !strings.Contains(summary, want) {
			t.Errorf("%q is not noted in %s", want, summary)
		}
	}
}
