package steer

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// An Agreement says how well scores foretell the effects of patches.
type Agreement struct {
	Pearson  Estimate         `json:"pearson"`  // over units, of effects and what the scores foretell, both means over the examples
	Spearman Estimate         `json:"spearman"` // likewise, of ranks
	ByLayer  []LayerAgreement `json:"byLayer"`  // layers of at least three units

	rule             string
	units            []Neuron
	foretold, effect []float64 // [U], means over the examples
}

// A LayerAgreement is an Agreement within one layer.
type LayerAgreement struct {
	Layer    int      `json:"layer"`
	Pearson  Estimate `json:"pearson"`
	Spearman Estimate `json:"spearman"`
}

// Agreement correlates the effects of the patches with what scores of the same examples foretell, whatever their rule: to first
// order a patch from h to p loses Σ_t s_t·(h_t − p_t)/h_t, s being the score at position t, which is Σ_t s_t where p is zero.
// Of a head that is set to anything else, whose output z is a vector that no score knows, it is Σ_t ⟨z_t − p_t, ∂m/∂z_t⟩, as in
// attribution patching (Syed, Rager and Conmy, arXiv 2310.10348), by the slope of the scores' rule under the interventions of the
// patching; of [IntegratedGradients] it is that of Gradient, by which heads are scored there.
// Correlations are over units, with 95 % percentile intervals of 2,000 draws of both units and examples. It is zero where the
// scores are of other examples.
func (p Patching) Agreement(b BehaviorScores) Agreement {
	effect, foretold := p.stats().effects, p.foretold(b)
	if len(foretold) == 0 {
		return Agreement{}
	}
	body := p.rec.body()
	over := func(in func(Neuron) bool) (Estimate, Estimate) {
		var x, y [][]float64
		for k, u := range body.Units {
			if in(u) {
				x, y = append(x, effect[k]), append(y, foretold[k])
			}
		}
		pearson, spearman := stats.Correlations(x, y, body.Seed)
		return Estimate(pearson), Estimate(spearman)
	}
	a := Agreement{rule: "scores", units: body.Units}
	if r, ok := b.Example(0).Rule(); ok {
		a.rule = string(r)
	}
	for k := range body.Units {
		a.foretold, a.effect = append(a.foretold, stats.Mean(foretold[k])), append(a.effect, stats.Mean(effect[k]))
	}
	a.Pearson, a.Spearman = over(func(Neuron) bool { return true })
	for l := range body.Shape.Layers {
		pearson, spearman := over(func(u Neuron) bool { return u.Layer == l })
		if pearson.N >= fewestUnits {
			a.ByLayer = append(a.ByLayer, LayerAgreement{l, pearson, spearman})
		}
	}
	return a
}

// fewestUnits is from how many units on a correlation says anything.
const fewestUnits = 3

// slopeOf returns the rule by whose slopes scores of heads are made.
func slopeOf(s Scores) Rule {
	r, _ := s.Rule()
	if _, ok := r.Steps(); ok {
		return Gradient
	}
	return r
}

// foretold returns what the scores say of every unit on every example [U][N]; nil where they are of others.
func (p Patching) foretold(b BehaviorScores) [][]float64 {
	body, rec := p.rec.body(), p.rec.record()
	if len(p.stats().effects) == 0 || b.Len() != len(body.Cases) {
		return nil
	}
	out := make([][]float64, len(body.Units))
	for k := range out {
		out[k] = make([]float64, len(body.Cases))
	}
	for i, c := range body.Cases {
		scores := b.Example(i)
		share := rec.Tensors[message.ShareOf(i)].Data
		if scores.data().Positions != c.Tokens || len(share) != len(body.Units)*c.Tokens || scores.Shape() != body.Shape {
			return nil
		}
		heads, vectors := scores.Heads(), rec.Tensors[message.ForetoldOf(i)].Data
		rule := slices.Index(engine.Rules(), slopeOf(scores))
		w := 0
		for k, u := range body.Units {
			if u.Head && body.Ablation != message.AblateZero {
				if at := w*len(engine.Rules()) + rule; rule >= 0 && at < len(vectors) {
					out[k][i] = float64(vectors[at])
				}
				w++
				continue
			}
			from := scores
			if u.Head {
				from = heads
			}
			for t, x := range share[k*c.Tokens:][:c.Tokens] {
				out[k][i] += from.At(u.Layer, t, u.Index) * float64(x)
			}
		}
	}
	return out
}
