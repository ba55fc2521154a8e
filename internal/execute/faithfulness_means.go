package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// activationMeans is sums of activations over prompts, whose positions stand on those of the longest as rowAt says.
type activationMeans struct {
	shape  engine.Shape
	T      int       // of the longest prompt
	sums   []float64 // [L,T,F]
	counts []int     // [T] prompts that have the position
}

// meansOf adds up the activations of prompts under the interventions of every pass.
func (s faithful) meansOf(ctx context.Context, e *env, prompts [][]engine.Token) (activationMeans, error) {
	m := activationMeans{shape: e.Shape()}
	for _, p := range prompts {
		m.T = max(m.T, len(p))
	}
	L, F := m.shape.Layers, m.shape.Neurons
	m.sums, m.counts = make([]float64, L*m.T*F), make([]int, m.T)
	err := forwardEach(ctx, e, prompts, engine.Neurons, s.Edits, func(i int, r engine.ForwardResult) error {
		h, n := r.At(engine.Neurons), len(prompts[i])
		if err := finite(h, L); err != nil {
			return err
		}
		for t := range m.T {
			row, ok := rowAt(t, m.T, n)
			if !ok {
				continue
			}
			m.counts[t]++
			for l := range L {
				to := m.sums[(l*m.T+t)*F:][:F]
				for k, x := range h[(l*n+row)*F:][:F] {
					to[k] += float64(x)
				}
			}
		}
		return nil
	})
	return m, err
}

// at returns the means [L,T,F] on the positions of a prompt of T tokens; ok is false where no prompt is so long.
func (m activationMeans) at(T int) (v []float32, ok bool) {
	if T > m.T {
		return nil, false
	}
	L, F := m.shape.Layers, m.shape.Neurons
	v = make([]float32, L*T*F)
	for t := range T {
		row, _ := rowAt(t, T, m.T)
		for l := range L {
			for k, x := range m.sums[(l*m.T+row)*F:][:F] {
				v[(l*T+t)*F+k] = float32(x / float64(m.counts[row]))
			}
		}
	}
	return v, true
}

// overTokens returns the mean over all tokens from a position on [L,1,F]; ok is false where there are none.
func (m activationMeans) overTokens(from int) (v []float32, ok bool) {
	L, F, n := m.shape.Layers, m.shape.Neurons, 0
	for _, c := range m.counts[from:] {
		n += c
	}
	if n == 0 {
		return nil, false
	}
	v = make([]float32, L*F)
	for l := range L {
		sum := make([]float64, F)
		addPositions(sum, m.sums[(l*m.T+from)*F:][:(m.T-from)*F], m.T-from, F)
		for k, x := range sum {
			v[l*F+k] = float32(x / float64(n))
		}
	}
	return v, true
}
