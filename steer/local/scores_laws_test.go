//go:build cgo

package local_test

import (
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// models are a trained model and a random one, each with prompts of unequal numbers of tokens and two words.
var models = map[string]struct {
	examples []steer.Example
	answer   string
}{
	"teaching": {[]steer.Example{
		{Prompt: "I loved the film. It was", Target: " wonderful", Versus: " terrible"},
		{Prompt: "The keys near the cabinet", Target: " are", Versus: " is"},
		{Prompt: "What is the capital of the state containing Dallas? Answer:", Target: " Austin", Versus: " Denver"},
		{Prompt: "The capital of France is", Target: " Paris"},
	}, " wonderful."},
	"../../testdata/golden/tiny-llama": {[]steer.Example{
		{Prompt: "The keys to the cabinet"}, {Prompt: "She loved"}, {Prompt: "He hated the floor and the table of the house"},
	}, " the house"},
}

// largestOf returns the largest magnitude.
func largestOf(v []float32) (m float64) {
	for _, x := range v {
		m = max(m, math.Abs(float64(x)))
	}
	return m
}

// TestLawBatch: a batch of prompts is what they are one by one, within 1e-5 of the largest, under every rule and under
// interventions that depend on the position; and scale 1 is nothing, bit for bit.
func TestLawBatch(t *testing.T) {
	for ref, c := range models {
		t.Run(ref, func(t *testing.T) {
			m := engineOf(t, ref)
			set := steer.NewExamples(c.examples...)
			found := run(t, m.Behavior(set).TargetTop().VersusRunnerUp()).Mean().TopK(12)
			for name, change := range map[string]func(steer.BehaviorTask) steer.BehaviorTask{
				"RelP":     func(b steer.BehaviorTask) steer.BehaviorTask { return b },
				"Frozen":   func(b steer.BehaviorTask) steer.BehaviorTask { return b.Rule(steer.Frozen) },
				"Gradient": func(b steer.BehaviorTask) steer.BehaviorTask { return b.Rule(steer.Gradient) },
				"edited": func(b steer.BehaviorTask) steer.BehaviorTask {
					return b.With(steer.Scale(found, -.5).SkipBOS(), steer.AddTo(found, .1))
				},
			} {
				task := change(m.Behavior(set).TargetTop().VersusRunnerUp())
				all := run(t, task)
				for i, e := range c.examples {
					one := run(t, change(m.Behavior(steer.NewExamples(e)).TargetTop().VersusRunnerUp())).Example(0)
					got, want := all.Example(i).Dense().Data, one.Dense().Data
					if d, most := apart(got, want), largestOf(want); d > 1e-5*most || most == 0 {
						t.Errorf("%s, %q: %v from its own scores, whose largest is %v", name, e.Prompt, d, most)
					}
					if k := one.Conservation(); k.Holds && k.Residual > 1e-4 {
						t.Errorf("%s, %q: conservation misses by %v", name, e.Prompt, k.Residual)
					}
				}
				same := run(t, task.Scale(found, 1))
				for i := range c.examples {
					if !slices.Equal(same.Example(i).Dense().Data, all.Example(i).Dense().Data) {
						t.Errorf("%s: scale 1 changes example %d", name, i)
					}
				}
			}
		})
	}
}

// TestLawGradient: under the Gradient rule a neuron's Σ_t score is the derivative of the metric by its scale, for a
// difference of logits and for the log-probability of an answer; and RelP's scores have the same metric.
func TestLawGradient(t *testing.T) {
	for ref, c := range models {
		t.Run(ref, func(t *testing.T) {
			m := engineOf(t, ref)
			for name, task := range map[string]steer.AttributeTask{
				"logits": m.Attribute(c.examples[0].Prompt).TargetTop().VersusRunnerUp(),
				"answer": m.Attribute(c.examples[0].Prompt).TargetText(c.answer),
			} {
				s := run(t, task.Rule(steer.Gradient).KeepBOS())
				if relp := run(t, task); math.Abs(relp.Metric()-s.Metric()) > 1e-5*math.Abs(s.Metric()) || relp.Conservation().Residual > 1e-4 {
					t.Errorf("%s: metric %v under RelP (residual %v), %v under Gradient", name, relp.Metric(), relp.Conservation().Residual, s.Metric())
				}
				fixed := task
				if v, ok := s.Versus(); ok { // the edited model may have another runner-up
					fixed = task.TargetID(s.Target().ID).VersusID(v.ID)
				}
				for _, e := range s.TopK(3).Entries() {
					const step = 1. / 64
					n := steer.NewCircuit("n", e.Neuron)
					up, down := run(t, fixed.Scale(n, 1+step)).Metric(), run(t, fixed.Scale(n, 1-step)).Metric()
					if slope := (up - down) / (2 * step); math.Abs(slope-e.Score) > .02*math.Abs(e.Score)+2e-3 {
						t.Errorf("%s: %v scores %v, the metric's slope is %v", name, e.Neuron, e.Score, slope)
					}
				}
			}
		})
	}
}

// TestLawAnswer: the metric of a whole answer is the sum of the log-probabilities that predictions give its tokens, each
// after those before it; an answer of one token beside the target's own.
func TestLawAnswer(t *testing.T) {
	m := engineOf(t, "teaching")
	const prompt = "The capital of France is"
	s := run(t, m.Attribute("I loved the film. It was").TargetText(" wonderful."))
	var want float64
	text := "I loved the film. It was"
	for _, piece := range []string{" wonderful", "."} {
		want += math.Log(run(t, m.Predict(text).Of(piece)).Of()[0].Probability)
		text += piece
	}
	if math.Abs(s.Metric()-want) > 1e-4*math.Abs(want)+1e-6 || s.Unit() != "nats" {
		t.Errorf("the metric is %v %s, predictions give %v", s.Metric(), s.Unit(), want)
	}
	if got := len(s.Tokens()) - len(run(t, m.Tokens("I loved the film. It was")).IDs()); got != 1 {
		t.Errorf("%d tokens of an answer of two are read, want 1", got)
	}
	top := run(t, m.Predict(prompt)).Top()
	a := run(t, m.Attribute(prompt).TargetTop().VersusRunnerUp())
	if v, _ := a.Versus(); a.Target().ID != top[0].ID || v.ID != top[1].ID {
		t.Errorf("the model's choices are %q and %q, the metric is %s", top[0].Text, top[1].Text, a.About())
	}
}

// TestLawContrast: a contrast is the difference of what captures give, and turning the pairs round turns its sign.
func TestLawContrast(t *testing.T) {
	for ref, c := range models {
		t.Run(ref, func(t *testing.T) {
			m := engineOf(t, ref)
			pairs := []steer.Pair{{Positive: c.examples[0].Prompt, Negative: c.examples[1].Prompt}, {Positive: c.examples[2].Prompt, Negative: c.examples[0].Prompt}}
			s := run(t, m.Contrast(steer.NewPairs(pairs...)))
			want := make([]float32, s.Shape().Layers*s.Shape().Neurons)
			for _, p := range pairs {
				for k, text := range []string{p.Positive, p.Negative} {
					h := run(t, m.Capture(text).From(steer.MLPNeurons)).Tensor(steer.MLPNeurons) // [L,T,F]
					T, F := h.Shape[1], h.Shape[2]
					for i := range want {
						want[i] += float32(1-2*k) / 2 * h.Data[(i/F*T+T-1)*F+i%F]
					}
				}
			}
			if d, most := apart(s.Dense().Data, want), largestOf(want); d > 1e-5*most || most == 0 {
				t.Errorf("%v from the difference of captures, whose largest is %v", d, most)
			}
		})
	}
}

// TestLawIntegrated: the scores of every layer add up to what the metric loses without its neurons. Layer 0 of the teaching
// model makes its attention sink, and takes more steps than the others.
func TestLawIntegrated(t *testing.T) {
	for ref, c := range models {
		t.Run(ref, func(t *testing.T) {
			m := engineOf(t, ref)
			for name, task := range map[string]steer.AttributeTask{
				"logits": m.Attribute(c.examples[0].Prompt).TargetTop().VersusRunnerUp(),
				"answer": m.Attribute(c.examples[0].Prompt).TargetText(c.answer),
			} {
				s := run(t, task.Rule(steer.IntegratedGradients(20)))
				k, ok := s.Completeness()
				if !ok || k.Worst != 0 && k.Residual > 1e-3 {
					t.Errorf("%s: %+v", name, k)
				}
				for l, sum := range k.Sums[1:] {
					if miss := math.Abs(k.Metric - k.Baselines[l+1] - sum); miss > 1e-3*math.Abs(k.Metric) {
						t.Errorf("%s: layer %d misses by %v of %v", name, l+1, miss, k.Metric)
					}
				}
			}
		})
	}
}
