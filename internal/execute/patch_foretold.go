package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// foretold returns what the metric loses to first order where the output z of each head is set to p, under each of the engine's
// rules [W,4]: Σ_t ⟨z_t − p_t, ∂m/∂z_t⟩ (attribution patching: Syed, Rager and Conmy, arXiv 2310.10348). A rule takes one pass.
func (c patchCase) foretold(ctx context.Context, e *env, heads []engine.Neuron) ([]float32, error) {
	term := engine.Term{Position: c.length - 1, Target: c.about.Target.ID, Versus: -1}
	if c.about.Versus != nil {
		term.Versus = c.about.Versus.ID
	}
	rules, C := engine.Rules(), c.shape.HeadDim
	out := make([]float32, len(heads)*len(rules))
	for r, rule := range rules {
		got, err := e.Attribute(ctx, engine.Attribution{
			IDs: [][]int32{c.ids}, Terms: [][]engine.Term{{term}}, Rule: rule, HeadSlopes: true,
			Edit: composeBatch(c.shape, c.is, []int{c.length}, []bool{c.bos}),
		}, nil)
		if err != nil {
			return nil, err
		}
		if err := finite(got.HeadSlopes[0], c.shape.Layers); err != nil {
			return nil, err
		}
		for k, u := range heads {
			sum := 0.
			for t := c.from; t < c.length; t++ {
				at, to := ((u.Layer*c.length+t)*c.shape.Heads+u.Index)*C, c.headAt(u, t)
				for i, z := range c.own[engine.Heads][at:][:C] {
					sum += (float64(z) - float64(to[i])) * float64(got.HeadSlopes[0][at+i])
				}
			}
			out[k*len(rules)+r] = float32(sum)
		}
	}
	return out, nil
}
