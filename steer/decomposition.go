package steer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Decomposition is a vector as neurons write it. Its scores are the projections of each layer's direction on the unit
// direction of every neuron, ⟨v_l, W_down[:,n]⟩/‖W_down[:,n]‖, in the vector's unit, so a circuit is selected from it as
// from any Scores. Directions of neurons are not orthogonal: projections do not add up, and R2 and Greedy say what neurons
// can write together.
type Decomposition struct {
	Scores
	rec result[message.DecomposeBody]
}

// decomposed reads the record of a decomposition of v.
func decomposed(r Record, v Vector) dense {
	b := decodeBody[message.DecomposeBody](r)
	n, of := v.N()
	d := dense{scores: r.Tensors["projections"].Data, warnings: slices.Clone(r.Header.Warnings), header: r.Header, about: about{
		Shape: b.Shape, Positions: 1, Summed: true, Method: "projection on what neurons write", Metric: v.About(), N: n, Of: of,
	}}
	d.warnings = append(append(d.warnings, v.Warnings()...), normWarnings(b)...)
	return d
}

// longer is how many times the middle layer's norm a layer's may be before a ranking over layers is a ranking of layers.
const longer = 4

// normWarnings tells when a layer's direction is so long that its neurons lead every ranking.
func normWarnings(b message.DecomposeBody) []Warning {
	var norms []float64
	long := message.LayerPart{}
	for _, p := range b.Layers {
		norms = append(norms, p.Norm)
		if p.Norm > long.Norm {
			long = p
		}
	}
	if len(norms) < 3 {
		return nil
	}
	slices.Sort(norms)
	if middle := norms[len(norms)/2]; long.Norm > longer*middle {
		return []Warning{{Code: "norms", Text: fmt.Sprintf("layer %d has norm %.3g, the middle one of all layers %.3g: rankings over layers favor it; decompose v.Normalize() or use PerLayer",
			long.Layer, long.Norm, middle)}}
	}
	return nil
}

func (d Decomposition) body() message.DecomposeBody {
	return d.rec.body()
}

// Greedy returns the neurons of a layer that together write most of the vector's direction there, in the order of a greedy
// choice (orthogonal matching pursuit), with R² up to each. It is nil for a layer that the vector does not have.
func (d Decomposition) Greedy(layer int) []GreedyStep {
	layer = fromEnd(layer, d.Shape().Layers)
	for _, p := range d.body().Layers {
		if p.Layer == layer {
			return each(p.Greedy, func(s message.GreedyStep) GreedyStep { return GreedyStep(s) })
		}
	}
	return nil
}

// Decomposed returns the layers that the vector has.
func (d Decomposition) Decomposed() []int {
	var out []int
	for _, p := range d.body().Layers {
		out = append(out, p.Layer)
	}
	return out
}

// R2 is how much of a vector a set of neurons spans: R² of the least-squares fit by what they write, ‖P v‖²/‖v‖².
type R2 struct {
	Layers []float64 // [L], 0 to 1; 0 where the vector or the set has nothing
	Total  float64   // over all layers of the vector: Σ‖P v_l‖²/Σ‖v_l‖²
}

// R2 returns how much of the vector the circuit's neurons span. ok is false for a circuit that the task was not asked
// about; DecomposeTask.For asks. A layer's neurons can span its direction well by chance where they are many: with as many
// as the model is wide, R² is 1.
func (d Decomposition) R2(c Circuit) (r R2, ok bool) {
	b, ns := d.body(), c.Neurons()
	i := slices.IndexFunc(b.Sets, func(s message.SetExplains) bool { return slices.Equal(s.Neurons, ns) })
	if i < 0 || len(ns) == 0 {
		return R2{}, false
	}
	r.Layers = slices.Clone(b.Sets[i].R2)
	var in, all float64
	for _, p := range b.Layers {
		if p.Layer < 0 || p.Layer >= len(r.Layers) {
			return R2{}, false
		}
		all += p.Norm * p.Norm
		in += r.Layers[p.Layer] * p.Norm * p.Norm
	}
	if all > 0 {
		r.Total = in / all
	}
	return r, true
}

// VarianceExplained returns what the reference implementation calls the variance explained by a circuit, for each layer
// [L]: Σ p² over the circuit's neurons, divided by Σ p² over all, p being the projections. It is not R²: directions of
// neurons are not orthogonal, so shares of p² are not shares of the vector. R2 is. Heads write no column of W_down and count
// for nothing here.
func (d Decomposition) VarianceExplained(c Circuit) []float64 {
	x := d.Scores.data()
	L, F := x.Shape.Layers, x.Shape.Neurons
	if len(x.scores) != L*F {
		return nil
	}
	of, all := make([]float64, L), make([]float64, L)
	for i, p := range x.scores {
		all[i/F] += float64(p) * float64(p)
	}
	for _, n := range c.Neurons() {
		if !n.Head && x.Shape.Has(n) {
			p := float64(x.scores[n.Layer*F+n.Index])
			of[n.Layer] += p * p
		}
	}
	for l := range of {
		if all[l] > 1e-8 { // the reference's bound
			of[l] /= all[l] + 1e-8
		} else {
			of[l] = 0
		}
	}
	return of
}

// Curve returns R²(k) of a layer for k = 0, 1, 2, …: what the first k neurons of Greedy span.
func (d Decomposition) Curve(layer int) []float64 {
	out := []float64{0}
	for _, s := range d.Greedy(layer) {
		out = append(out, s.R2)
	}
	return out
}

// RandomCurve is Curve for a random direction in place of the vector's: what the best of many neurons span of anything. It
// is nil for a layer that the vector does not have.
func (d Decomposition) RandomCurve(layer int) []float64 {
	layer = fromEnd(layer, d.Shape().Layers)
	for _, p := range d.body().Layers {
		if p.Layer == layer {
			return append([]float64{0}, p.Random...)
		}
	}
	return nil
}

// Total returns R²(k) of the whole vector for k = 0, 1, 2, …: what the first k neurons of Greedy in every layer span,
// Σ_l R²_l(k)·‖v_l‖²/Σ_l ‖v_l‖². A layer that has fewer steps keeps its last R².
func (d Decomposition) Total() []float64 {
	layers := d.body().Layers
	n, all := 0, 0.
	for _, p := range layers {
		n, all = max(n, len(p.Greedy)), all+p.Norm*p.Norm
	}
	out := make([]float64, n+1)
	if all == 0 {
		return out
	}
	for _, p := range layers {
		r := 0.
		for k := range out {
			if k > 0 && k <= len(p.Greedy) {
				r = p.Greedy[k-1].R2
			}
			out[k] += r * p.Norm * p.Norm / all
		}
	}
	return out
}

// String returns one line: the layer whose direction few neurons write best.
func (d Decomposition) String() string {
	b := d.body()
	best, at, k := 0., 0, 0
	for _, p := range b.Layers {
		if n := min(10, len(p.Greedy)); n > 0 && p.Greedy[n-1].R2 > best {
			best, at, k = p.Greedy[n-1].R2, p.Layer, n
		}
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%s of %s in %s", d.Method(), d.About(), several(len(b.Layers), "layer"))
	if k > 0 {
		fmt.Fprintf(&s, "; layer %d: %s span R² = %.3f", at, several(k, "neuron"), best)
	}
	return s.String()
}
