package steertest

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// testLogProb: a log-probability is that of the logits, its Linear is ⟨∂m/∂z, z⟩, and the difference of two of them is the
// difference of logits, scores and all.
func testLogProb(t *testing.T, b bench) {
	V := b.shape.Vocab
	all := b.forward(t, engine.Forward{IDs: b.ids, AllLogits: true})
	var one, two, difference [][]engine.Term
	for _, ids := range b.ids {
		n := len(ids)
		one = append(one, []engine.Term{{Position: n - 1, Target: 1, Versus: -1}, {Position: n - 2, Target: int32(V - 1), Versus: -1, Weight: -2}})
		two = append(two, []engine.Term{{Position: n - 1, Target: 2, Versus: -1}, {Position: n - 2, Target: int32(V - 1), Versus: -1, Weight: -2}})
		difference = append(difference, []engine.Term{{Position: n - 1, Target: 1, Versus: 2}})
	}
	for _, rule := range []engine.Rule{engine.RelP, engine.Frozen, engine.Gradient} {
		x := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: one, Rule: rule, LogProb: true})
		y := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: two, Rule: rule, LogProb: true})
		z := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: difference, Rule: rule})
		if rule != engine.Gradient {
			conserved(t, rule, x)
		}
		for i := range b.ids {
			var m, linear, size float64
			for _, c := range one[i] {
				logp, dot := logProb(all.Logits[i][c.Position*V:][:V], c.Target)
				w := float64(c.Factor())
				m, linear, size = m+w*logp, linear+w*dot, size+math.Abs(w)*(math.Abs(dot)+largest(all.Logits[i]))
			}
			for what, d := range map[string]float64{"metric": float64(x.Metric[i]) - m, "Linear": float64(x.Linear[i]) - linear} {
				if what == "Linear" && rule != engine.Frozen {
					continue // where a model caps its logits, this is known of a constant factor alone; conservation knows the others
				}
				if !(math.Abs(d) <= orderBound*size) {
					t.Errorf("%s, prompt %d: the %s of log-probabilities is %v away from that of the logits, bound %v", rule, i, what, d, orderBound*size)
				}
			}
			near(t, string(rule)+": scores of log p(a) − log p(b)", minus(x.Scores[i], y.Scores[i]), z.Scores[i], 10*orderBound) // two passes apart
			near(t, string(rule)+": tokens of log p(a) − log p(b)", minus(x.Tokens[i], y.Tokens[i]), z.Tokens[i], 10*orderBound)
			if rule == engine.Frozen {
				if d := math.Abs(float64(z.Linear[i] - z.Metric[i])); !(d <= orderBound*largest(all.Logits[i])) {
					t.Errorf("%s: Linear of a difference of logits is %v, the metric %v", rule, z.Linear[i], z.Metric[i])
				}
			}
		}
	}
}

// logProb returns log p(target) and Σ_v ∂log p/∂z_v·z_v for logits z [V].
func logProb(z []float32, target int32) (logp, linear float64) {
	top, sum, mean := math.Inf(-1), 0., 0.
	for _, v := range z {
		top = max(top, float64(v))
	}
	for _, v := range z {
		e := math.Exp(float64(v) - top)
		sum += e
		mean += e * float64(v)
	}
	return float64(z[target]) - top - math.Log(sum), float64(z[target]) - mean/sum
}

func minus(a, b []float32) []float32 {
	out := make([]float32, len(a))
	for i := range a {
		out[i] = a[i] - b[i]
	}
	return out
}

// testSlopes: under the rule Gradient the scores of a layer add up to the slope of the metric in a common factor of its
// neurons, which two forward passes show.
func testSlopes(t *testing.T, b bench) {
	const step = .02
	ids := b.ids[:1]
	n := len(ids[0])
	for _, logp := range []bool{false, true} {
		term := engine.Term{Position: n - 1, Target: 1, Versus: -1}
		r := b.attribute(t, engine.Attribution{IDs: ids, Terms: [][]engine.Term{{term}}, Rule: engine.Gradient, LogProb: logp})
		for l := range b.shape.Layers {
			var at [2]float64
			var top float64
			for side := range at {
				e := &engine.Edit{B: 1, T: 1, Scale: b.constant(1, 1, 1)}
				for i := range b.shape.Neurons {
					e.Scale[l*b.shape.Neurons+i] += step * float32(2*side-1)
				}
				z := b.forward(t, engine.Forward{IDs: ids, Edit: e}).Logits[0]
				at[side] = float64(z[term.Target])
				if logp {
					at[side], _ = logProb(z, term.Target)
				}
				top = max(top, largest(z))
			}
			got, size := 0., 0.
			for _, s := range r.Scores[0][l*n*b.shape.Neurons:][:n*b.shape.Neurons] {
				got, size = got+float64(s), size+math.Abs(float64(s))
			}
			want := (at[1] - at[0]) / (2 * step)
			if !(math.Abs(got-want) <= step*size+1e-4*top) { // the curve's bend, and what float32 leaves of the difference
				t.Errorf("layer %d, log-probability %v: the scores add up to %v, the metric's slope is %v (all scores: %v)", l, logp, got, want, size)
			}
		}
	}
}
