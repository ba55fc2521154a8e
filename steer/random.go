package steer

import (
	"math/rand/v2"
)

// Random returns the null of every ranking: scores [L,F] drawn from the standard normal distribution, the same for the
// same shape and seed. What a random circuit of the same size does is what any claim about a circuit has to exceed.
func Random(shape Shape, seed uint64) Scores {
	return newScores(func() dense {
		d := dense{about: about{Shape: shape, Positions: 1, Summed: true, Method: "random", Metric: "nothing: the null", N: 1, Of: "draw"}}
		if shape.Layers <= 0 || shape.Neurons <= 0 {
			return d
		}
		r := rand.New(rand.NewPCG(seed, 0x6e75_6c6c)) // the stream is this program's own
		d.scores = make([]float32, shape.Layers*shape.Neurons)
		for i := range d.scores {
			d.scores[i] = float32(r.NormFloat64())
		}
		h := make([]float32, shape.Layers*max(shape.Heads, 0))
		for i := range h {
			h[i] = float32(r.NormFloat64())
		}
		return d.withHeads(h, nil)
	}, view{})
}
