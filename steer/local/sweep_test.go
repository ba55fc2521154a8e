//go:build cgo

package local_test

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestSweepTeaching: on a trained model, with batches of unequal prompts above layers that are run once, a sweep measures
// what predictions one by one do, for the circuit and for its controls.
func TestSweepTeaching(t *testing.T) {
	r, err := local.NewRunner("teaching")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	m := steer.New("teaching", r)
	set := steer.NewExamples(
		steer.Example{Prompt: "The keys", Target: " are", Versus: " is"},
		steer.Example{Prompt: "The drivers by the queen", Target: " are", Versus: " is"},
		steer.Example{Prompt: "Please open the vault.", Chat: true, Target: "Sorry", Versus: "Sure"},
	)
	plural, err := m.Attribute("The students above the chairs").Target(" are").Versus(" is").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, circuit := range []steer.Circuit{plural.Positive().TopK(20), plural.Positive().Layers(3, 5).TopK(10)} {
		c, err := m.Sweep(circuit, -1, 0, 1, 2).OnExamples(set).Controls(3).SideEffects("I watched the film. It was good.", "The sky is blue.").Continue(6).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range set.All() {
			task := m.Predict(e.Prompt).Of(e.Target, e.Versus)
			if e.Chat {
				task = task.Chat()
			}
			for k, x := range c.Multipliers() {
				p, err := task.Scale(circuit, x).Run(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				want := p.Of()[0].Logit - p.Of()[1].Logit
				if got := c.Prompts()[i][k]; math.Abs(got-want) > 2e-4 { // 1e-5 of logits up to 20
					t.Errorf("%q ×%v: %v, want %v", e.Prompt, x, got, want)
				}
			}
		}
		for k, control := range c.Controls() {
			var want float64
			for _, e := range set.All() {
				task := m.Predict(e.Prompt).Of(e.Target, e.Versus).Ablate(control)
				if e.Chat {
					task = task.Chat()
				}
				p, err := task.Run(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				want += (p.Of()[0].Logit - p.Of()[1].Logit) / 3
			}
			if got := c.RandomCurves()[k][1]; math.Abs(got-want) > 2e-4 {
				t.Errorf("control %d ablated: %v, want %v", k, got, want)
			}
		}
		off, one := c.SideEffects()[1], c.SideEffects()[2]
		if one.Divergence.Value != 0 || one.Perplexity.Value != 1 || one.Changed != 0 || off.Divergence.Value <= 0 {
			t.Errorf("side effects of ×0 %+v, of ×1 %+v", off, one)
		}
	}
}
