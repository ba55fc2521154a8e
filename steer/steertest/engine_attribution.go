package steertest

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// conserved checks Σ_t⟨∂m/∂e_t,e_t⟩ + biases + injected = ⟨∂m/∂z,z⟩ + 2·Σ_l⟨∂m/∂S_l,S_l⟩ for every prompt.
func conserved(t *testing.T, rule engine.Rule, r engine.AttributionResult) {
	t.Helper()
	for b := range r.Metric {
		var tokens, attention float64
		for _, v := range r.Tokens[b] {
			tokens += float64(v)
		}
		for _, v := range r.Attention[b] {
			attention += 2 * float64(v)
		}
		m, injected, biases := float64(r.Linear[b]), float64(r.Injected[b]), 0.
		if r.Biases != nil {
			biases = float64(r.Biases[b])
		}
		if rule == engine.Frozen && attention != 0 {
			t.Errorf("prompt %d: the attention term is %v under Frozen, want 0", b, attention)
		}
		bound := conservationBound * max(math.Abs(m), math.Abs(tokens), math.Abs(attention), math.Abs(injected), math.Abs(biases))
		if miss := math.Abs(tokens + biases + injected - m - attention); !(miss <= bound) {
			t.Errorf("%s, prompt %d: tokens %v + biases %v + injected %v − Linear %v − attention %v misses 0 by %.2e, bound %.2e",
				rule, b, tokens, biases, injected, m, attention, miss, bound)
		}
	}
}

func testConservation(t *testing.T, b bench) {
	for _, rule := range []engine.Rule{engine.RelP, engine.Frozen} {
		r := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: rule})
		conserved(t, rule, r)
		for i, v := range r.Injected {
			if v != 0 {
				t.Errorf("%s, prompt %d: injected %v without an edit", rule, i, v)
			}
		}
	}
}

// testInjected: what an edit adds as a constant, by Add or at a bound, is accounted for.
func testInjected(t *testing.T, b bench) {
	plain := b.forward(t, engine.Forward{IDs: b.ids, Capture: engine.Neurons})
	size := float32(.2 * largest(plain.Neurons[0]))
	noise := splitMix(29)
	add, lo, hi := b.constant(1, 1, 0), b.constant(1, 1, -size), b.constant(1, 1, size)
	for i := range add {
		add[i] = size * float32(noise())
	}
	for name, e := range map[string]*engine.Edit{
		"scale":          b.random(1, 1, 31),
		"add":            {B: 1, T: 1, Add: add},
		"bounds":         {B: 1, T: 1, Lo: lo, Hi: hi},
		"all of them":    {B: 1, T: 1, Scale: b.random(1, 1, 31).Scale, Add: add, Lo: lo, Hi: hi},
		"set everything": {B: 1, T: 1, Scale: b.constant(1, 1, 0), Add: add},
		"MLP vectors":    {B: 1, T: 1, MLP: b.vectors(t, 1, 1, 33).MLP},
		"a condition":    b.conditional(t, engine.Residual, false),
		"by prompt":      b.conditional(t, engine.Neurons, true),
		"vectors":        {B: 1, T: 1, Residual: b.vectors(t, 1, 1, 33).Residual},
		"both":           {B: 1, T: 1, Scale: b.random(1, 1, 31).Scale, Add: add, MLP: b.vectors(t, 1, 1, 35).MLP, Residual: b.vectors(t, 1, 1, 35).Residual},
	} {
		t.Run(name, func(t *testing.T) {
			for _, rule := range []engine.Rule{engine.RelP, engine.Frozen} {
				r := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: rule, Edit: e})
				conserved(t, rule, r)
				conserved(t, rule, b.attribute(t, engine.Attribution{IDs: b.ids, Terms: targets(b.ids), Rule: rule, Edit: e, LogProb: true}))
				f := b.forward(t, engine.Forward{IDs: b.ids, Edit: e})
				for i := range b.ids {
					near(t, "logits under the edit", r.Logits[i], f.Logits[i], orderBound)
				}
				if name != "scale" && largest(r.Injected) == 0 {
					t.Error("nothing was injected; the test tests nothing")
				}
			}
		})
	}
}

// testMetric: scores are linear in the metric, which weighs its terms, and it may sit at any position.
func testMetric(t *testing.T, b bench) {
	ids := b.ids[len(b.ids)-1:]
	n := int32(b.shape.Vocab)
	terms := []engine.Term{{Position: len(ids[0]) - 1, Target: 1, Versus: 2, Weight: -.5}, {Position: 1, Target: n - 1, Versus: -1, Weight: 3}, {Position: 2, Target: 0, Versus: n - 1}}
	for _, rule := range []engine.Rule{engine.RelP, engine.Frozen, engine.Gradient} {
		all := b.attribute(t, engine.Attribution{IDs: ids, Terms: [][]engine.Term{terms}, Rule: rule})
		scores, tokens, metric := make([]float32, len(all.Scores[0])), make([]float32, len(all.Tokens[0])), []float32{0}
		for _, m := range terms {
			w := m.Factor()
			m.Weight = 0
			one := b.attribute(t, engine.Attribution{IDs: ids, Terms: [][]engine.Term{{m}}, Rule: rule})
			sum(scores, w, one.Scores[0])
			sum(tokens, w, one.Tokens[0])
			sum(metric, w, one.Metric)
		}
		near(t, string(rule)+": scores of a sum", all.Scores[0], scores, orderBound)
		near(t, string(rule)+": tokens of a sum", all.Tokens[0], tokens, orderBound)
		near(t, string(rule)+": metric of a sum", all.Metric, metric, orderBound)
		if rule != engine.Gradient {
			conserved(t, rule, all)
		}
	}
}

// sum adds w·v to a sum.
func sum(to []float32, w float32, v []float32) {
	for i := range v {
		to[i] += w * v[i]
	}
}

// testCausality: nothing after the metric's position scores, bit for bit.
func testCausality(t *testing.T, b bench) {
	ids := b.ids[len(b.ids)-1:]
	terms := [][]engine.Term{{{Position: 1, Target: 1, Versus: 2}}}
	for _, rule := range []engine.Rule{engine.RelP, engine.Frozen, engine.Gradient} {
		r := b.attribute(t, engine.Attribution{IDs: ids, Terms: terms, Rule: rule})
		b.each(len(ids[0]), func(at, l, p, n int) {
			if p > 1 && r.Scores[0][at] != 0 {
				t.Fatalf("%s: L%d/N%d at position %d scores %v for a metric at position 1", rule, l, n, p, r.Scores[0][at])
			}
		})
		if largest(r.Scores[0]) == 0 {
			t.Errorf("%s: all scores are 0", rule)
		}
	}
}
