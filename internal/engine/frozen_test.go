package engine

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// frozen is the decoder in float64, written for clarity alone and sharing nothing with package decoder. run records what a
// rule holds constant, and a second run may take it from the first: that is the function whose slopes a rule's scores are.
type frozen struct {
	c    decoder.Config
	w    func(name string) []float32
	rule seam.Rule
	edit *seam.Edit // of every position: B and T are 1
}

// constants is what a rule holds constant, of every layer and position.
type constants struct {
	norm1, norm2, sigma, u, a [][][]float64   // [L][T][D] twice, [L][T][F] three times
	pattern                   [][][][]float64 // [L][H][T][T]
	final                     [][]float64     // [T][D]
}

// poke adds x to neuron n of a layer at a position, or to component n of the residual stream after the layer.
type poke struct {
	layer, position, n int
	stream             bool
	x                  float64
}

// run returns the logits [T][V], the neurons h' [L][T][F] and the constants: base's own where it is not nil.
func (f frozen) run(ids []int32, base *constants, p poke) (logits [][]float64, hs [][][]float64, k *constants) {
	c, T := f.c, len(ids)
	k = &constants{}
	embed, head := f.w(decoder.EmbedName), f.w(decoder.HeadName)
	x := make([][]float64, T)
	for t, id := range ids {
		x[t] = wide(embed[int(id)*c.Width:][:c.Width])
	}
	// norm scales rows; the scale is the first run's, or its own.
	norm := func(x [][]float64, w []float32, kept [][]float64) (y, scale [][]float64) {
		for t := range x {
			var s []float64
			if kept != nil {
				s = kept[t]
			} else {
				mean := 0.
				for _, v := range x[t] {
					mean += v * v / float64(len(x[t]))
				}
				for d := range x[t] {
					s = append(s, float64(w[d])/math.Sqrt(mean+c.Eps))
				}
			}
			row := make([]float64, len(s))
			for d := range s {
				row[d] = x[t][d] * s[d]
			}
			y, scale = append(y, row), append(scale, s)
		}
		return y, scale
	}
	for l := range c.Layers {
		part := func(p decoder.Part) []float32 { return f.w(p.TensorName(c, l)) }
		var kn1, kn2, ks, ku, ka [][]float64
		if base != nil {
			kn1, kn2, ks, ku, ka = base.norm1[l], base.norm2[l], base.sigma[l], base.u[l], base.a[l]
		}
		xn, n1 := norm(x, part(decoder.Norm1), kn1)
		q, key, v := times(xn, part(decoder.Query)), times(xn, part(decoder.Key)), times(xn, part(decoder.Value))
		f.turn(q, c.Heads)
		f.turn(key, c.KVHeads)
		o := make([][]float64, T)
		patterns := make([][][]float64, c.Heads)
		for t := range T {
			o[t] = make([]float64, c.Heads*c.HeadDim)
		}
		for h := range c.Heads {
			kv := h / c.Group() * c.HeadDim
			for t := range T {
				row := make([]float64, T)
				if base != nil && f.rule == seam.Frozen {
					row = base.pattern[l][h][t]
				} else {
					sum := 0.
					for s := range t + 1 {
						for i := range c.HeadDim {
							row[s] += q[t][h*c.HeadDim+i] * key[s][kv+i] / math.Sqrt(float64(c.HeadDim))
						}
						row[s] = math.Exp(row[s])
						sum += row[s]
					}
					for s := range t + 1 {
						row[s] /= sum
					}
				}
				patterns[h] = append(patterns[h], row)
				for s := range t + 1 {
					for i := range c.HeadDim {
						o[t][h*c.HeadDim+i] += row[s] * v[s][kv+i]
					}
				}
			}
		}
		plus(x, times(o, part(decoder.Out)))
		xn, n2 := norm(x, part(decoder.Norm2), kn2)
		g, u := times(xn, part(decoder.Gate)), times(xn, part(decoder.Up))
		h, sigmas, as := make([][]float64, T), make([][]float64, T), make([][]float64, T)
		for t := range T {
			for n := range c.Neurons {
				s := 1 / (1 + math.Exp(-g[t][n]))
				y := g[t][n] * s * u[t][n]
				if base != nil { // the half rule
					s = ks[t][n]
					y = .5*g[t][n]*s*ku[t][n] + .5*ka[t][n]*u[t][n]
				}
				sigmas[t], as[t] = append(sigmas[t], s), append(as[t], g[t][n]*s)
				if e := f.edit; e != nil && e.Scale != nil {
					y = y*float64(e.Scale[l*c.Neurons+n]) + float64(e.Add[l*c.Neurons+n])
				}
				h[t] = append(h[t], y)
			}
		}
		if !p.stream && p.layer == l {
			h[p.position][p.n] += p.x
		}
		plus(x, times(h, part(decoder.Down)))
		if e := f.edit; e != nil && e.MLP != nil {
			for t := range T {
				for d := range c.Width {
					x[t][d] += float64(e.MLP[l*c.Width+d]) + float64(e.Residual[l*c.Width+d])
				}
			}
		}
		if p.stream && p.layer == l {
			x[p.position][p.n] += p.x
		}
		hs = append(hs, h)
		k.norm1, k.norm2, k.sigma, k.u, k.a = append(k.norm1, n1), append(k.norm2, n2), append(k.sigma, sigmas), append(k.u, u), append(k.a, as)
		k.pattern = append(k.pattern, patterns)
	}
	var kf [][]float64
	if base != nil {
		kf = base.final
	}
	xn, final := norm(x, f.w(decoder.FinalNormName), kf)
	k.final = final
	return times(xn, head), hs, k
}

// turn applies the rotary embedding to heads of q or k [T][heads·C].
func (f frozen) turn(x [][]float64, heads int) {
	half := f.c.HeadDim / 2
	for t := range x {
		for h := range heads {
			row := x[t][h*f.c.HeadDim:][:f.c.HeadDim]
			for i := range half {
				s, k := math.Sincos(float64(t) * f.c.Ropes[0].InvFreq[i])
				row[i], row[i+half] = row[i]*k-row[i+half]*s, row[i+half]*k+row[i]*s
			}
		}
	}
}

func wide(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// times returns x Wᵀ for W [out,in].
func times(x [][]float64, w []float32) [][]float64 {
	y := make([][]float64, len(x))
	for t := range x {
		in := len(x[t])
		y[t] = make([]float64, len(w)/in)
		for o := range y[t] {
			for i, v := range x[t] {
				y[t][o] += v * float64(w[o*in+i])
			}
		}
	}
	return y
}

func plus(x, y [][]float64) {
	for t := range x {
		for d := range x[t] {
			x[t][d] += y[t][d]
		}
	}
}

// TestScoresAreSlopes compares the scores of a sum of log-probabilities, and of logits, with central differences of the
// frozen function in float64, at every kind of edit.
func TestScoresAreSlopes(t *testing.T) {
	m := small()
	m.cfg = newConfig(3, 24, 40, 6, 2, 8, 60, 200) // a whole pass takes milliseconds
	m.cfg.Tied = false
	e := openRandom(t, m, Options{})
	c, ids := m.cfg, prompt(m.cfg, 5, 5)
	r := rand.New(rand.NewPCG(11, 12))
	random := func(n int, mean, deviation float64) []float32 {
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(mean + deviation*r.NormFloat64())
		}
		return x
	}
	weights := map[string][]float32{}
	w := func(name string) []float32 {
		if weights[name] == nil {
			x, err := m.Tensor(name)
			if err != nil {
				t.Fatal(err)
			}
			weights[name] = x
		}
		return weights[name]
	}
	edit := &seam.Edit{B: 1, T: 1, Scale: random(c.Layers*c.Neurons, 1, .5), Add: random(c.Layers*c.Neurons, 0, .2),
		MLP: random(c.Layers*c.Width, 0, .3), Residual: random(c.Layers*c.Width, 0, .3)}
	terms := []seam.Term{{Position: 4, Target: 3, Versus: -1}, {Position: 2, Target: 9, Versus: -1}}
	for _, rule := range []seam.Rule{seam.RelP, seam.Frozen} {
		for _, ed := range []*seam.Edit{nil, edit} {
			for _, logp := range []bool{true, false} {
				f := frozen{c, w, rule, ed}
				metric := func(base *constants, p poke) float64 {
					z, _, _ := f.run(ids, base, p)
					sum := 0.
					for _, x := range terms {
						sum += z[x.Position][x.Target]
						if logp {
							all := 0.
							for _, v := range z[x.Position] {
								all += math.Exp(v)
							}
							sum -= math.Log(all)
						}
					}
					return sum
				}
				got := attribute(t, e, seam.Attribution{IDs: [][]int32{ids}, Terms: [][]seam.Term{terms}, Rule: rule, Edit: ed, LogProb: logp})
				_, h, base := f.run(ids, nil, poke{layer: -1})
				if want := metric(nil, poke{layer: -1}); math.Abs(want-float64(got.Metric[0])) > 1e-5*math.Abs(want) {
					t.Errorf("%s: metric %v, in float64 %v", rule, got.Metric[0], want)
				}
				const step = 1e-4
				slope := func(p poke) float64 {
					up, down := p, p
					up.x, down.x = step, -step
					return (metric(base, up) - metric(base, down)) / (2 * step)
				}
				top, worst := float64(0), 0.
				for _, s := range got.Scores[0] {
					top = max(top, math.Abs(float64(s)))
				}
				for range 60 {
					l, pos, n := r.IntN(c.Layers), r.IntN(len(ids)), r.IntN(c.Neurons)
					want := slope(poke{layer: l, position: pos, n: n}) * h[l][pos][n]
					worst = max(worst, math.Abs(want-float64(got.Scores[0][(l*len(ids)+pos)*c.Neurons+n])))
				}
				if worst > 2e-5*top {
					t.Errorf("%s, edited %t, log-probability %t: a score is %g away from the slope of the frozen function; the largest is %g", rule, ed != nil, logp, worst, top)
				}
				if ed == nil {
					continue
				}
				injected, size := 0., 0.
				for l := range c.Layers { // the vectors, and the constants of the neurons
					for pos := range ids {
						for d := range c.Width {
							x := slope(poke{layer: l, position: pos, n: d, stream: true}) * float64(ed.MLP[l*c.Width+d]+ed.Residual[l*c.Width+d])
							injected, size = injected+x, size+math.Abs(x)
						}
						for n := range c.Neurons {
							x := slope(poke{layer: l, position: pos, n: n}) * float64(ed.Add[l*c.Neurons+n])
							injected, size = injected+x, size+math.Abs(x)
						}
					}
				}
				if math.Abs(injected-float64(got.Injected[0])) > 1e-5*size {
					t.Errorf("%s, log-probability %t: injected %v, by slopes %v", rule, logp, got.Injected[0], injected)
				}
			}
		}
	}
}
