package steertest

import "context"

// pass is what a forward pass leaves for the backward one. Rows of h, slope and constant are [L·T][F].
type pass struct {
	x                  [][width]float64   // [T,D] after the last layer
	h, slope, constant [][neurons]float64 // [L·T,F]
}

// forward runs one prompt.
func (e *engine) forward(ctx context.Context, ids []int32, edit func(l, t, n int) affine, done func(int)) (*pass, error) {
	T := len(ids)
	p := &pass{make([][width]float64, T), make([][neurons]float64, layers*T), make([][neurons]float64, layers*T), make([][neurons]float64, layers*T)}
	for t, id := range ids {
		p.x[t] = e.w.embed[id]
	}
	for l := range layers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var sum [width]float64 // of x before this layer
		for t := range ids {
			for d := range width {
				sum[d] += p.x[t][d]
			}
			at := l*T + t
			for n := range neurons {
				h := dot(&e.w.in[l][n], &sum) / float64(t+1)
				p.h[at][n], p.slope[at][n], p.constant[at][n] = edit(l, t, n).apply(h)
				for d := range width {
					p.x[t][d] += p.h[at][n] * e.w.down[l][n][d]
				}
			}
		}
		done(l + 1)
	}
	return p, nil
}

// logits returns [V].
func (e *engine) logits(x [width]float64) []float32 {
	out := make([]float32, vocabSize)
	for id := range out {
		out[id] = float32(dot(&e.w.head[id], &x))
	}
	return out
}

func dot(a, b *[width]float64) float64 {
	var s float64
	for d := range width {
		s += a[d] * b[d]
	}
	return s
}
