package execute

import (
	"context"
	"errors"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runDecompose computes the tensor "projections" [L,F].
func runDecompose(ctx context.Context, e *env, s message.DecomposeSettings) (any, tensors, error) {
	shape := e.Shape()
	L, D, F := shape.Layers, shape.Width, shape.Neurons
	b := message.DecomposeBody{Shape: shape, Space: s.Space, Layers: make([]message.LayerPart, len(s.Layers))}
	for _, set := range s.Sets {
		b.Sets = append(b.Sets, message.SetExplains{Neurons: set, R2: make([]float64, L)})
	}
	p := make([]float32, L*F) // [L,F]
	errs := make([]error, len(s.Layers))
	err := inParallel(ctx, len(s.Layers), e.progress("decompose"), func(i int) {
		l := s.Layers[i]
		v := s.Vector[l*D:][:D]
		w, err := e.Outputs(l) // [F,D]
		if err == nil && len(w) != F*D {
			err = engine.Mistake(engine.Internal, "the engine gave %d numbers as W_down of layer %d, not %d", len(w), l, F*D)
		}
		if err != nil {
			errs[i] = err
			return
		}
		project(p[l*F:][:F], v, w)
		b.Layers[i] = message.LayerPart{Layer: l, Norm: message.Norm(v), Greedy: greedy(l, v, w, s.Greedy), Random: nil}
		for _, step := range greedy(l, randomDirection(l, D), w, s.Greedy) {
			b.Layers[i].Random = append(b.Layers[i].Random, step.R2)
		}
		for k, set := range s.Sets {
			b.Sets[k].R2[l] = spanned(l, v, w, set)
		}
	})
	if err := errors.Join(errors.Join(errs...), err); err != nil {
		return nil, nil, err
	}
	if i := message.FirstNotFinite(p); i >= 0 {
		return nil, nil, engine.Mistake(engine.NotFinite, "the projection on L%d/N%d is not finite (%v)", i/F, i%F, p[i]).
			Try(engine.TryCheck)
	}
	return b, tensors{"projections": {Shape: []int{L, F}, Data: p}}, nil
}

// randomDirection returns a direction [width] that any other is as likely as, the same for a layer every time.
func randomDirection(layer, width int) []float32 {
	rng, v := stats.Rand(uint64(layer), stats.Directions), make([]float32, width)
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
		out[n] = float32(message.Inner(v, row) / (message.Norm(row) + 1e-8))
	}
}

// spanned returns R² of the least-squares fit of v [D] by what the set's neurons of the layer write: ‖P v‖²/‖v‖², P being
// the projection on their span. 0 where v is zero.
func spanned(layer int, v, w []float32, set []engine.Neuron) float64 {
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
func greedy(layer int, v, w []float32, k int) []message.GreedyStep {
	D, F := len(v), len(w)/len(v)
	norms, used := make([]float64, F), make([]bool, F)
	for n := range norms {
		norms[n] = message.Norm(w[n*D:][:D])
	}
	s := newSpan(v)
	var steps []message.GreedyStep
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
			steps = append(steps, message.GreedyStep{Neuron: engine.Neuron{Layer: layer, Index: best}, R2: s.r2()})
		}
	}
	return steps
}
