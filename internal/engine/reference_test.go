package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// reference64 is a decoder in float64 of one prompt, written as the papers have it, with what a rule holds constant stopped
// where it arises. Its gradients come from a tape.
type reference64 struct {
	c    decoder.Config
	src  Source
	rule seam.Rule
	edit *seam.Edit // B is 1

	noise *rand.Rand                   // of every step, as float32's; nil: none
	poke  func(layer int, h *matrix64) // changes the neurons of a layer; nil: none
}

// found64 is what one pass finds, named as in the engine's results.
type found64 struct {
	logits                   *matrix64 // [T,V]
	h, z, residual, mlp      []*matrix64
	patterns                 [][]*matrix64
	embed                    *matrix64
	metric, linear, injected float64
	biases                   float64
	attention                []float64
	scores, tokens, heads    []float32
	sources                  []float32

	again func(noise *rand.Rand) found64 // the same pass with noise
}

// run runs a prompt forward, and its metric backward.
func (r reference64) run(ids []int32, terms []seam.Term, logProb bool) found64 {
	c, T, t := r.c, len(ids), &tape64{noise: r.noise}
	constant := map[string]bool{}
	switch r.rule {
	case seam.RelP:
		constant = map[string]bool{"norm": true, "gate": true, "half": true}
	case seam.ConstantQKNorm:
		constant = map[string]bool{"norm": true, "gate": true, "half": true, "qk": true}
	case seam.Frozen:
		constant = map[string]bool{"norm": true, "gate": true, "half": true, "pattern": true, "cap": true}
	}
	tensor := func(name string, rows, cols int) *matrix64 {
		x, err := r.src.Tensor(name)
		if err != nil || len(x) != rows*cols {
			panic(fmt.Sprint(name, len(x), rows, cols, err))
		}
		return constant64(rows, cols, x)
	}
	var biases []*matrix64
	linear := func(x *matrix64, name string, out int, biased bool) *matrix64 {
		y := t.product(x, tensor(name+".weight", out, x.cols), true)
		if biased {
			b := tensor(name+".bias", 1, out)
			biases = append(biases, b)
			y = t.sum(y, b)
		}
		return y
	}
	norm := func(x *matrix64, name string, stop bool) *matrix64 {
		return t.times(t.times(x, t.maybe(stop, t.root(x, c.Eps))), tensor(name+".weight", 1, x.cols))
	}
	cut := func(x *matrix64, limit float64, stop bool) *matrix64 {
		if limit == 0 {
			return x
		}
		if stop { // y = x·c(x), c constant
			k := t.stop(t.apply(x, func(v float64) float64 {
				if v == 0 {
					return 1
				}
				return limit * math.Tanh(v/limit) / v
			}, func(float64) float64 { return 0 }))
			return t.times(x, k)
		}
		return t.apply(x, func(v float64) float64 { return limit * math.Tanh(v/limit) },
			func(v float64) float64 { u := math.Tanh(v / limit); return 1 - u*u })
	}
	var stages []*stage64
	for e := r.edit; e != nil; e = e.Next {
		stages = append(stages, &stage64{Edit: e, tokens: T, open: make([]bool, T)})
	}

	f := found64{again: func(noise *rand.Rand) found64 {
		r.noise = noise
		return r.run(ids, terms, logProb)
	}}
	f.embed = newMatrix64(T, c.Width)
	table := tensor("model.embed_tokens.weight", c.Vocab, c.Width)
	for i, id := range ids {
		for d := range c.Width {
			f.embed.v[i*c.Width+d] = table.v[int(id)*c.Width+d] * c.EmbedScale
		}
	}
	x := f.embed
	var vectors []*matrix64
	type rest64 struct {
		y    *matrix64
		rest []float64
	}
	var rests []rest64
	var queries, keys []*matrix64
	var scoresOf, valuesOf [][]*matrix64
	for l := range c.Layers {
		p := fmt.Sprintf("model.layers.%d.", l)
		a := c.Attentions[l]
		xn := x
		if c.Norms != checkpoint.PostNorms {
			xn = norm(x, p+"input_layernorm", constant["norm"])
		}
		q := linear(xn, p+"self_attn.q_proj", c.Heads*c.HeadDim, c.QKVBias)
		k := linear(xn, p+"self_attn.k_proj", c.KVHeads*c.HeadDim, c.QKVBias)
		v := linear(xn, p+"self_attn.v_proj", c.KVHeads*c.HeadDim, c.QKVBias)
		queries, keys = append(queries, q), append(keys, k)
		if c.QKNorm == checkpoint.WholeQKNorm {
			q, k = norm(q, p+"self_attn.q_norm", constant["qk"]), norm(k, p+"self_attn.k_norm", constant["qk"])
		}
		head := func(x *matrix64, i int, name string) *matrix64 {
			y := t.columns(x, i*c.HeadDim, (i+1)*c.HeadDim)
			if c.QKNorm == checkpoint.HeadQKNorm && name != "" {
				y = norm(y, p+name, constant["qk"])
			}
			if a.Rope >= 0 && name != "" {
				y = r.turn(t, y, c.Ropes[a.Rope])
			}
			return y
		}
		var outs, scores, patterns, values []*matrix64
		for h := range c.Heads {
			kv := h / (c.Heads / c.KVHeads)
			s := t.scaled(t.product(head(q, h, "self_attn.q_norm"), head(k, kv, "self_attn.k_norm"), true), c.QueryScale)
			scores = append(scores, s)
			pattern := t.softmax(cut(s, c.AttentionCap, false), func(i, j int) bool { return j <= i && (a.Window == 0 || i-j < a.Window) })
			patterns = append(patterns, pattern)
			values = append(values, head(v, kv, "")) // a copy for each query head
			outs = append(outs, t.product(t.maybe(constant["pattern"], pattern), values[h], false))
		}
		scoresOf, valuesOf, f.patterns = append(scoresOf, scores), append(valuesOf, values), append(f.patterns, patterns)
		for _, st := range stages {
			factors := st.field(st.Heads, l, c.Heads, 1)
			for h := range outs {
				outs[h] = t.times(outs[h], t.beside(repeat(t.columns(factors, h, h+1), c.HeadDim)))
			}
		}
		z := t.beside(outs)
		f.z = append(f.z, z)
		d := linear(z, p+"self_attn.o_proj", c.Width, c.OutBias)
		if c.Norms != checkpoint.PreNorms {
			d = norm(d, p+"post_attention_layernorm", constant["norm"])
		}
		x = t.sum(x, t.scaled(d, c.ResidualScale))
		xn = x
		switch c.Norms {
		case checkpoint.PreNorms:
			xn = norm(x, p+"post_attention_layernorm", constant["norm"])
		case checkpoint.BothNorms:
			xn = norm(x, p+"pre_feedforward_layernorm", constant["norm"])
		}
		g := linear(xn, p+"mlp.gate_proj", c.Neurons, c.MLPBias)
		u := linear(xn, p+"mlp.up_proj", c.Neurons, c.MLPBias)
		act := t.times(g, t.maybe(constant["gate"], r.gate(t, g)))
		h := t.times(act, u)
		if constant["half"] {
			h = t.scaled(t.sum(t.times(act, t.stop(u)), t.times(t.stop(act), u)), .5)
		}
		for _, st := range stages {
			st.decide(seam.Neurons, l, h)
			var rest []float64
			h, rest = r.edited(t, h, st.field(st.Scale, l, c.Neurons, 1), st.field(st.Add, l, c.Neurons, 0),
				st.field(st.Lo, l, c.Neurons, math.Inf(-1)), st.field(st.Hi, l, c.Neurons, math.Inf(1)))
			rests = append(rests, rest64{h, rest})
		}
		if r.poke != nil {
			r.poke(l, h)
		}
		f.h = append(f.h, h)
		put := func(site seam.Site, x *matrix64) *matrix64 {
			for _, st := range stages {
				u, v := st.OutMLP, st.MLP
				if site == seam.Residual {
					u, v = st.OutResidual, st.Residual
				}
				st.decide(site, l, x)
				x = st.project(t, x, st.field(u, l, c.Width, 0))
				vector := st.field(v, l, c.Width, 0)
				vectors = append(vectors, vector)
				x = t.sum(x, vector)
			}
			return x
		}
		d = put(seam.MLP, linear(h, p+"mlp.down_proj", c.Width, c.MLPBias))
		f.mlp = append(f.mlp, d)
		if c.Norms != checkpoint.PreNorms {
			d = norm(d, p+"post_feedforward_layernorm", constant["norm"])
		}
		x = put(seam.Residual, t.sum(x, t.scaled(d, c.ResidualScale)))
		f.residual = append(f.residual, x)
	}
	out := "lm_head"
	if c.Tied {
		out = "model.embed_tokens"
	}
	z := t.scaled(linear(norm(x, "model.norm", constant["norm"]), out, c.Vocab, false), c.LogitScale)
	f.logits = cut(z, c.LogitCap, constant["cap"])

	for _, m := range terms {
		row, grad := f.logits.v[m.Position*c.Vocab:][:c.Vocab], f.logits.g[m.Position*c.Vocab:][:c.Vocab]
		w := float64(m.Factor())
		f.metric += w * row[m.Target]
		grad[m.Target] += w
		if m.Versus >= 0 {
			f.metric -= w * row[m.Versus]
			grad[m.Versus] -= w
		}
		if logProb {
			sum := 0.
			for _, v := range row {
				sum += math.Exp(v)
			}
			f.metric -= w * math.Log(sum)
			for i, v := range row {
				grad[i] -= w * math.Exp(v) / sum
			}
		}
	}
	t.backward()
	f.linear = z.relevance()
	for _, b := range biases {
		f.biases += b.relevance()
	}
	for _, v := range vectors {
		f.injected += v.relevance()
	}
	for _, x := range rests {
		for i, g := range x.y.g {
			f.injected += g * x.rest[i]
		}
	}
	for l, h := range f.h {
		for i, g := range h.g {
			f.scores = append(f.scores, float32(g*h.v[i]))
		}
		for i := range T * c.Heads {
			s := 0.
			for j := range c.HeadDim {
				s += f.z[l].v[i*c.HeadDim+j] * f.z[l].g[i*c.HeadDim+j]
			}
			f.heads = append(f.heads, float32(s))
			from, v := 0., valuesOf[l][i%c.Heads]
			for j := range c.HeadDim {
				at := i/c.Heads*c.HeadDim + j
				from += v.v[at] * v.g[at]
			}
			f.sources = append(f.sources, float32(from))
		}
		half := 0.
		if c.QKNorm != checkpoint.NoQKNorm && !constant["qk"] {
			half = .5 * (queries[l].relevance() + keys[l].relevance())
		} else {
			for _, s := range scoresOf[l] {
				half += s.relevance()
			}
		}
		f.attention = append(f.attention, half)
	}
	for i := range T {
		s := 0.
		for d := range c.Width {
			s += f.embed.v[i*c.Width+d] * f.embed.g[i*c.Width+d]
		}
		f.tokens = append(f.tokens, float32(s))
	}
	return f
}

// gate is c(g) of an activation g·c(g).
func (r reference64) gate(t *tape64, g *matrix64) *matrix64 {
	if r.c.Activation == checkpoint.SiLU {
		sigma := func(v float64) float64 { return 1 / (1 + math.Exp(-v)) }
		return t.apply(g, sigma, func(v float64) float64 { return sigma(v) * (1 - sigma(v)) })
	}
	k := math.Sqrt(2 / math.Pi)
	inner := func(v float64) float64 { return math.Tanh(k * (v + 0.044715*v*v*v)) }
	return t.apply(g, func(v float64) float64 { return .5 * (1 + inner(v)) },
		func(v float64) float64 { return .5 * (1 - inner(v)*inner(v)) * k * (1 + 3*0.044715*v*v) })
}

// turn rotates a head's pairs by the angles of their positions.
func (r reference64) turn(t *tape64, x *matrix64, table decoder.Rope) *matrix64 {
	half := r.c.HeadDim / 2
	cos, sin := newMatrix64(x.rows, half), newMatrix64(x.rows, half)
	for i := range cos.v {
		s, k := math.Sincos(float64(i/half) * table.InvFreq[i%half])
		cos.v[i], sin.v[i] = k*table.Scale, s*table.Scale
	}
	a, b := t.columns(x, 0, half), t.columns(x, half, 2*half)
	return t.beside([]*matrix64{t.sum(t.times(a, cos), t.scaled(t.times(b, sin), -1)), t.sum(t.times(b, cos), t.times(a, sin))})
}

func repeat(x *matrix64, n int) []*matrix64 {
	all := make([]*matrix64, n)
	for i := range all {
		all[i] = x
	}
	return all
}

// TestReferenceIsItsSlope: the reference's own gradient is that of central differences, on every family.
func TestReferenceIsItsSlope(t *testing.T) {
	for name, m := range families(1) {
		c := m.cfg
		ids := prompt(c, 6, 3)
		terms := []seam.Term{{Position: 5, Target: 1, Versus: 2}, {Position: 3, Target: 3, Versus: -1}}
		plain := reference64{c: c, src: m, rule: seam.Gradient}
		got := plain.run(ids, terms, true)
		top, worst := 0., 0.
		for i := range 24 {
			l, at := i%c.Layers, (i*7919+13)%(len(ids)*c.Neurons)
			slope := func(x float64) float64 {
				r := plain
				r.poke = func(layer int, h *matrix64) {
					if layer == l {
						h.v[at] += x
					}
				}
				return r.run(ids, terms, true).metric
			}
			const step = 1e-5
			want := (slope(step) - slope(-step)) / (2 * step)
			top = max(top, math.Abs(want))
			worst = max(worst, math.Abs(want-got.h[l].g[at]))
		}
		if !(worst <= 1e-7*top) {
			t.Errorf("%s: the gradient is %g away from central differences, whose largest is %g", name, worst, top)
		}
	}
}
