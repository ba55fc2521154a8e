package steertest

import (
	"context"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// pass is what a forward pass leaves for the backward one and for whoever captures it. Rows are [L·T].
type pass struct {
	x                  [][width]float64   // [T,D] after the last layer
	embedding          [][width]float64   // [T,D]
	z                  [][width]float64   // [L·T,H·C] the heads' outputs, times the edit's factors
	h, slope, constant [][neurons]float64 // [L·T,F]
	mlp, residual      [][width]float64   // [L·T,D] the output of an MLP, and x after a layer
	injected           [][width]float64   // [L·T,D] the vectors of the edit
}

// embed returns the entry of the residual stream [T,D].
func (e *linear) embed(ids []int32) [][width]float64 {
	x := make([][width]float64, len(ids))
	for t, id := range ids {
		x[t] = e.w.embed[id]
	}
	return x
}

// forward runs prompt b of a batch.
func (e *linear) forward(ctx context.Context, ids []int32, ed *engine.Edit, b int, done func(int)) (*pass, error) {
	T, edit := len(ids), edits(ed, b)
	p := &pass{x: e.embed(ids), embedding: e.embed(ids)}
	for _, rows := range []*[][neurons]float64{&p.h, &p.slope, &p.constant} {
		*rows = make([][neurons]float64, layers*T)
	}
	for _, rows := range []*[][width]float64{&p.z, &p.mlp, &p.residual, &p.injected} {
		*rows = make([][width]float64, layers*T)
	}
	for l := range layers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var sum [width]float64 // of x before this layer
		for t := range ids {
			add(&sum, &p.x[t])
			at := l*T + t
			p.z[at] = headed(ed, b, l, t, &sum)
			for n := range neurons {
				p.h[at][n], p.slope[at][n], p.constant[at][n] = edit(l, t, n).apply(dot(&e.w.in[l][n], &p.z[at]))
			}
			mlp, residual := vectors(ed, b, l, t)
			p.mlp[at] = e.outputs(l, &p.h[at])
			add(&p.mlp[at], &mlp)
			add(&p.x[t], &p.mlp[at])
			add(&p.x[t], &residual)
			p.residual[at] = p.x[t]
			p.injected[at] = mlp
			add(&p.injected[at], &residual)
		}
		done(l + 1)
	}
	return p, nil
}

// before returns the residual stream at position t of T before layer l.
func (p *pass) before(l, t, T int) *[width]float64 {
	if l == 0 {
		return &p.embedding[t]
	}
	return &p.residual[(l-1)*T+t]
}

// outputs returns W_down·h [D].
func (e *linear) outputs(l int, h *[neurons]float64) [width]float64 {
	var out [width]float64
	for n := range neurons {
		for d := range width {
			out[d] += h[n] * e.w.down[l][n][d]
		}
	}
	return out
}

// causalMean is the attention pattern of every layer [L,H,T,T]: equal weights on the positions up to one's own.
func causalMean(T int) []float32 {
	out := make([]float32, layers*heads*T*T)
	for l := range layers * heads {
		for t := range T {
			for s := range t + 1 {
				out[(l*T+t)*T+s] = float32(1 / float64(t+1))
			}
		}
	}
	return out
}

// logits returns [V].
func (e *linear) logits(x [width]float64) []float32 {
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

func add(to, v *[width]float64) {
	for d := range width {
		to[d] += v[d]
	}
}

// floats joins rows.
func floats[R [width]float64 | [neurons]float64](rows []R) []float32 {
	var out []float32
	for i := range rows {
		switch r := any(&rows[i]).(type) {
		case *[width]float64:
			out = single(out, r[:])
		case *[neurons]float64:
			out = single(out, r[:])
		}
	}
	return out
}

func single(to []float32, v []float64) []float32 {
	for _, x := range v {
		to = append(to, float32(x))
	}
	return to
}
