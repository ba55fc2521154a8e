package steer

import (
	"context"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

type decomposeBody struct {
	Shape  engine.Shape  `json:"shape"`
	Space  engine.Site   `json:"space"`
	Layers []layerPart   `json:"layers"`
	Sets   []setExplains `json:"sets"`
}

// layerPart is what a decomposition says of one layer beside the projections.
type layerPart struct {
	Layer  int          `json:"layer"`
	Norm   float64      `json:"norm"` // of the vector's direction
	Greedy []GreedyStep `json:"greedy"`
	Random []float64    `json:"random"` // R² up to each step of a greedy choice for a random direction
}

// A GreedyStep is a neuron that a greedy choice added, and the R² of all that are chosen up to it.
type GreedyStep struct {
	Neuron
	R2 float64 `json:"r2"`
}

// setExplains is how much of each layer's direction a set of neurons spans.
type setExplains struct {
	Neurons []Neuron  `json:"neurons"`
	R2      []float64 `json:"r2"` // [L]
}

// executeDecompose computes the tensor "projections" [L,F].
func executeDecompose(ctx context.Context, e engine.Engine, _ engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	var s decomposeSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	shape := e.Shape()
	if err := errors.Join(s.check(), s.fits(shape)); err != nil {
		return Record{}, err
	}
	L, D, F := shape.Layers, shape.Width, shape.Neurons
	b := decomposeBody{Shape: shape, Space: s.Space, Layers: make([]layerPart, len(s.Layers))}
	for _, set := range s.Sets {
		b.Sets = append(b.Sets, setExplains{set, make([]float64, L)})
	}
	p := make([]float32, L*F) // [L,F]
	errs := make([]error, len(s.Layers))
	err := inParallel(ctx, len(s.Layers), progress(emit, "decompose"), func(i int) {
		l := s.Layers[i]
		v := s.Vector[l*D:][:D]
		w, err := e.Outputs(l) // [F,D]
		if err == nil && len(w) != F*D {
			err = engine.Errorf(engine.Internal, "decompose", "the engine gave %d numbers as W_down of layer %d, not %d", len(w), l, F*D)
		}
		if err != nil {
			errs[i] = err
			return
		}
		project(p[l*F:][:F], v, w)
		b.Layers[i] = layerPart{l, norm(v), greedy(l, v, w, s.Greedy), nil}
		for _, step := range greedy(l, randomDirection(l, D), w, s.Greedy) {
			b.Layers[i].Random = append(b.Layers[i].Random, step.R2)
		}
		for k, set := range s.Sets {
			b.Sets[k].R2[l] = spanned(l, v, w, set)
		}
	})
	if err := errors.Join(errors.Join(errs...), err); err != nil {
		return Record{}, fmt.Errorf("decompose: %w", err)
	}
	if i := notFinite(p); i >= 0 {
		return Record{}, engine.Errorf(engine.NotFinite, "decompose", "the projection on L%d/N%d is not finite (%v)", i/F, i%F, p[i]).
			Try("the weights may be damaged: neuronsteer check")
	}
	return record(b, nil, map[string]Tensor{"projections": {Shape: []int{L, F}, Data: p}})
}

// randomDirection returns a direction [width] that any other is as likely as, the same for a layer every time.
func randomDirection(layer, width int) []float32 {
	rng, v := source(uint64(layer), streamDirections), make([]float32, width)
	for d := range v {
		v[d] = float32(rng.NormFloat64())
	}
	return v
}

// project writes ⟨v,w_n⟩/(‖w_n‖ + 1e-8) of each neuron into out [F], v [D], w [F,D]: the reference implementation's formula.
func project(out, v, w []float32) {
	D := len(v)
	for n := range out {
		row := w[n*D:][:D]
		out[n] = float32(inner(v, row) / (norm(row) + 1e-8))
	}
}

// spanned returns R² of the least-squares fit of v [D] by what the set's neurons of the layer write: ‖P v‖²/‖v‖², P being
// the projection on their span. 0 where v is zero.
func spanned(layer int, v, w []float32, set []Neuron) float64 {
	s := newSpan(v)
	for _, n := range set {
		if n.Layer == layer {
			s.add(w[n.Index*len(v):][:len(v)])
		}
	}
	return s.r2()
}

// greedy chooses up to k neurons of a layer by orthogonal matching pursuit (Pati, Rezaiifar and Krishnaprasad, 1993): at
// each step the neuron whose direction is most parallel to what is left of v [D], ties by index.
func greedy(layer int, v, w []float32, k int) []GreedyStep {
	D, F := len(v), len(w)/len(v)
	norms, used := make([]float64, F), make([]bool, F)
	for n := range norms {
		norms[n] = norm(w[n*D:][:D])
	}
	s := newSpan(v)
	var steps []GreedyStep
	for len(steps) < min(k, F, D) && s.left() > 1e-12 {
		best, most := -1, 0.
		for n := range F {
			if used[n] || norms[n] == 0 {
				continue
			}
			var x float64
			for d, y := range w[n*D:][:D] {
				x += float64(y) * s.rest[d]
			}
			if x = max(x, -x) / norms[n]; x > most {
				best, most = n, x
			}
		}
		if best < 0 {
			break
		}
		used[best] = true
		if s.add(w[best*D:][:D]) {
			steps = append(steps, GreedyStep{Neuron{layer, best}, s.r2()})
		}
	}
	return steps
}
