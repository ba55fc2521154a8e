package steertest

import (
	"context"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// pass is what a forward pass leaves for the backward one and for whoever captures it. Rows are [L·T].
type pass struct {
	x                  [][width]float64   // [T,D] after the last layer
	embedding          [][width]float64   // [T,D]
	z                  [][width]float64   // [L·T,H·C] the heads' outputs, after the edit
	h, slope, constant [][neurons]float64 // [L·T,F]
	mlp, residual      [][width]float64   // [L·T,D] the output of an MLP, and x after a layer
	factor             [][heads]float64   // [L·T,H] of the heads' outputs
	addedMLP, added    [][width]float64   // [L·T,D] what the edit adds to the output of an MLP, and to x after a layer
	outsMLP, outs      [][]taken          // [L·T] what it takes out there
	stages             []*stage
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
	T := len(ids)
	p := &pass{x: e.embed(ids), embedding: e.embed(ids), factor: make([][heads]float64, layers*T), stages: stagesOf(ed, b, T)}
	for _, rows := range []*[][neurons]float64{&p.h, &p.slope, &p.constant} {
		*rows = make([][neurons]float64, layers*T)
	}
	for _, rows := range []*[][width]float64{&p.z, &p.mlp, &p.residual} {
		*rows = make([][width]float64, layers*T)
	}
	for l := range layers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var sum [width]float64 // of x before this layer
		for t := range ids {
			add(&sum, &p.x[t])
			p.headed(l, t, l*T+t, t, &sum)
		}
		e.layer(p, l, 0, l*T, p.x)
		copy(p.residual[l*T:], p.x)
		done(l + 1)
	}
	return p, nil
}

// headed makes the heads' outputs of the i-th position that is run, t, from the sum of the residual stream up to it: the mean, and
// what the edit makes of it.
func (p *pass) headed(l, t, at, i int, sum *[width]float64) {
	for h := range heads {
		p.factor[at][h] = 1
	}
	for d := range width {
		p.z[at][d] = sum[d] / float64(t+1)
	}
	for _, s := range p.stages {
		for h := 0; h < heads && s.acts(i); h++ {
			x := factor(s.Edit, s.b, l, t, h)
			p.factor[at][h] *= x
			for d := h * headDim; d < (h+1)*headDim; d++ {
				p.z[at][d] = p.z[at][d]*x + addend(s.Edit, s.b, l, t, d)
			}
		}
	}
}

// layer runs the MLP of a layer at positions from on, whose rows begin at a place, and what the edit does after it.
func (e *linear) layer(p *pass, l, from, at int, x [][width]float64) {
	n := len(x)
	h, slope, constant := p.h[at:at+n], p.slope[at:at+n], p.constant[at:at+n]
	for i := range n {
		for k := range neurons {
			h[i][k], slope[i][k], constant[i][k] = dot(&e.w.in[l][k], &p.z[at+i]), 1, 0
		}
	}
	for _, s := range p.stages {
		s.decide(engine.Neurons, l, views(h))
		for i := range n {
			for k := 0; k < neurons && s.acts(i); k++ {
				y, by, rest := s.affine(l, from+i, k).apply(h[i][k])
				h[i][k], slope[i][k], constant[i][k] = y, by*slope[i][k], by*constant[i][k]+rest
			}
		}
	}
	mlp := p.mlp[at : at+n]
	for i := range n {
		mlp[i] = e.outputs(l, &h[i])
	}
	added, outs := put(p.stages, engine.MLP, l, from, mlp)
	p.addedMLP, p.outsMLP = append(p.addedMLP, added...), append(p.outsMLP, outs...)
	for i := range n {
		add(&x[i], &mlp[i])
	}
	added, outs = put(p.stages, engine.Residual, l, from, x)
	p.added, p.outs = append(p.added, added...), append(p.outs, outs...)
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
