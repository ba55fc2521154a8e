package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

var allRules = []seam.Rule{seam.RelP, seam.Frozen, seam.ConstantQKNorm, seam.Gradient}

// everyField is an edit of one prompt that changes everything an edit can: neurons, vectors and heads, at n positions.
func everyField(c decoder.Config, n int, seed uint64) *seam.Edit {
	r := rand.New(rand.NewPCG(seed, 21))
	random := func(width int, mean, deviation float64) []float32 {
		x := make([]float32, c.Layers*n*width)
		for i := range x {
			x[i] = float32(mean + deviation*r.NormFloat64())
		}
		return x
	}
	e := &seam.Edit{B: 1, T: n, Scale: random(c.Neurons, 1, .4), Add: random(c.Neurons, 0, .2), Lo: random(c.Neurons, -1, .1),
		Hi: random(c.Neurons, 1, .1), MLP: random(c.Width, 0, .2), Residual: random(c.Width, 0, .2), Heads: random(c.Heads, 1, .5)}
	for i := 0; i < len(e.Heads); i += 5 {
		e.Heads[i] = 0 // ablated
	}
	return e
}

// TestFamilies compares the engine with the reference in float64 on random models of each family: forward and under every
// rule, with and without an edit of everything, logits and log-probabilities, patterns whole and in blocks. Where a rule has
// the conservation identity it holds.
func TestFamilies(t *testing.T) {
	seeds := uint64(2)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		for name, m := range families(seed) {
			t.Run(fmt.Sprintf("%s-%d", name, seed), func(t *testing.T) {
				c := m.cfg
				whole, long := openRandom(t, m, Options{}), asLong(openRandom(t, m, Options{}))
				ids := prompts(c, 9, 5, 1)
				for _, ed := range []*seam.Edit{nil, everyField(c, 1, seed), everyField(c, 9, seed)} {
					for _, logProb := range []bool{false, true} {
						for _, rule := range allRules {
							in := seam.Attribution{IDs: ids, Rule: rule, Edit: ed, LogProb: logProb}
							for _, p := range ids {
								last := len(p) - 1
								terms := []seam.Term{{Position: last, Target: 1, Versus: 2, Weight: 2}, {Position: last / 2, Target: 3, Versus: -1}}
								if logProb {
									terms[0].Versus = -1
								}
								in.Terms = append(in.Terms, terms)
							}
							a, b := attribute(t, whole, in), attribute(t, long, in)
							for i, p := range ids {
								r := reference64{c: c, src: m, rule: rule, edit: ed}
								want := r.run(p, in.Terms[i], logProb)
								what := fmt.Sprintf("%s, edited %t, log-probability %t, prompt %d: ", rule, ed != nil, logProb, i)
								checkReference(t, what, r, a, i, want)
								checkReference(t, what+"in blocks: ", r, b, i, want)
							}
						}
					}
				}
			})
		}
	}
}

// checkReference compares prompt i of a result with the reference, within the tolerance that the golden data state: 1e-4 of
// the largest relevance that there is; and within twice what float32 noise does to the reference itself where that is more, as where
// an edit leaves so little of the residual stream that the next norm multiplies every rounding.
func checkReference(t *testing.T, what string, r reference64, a seam.AttributionResult, i int, want found64) {
	t.Helper()
	size := 0.
	for _, v := range [][]float32{want.tokens, want.heads, want.scores} {
		for _, x := range v {
			size = max(size, math.Abs(float64(x)))
		}
	}
	got := numbersOf(a, i)
	for name, x := range want.numbers(r.c) {
		d, scale := largest(got[name], x), size
		for _, v := range x {
			scale = max(scale, math.Abs(float64(v)))
		}
		if d <= 1e-4*scale {
			continue
		}
		if noise := want.noise(r.c, name); !(d <= min(2*noise, 1e-3*scale)) {
			t.Errorf("%s%s: %g away where the largest relevance is %g, and float32 noise %g", what, name, d, scale, noise)
		}
	}
}

// noise is how far the reference itself is away, at the most, in eight runs with float32 noise.
func (f found64) noise(c decoder.Config, name string) (most float64) {
	exact := f.numbers(c)[name]
	for seed := range uint64(8) {
		most = max(most, largest(f.again(rand.New(rand.NewPCG(seed, 24))).numbers(c)[name], exact))
	}
	return most
}

// numbersOf is everything that is compared of prompt i of a result.
func numbersOf(a seam.AttributionResult, i int) map[string][]float32 {
	return map[string][]float32{"logits": a.Logits[i], "scores": a.Scores[i], "tokens": a.Tokens[i], "heads": a.Heads[i], "sources": a.Sources[i],
		"attention": a.Attention[i], "metric": {a.Metric[i]}, "linear": {a.Linear[i]}, "biases": {a.Biases[i]}, "injected": {a.Injected[i]}}
}

// numbers is the same of the reference.
func (f found64) numbers(c decoder.Config) map[string][]float32 {
	var last, attention []float32
	for _, v := range f.logits.v[len(f.logits.v)-c.Vocab:] {
		last = append(last, float32(v))
	}
	for _, v := range f.attention {
		attention = append(attention, float32(v))
	}
	return map[string][]float32{"logits": last, "scores": f.scores, "tokens": f.tokens, "heads": f.heads, "sources": f.sources, "attention": attention,
		"metric": {float32(f.metric)}, "linear": {float32(f.linear)}, "biases": {float32(f.biases)}, "injected": {float32(f.injected)}}
}

// TestConservationOfFamilies: Σ tokens + biases + injected = ⟨∂m/∂z, z⟩ + 2·Σ attention under every rule that has the
// identity, to 1e-4 of its largest term.
func TestConservationOfFamilies(t *testing.T) {
	seeds := uint64(6)
	if testing.Short() {
		seeds = 3
	}
	biased := 0
	for seed := range seeds {
		for name, m := range families(100 + seed) {
			e := openRandom(t, m, Options{})
			ids := prompts(m.cfg, 11, 4)
			for _, rule := range []seam.Rule{seam.RelP, seam.Frozen, seam.ConstantQKNorm} {
				for _, ed := range []*seam.Edit{nil, everyField(m.cfg, 11, seed)} {
					a := attribute(t, e, seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: rule, Edit: ed})
					for i := range ids {
						if d := residual(a, i); !(d < 1e-4) {
							t.Errorf("%s, seed %d, %s, edited %t, prompt %d: residual %g of the largest term", name, seed, rule, ed != nil, i, d)
						}
						if a.Biases[i] != 0 {
							biased++
						}
						if m.cfg.Biased() != (a.Biases[i] != 0) {
							t.Errorf("%s: the biases' relevance is %v", name, a.Biases[i])
						}
					}
				}
			}
			e.Close()
		}
	}
	if biased == 0 {
		t.Error("no model had biases: this test shows little")
	}
}

// TestFamiliesForward compares what a forward pass gives and captures with the reference, and variants with forward passes.
func TestFamiliesForward(t *testing.T) {
	for name, m := range families(5) {
		c := m.cfg
		whole, long := openRandom(t, m, Options{}), asLong(openRandom(t, m, Options{}))
		ids := prompts(c, 8, 3)
		for _, ed := range []*seam.Edit{nil, everyField(c, 8, 6)} {
			for _, e := range []*Engine{whole, long} {
				got := forward(t, e, seam.Forward{IDs: ids, Edit: ed, AllLogits: true, Capture: everything})
				for i, p := range ids {
					want := reference64{c: c, src: m, rule: seam.Gradient, edit: ed}.run(p, nil, false)
					flat := func(ms []*matrix64) (x []float32) {
						for _, m := range ms {
							for _, v := range m.v {
								x = append(x, float32(v))
							}
						}
						return x
					}
					var patterns []float32
					for _, heads := range want.patterns {
						patterns = append(patterns, flat(heads)...)
					}
					for what, x := range map[string][2][]float32{"logits": {got.Logits[i], flat([]*matrix64{want.logits})},
						"neurons": {got.Neurons[i], flat(want.h)}, "residual": {got.Residual[i], flat(want.residual)}, "MLP": {got.MLP[i], flat(want.mlp)},
						"patterns": {got.Attention[i], patterns}, "embedding": {got.Embedding[i], flat([]*matrix64{want.embed})}} {
						within(t, fmt.Sprintf("%s, edited %t, prompt %d: %s", name, ed != nil, i, what), x[0], x[1], 3e-5)
					}
				}
			}
			err := long.Variants(t.Context(), ids, []*seam.Edit{ed, nil}, nil, func(k, prompt int, z []float32) error {
				want := forward(t, long, seam.Forward{IDs: ids, Edit: []*seam.Edit{ed, nil}[k]})
				within(t, name+": a variant", z, want.Logits[prompt], 1e-5)
				return nil
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestFamiliesDecode: cached decoding gives what recomputing gives, in every family, as windows leave positions behind.
func TestFamiliesDecode(t *testing.T) {
	for name, m := range families(7) {
		e, c := openRandom(t, m, Options{}), m.cfg
		ids := prompt(c, 60, 1) // the cache grows past its first 64 positions
		first, later := everyField(c, 1, 3), everyField(c, 1, 4)
		d, err := e.Decode(t.Context(), seam.Decoding{IDs: ids, Edit: first, Generated: later})
		if err != nil {
			t.Fatal(err)
		}
		for step := range 8 {
			want := forward(t, e, seam.Forward{IDs: [][]int32{ids}, Edit: bothEdits(c, first, later, 60, len(ids))})
			within(t, fmt.Sprintf("%s, step %d: logits", name, step), d.Logits(), want.Logits[0], 2e-5)
			id := int32((7*step + 3) % c.Vocab)
			ids = append(ids, id)
			if err := d.Step(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		d.Close()
		if n := e.live.Load(); n != 0 {
			t.Errorf("%s: %d tensors were not freed", name, n)
		}
	}
}

// bothEdits is one edit at the first positions and another at those after them; each has T 1.
func bothEdits(c decoder.Config, first, later *seam.Edit, turn, n int) *seam.Edit {
	both := &seam.Edit{B: 1, T: n}
	join := func(a, b []float32, width int) (x []float32) {
		for l := range c.Layers {
			for p := range n {
				from := a
				if p >= turn {
					from = b
				}
				x = append(x, from[l*width:][:width]...)
			}
		}
		return x
	}
	both.Scale, both.Add = join(first.Scale, later.Scale, c.Neurons), join(first.Add, later.Add, c.Neurons)
	both.Lo, both.Hi = join(first.Lo, later.Lo, c.Neurons), join(first.Hi, later.Hi, c.Neurons)
	both.MLP, both.Residual = join(first.MLP, later.MLP, c.Width), join(first.Residual, later.Residual, c.Width)
	both.Heads = join(first.Heads, later.Heads, c.Heads)
	return both
}
