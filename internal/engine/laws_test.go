package engine

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// eachModel runs a law on the teaching model and on a small random one.
func eachModel(t *testing.T, law func(t *testing.T, e *Engine)) {
	t.Run("teaching", func(t *testing.T) { law(t, openModel(t, "teaching", Options{})) })
	t.Run("random", func(t *testing.T) { law(t, openRandom(t, small(), Options{})) })
}

func forward(t *testing.T, e *Engine, in seam.Forward) seam.ForwardResult {
	t.Helper()
	r, err := e.Forward(t.Context(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func attribute(t *testing.T, e *Engine, in seam.Attribution) seam.AttributionResult {
	t.Helper()
	r, err := e.Attribute(t.Context(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// within fails unless a and b differ by less than tol of the largest number of b.
func within(t *testing.T, what string, a, b []float32, tol float64) {
	t.Helper()
	top := 0.
	for _, v := range b {
		top = max(top, math.Abs(float64(v)))
	}
	if d := largest(a, b); !(d <= tol*top) {
		t.Errorf("%s: %g away where the largest is %g", what, d, top)
	}
}

// filled returns n numbers x.
func filled(n int, x float32) []float32 {
	s := make([]float32, n)
	for i := range s {
		s[i] = x
	}
	return s
}

func TestScaleOneIsNoEdit(t *testing.T) {
	eachModel(t, func(t *testing.T, e *Engine) {
		ids := prompts(e.cfg, 9, 4)
		n := e.cfg.Layers * e.cfg.Neurons
		for _, edit := range []*seam.Edit{{B: 1, T: 1, Scale: filled(n, 1)}, {B: 1, T: 1},
			{B: 2, T: 11, Scale: filled(2*11*n, 1)}, {B: 1, T: 1, Add: filled(n, 0), Lo: filled(n, float32(math.Inf(-1)))}} {
			same := equal
			if edit.Add != nil { // −0 + 0 is 0, which no number downstream can tell from −0
				same = slices.Equal
			}
			a := forward(t, e, seam.Forward{IDs: ids, AllLogits: true, Capture: seam.Neurons})
			b := forward(t, e, seam.Forward{IDs: ids, AllLogits: true, Capture: seam.Neurons, Edit: edit})
			for i := range ids {
				if !equal(a.Logits[i], b.Logits[i]) || !same(a.Neurons[i], b.Neurons[i]) {
					t.Errorf("forward changes under a neutral edit")
				}
			}
			for _, rule := range []seam.Rule{seam.RelP, seam.Frozen, seam.Gradient} {
				in := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: rule}
				a := attribute(t, e, in)
				in.Edit = edit
				b := attribute(t, e, in)
				for i := range ids {
					if !same(a.Scores[i], b.Scores[i]) || !equal(a.Tokens[i], b.Tokens[i]) || !equal(a.Attention[i], b.Attention[i]) || b.Injected[i] != 0 {
						t.Errorf("%s: attribution changes under a neutral edit", rule)
					}
				}
			}
		}
	})
}

func TestScaleIsScaledColumn(t *testing.T) {
	const layer, neuron = 5, 7
	m := small()
	e := openRandom(t, m, Options{})
	ids := prompts(m.cfg, 12)
	for _, x := range []float32{0, 2, -1.5} {
		edit := goldenEdit(m.cfg, 12, [][]int{{layer, neuron}}, x)
		m.change = func(name string, w []float32) {
			small().change(name, w)
			if name == decoder.Down.TensorName(m.cfg, layer) {
				for d := range m.cfg.Width {
					w[d*m.cfg.Neurons+neuron] *= x
				}
			}
		}
		scaled := openRandom(t, m, Options{})
		a := forward(t, e, seam.Forward{IDs: ids, Edit: edit, AllLogits: true})
		b := forward(t, scaled, seam.Forward{IDs: ids, AllLogits: true})
		within(t, "logits", a.Logits[0], b.Logits[0], 1e-6)
		if plain := forward(t, e, seam.Forward{IDs: ids, AllLogits: true}); largest(plain.Logits[0], b.Logits[0]) < 1e-3 {
			t.Error("the column does not matter: this test shows nothing")
		}
	}
}

func TestBatchIsOneByOne(t *testing.T) {
	eachModel(t, func(t *testing.T, e *Engine) {
		ids := prompts(e.cfg, 3, 17, 1, 8)
		r := rand.New(rand.NewPCG(1, 2))
		n := e.cfg.Layers * 17 * e.cfg.Neurons
		edit := &seam.Edit{B: 4, T: 17, Scale: make([]float32, 4*n), Add: make([]float32, 4*n)}
		for i := range edit.Scale {
			edit.Scale[i], edit.Add[i] = float32(.5+r.Float64()), float32(.1*r.NormFloat64())
		}
		var terms [][]seam.Term
		for _, p := range ids {
			last := len(p) - 1
			terms = append(terms, []seam.Term{{Position: last, Target: 3, Versus: 4}, {Position: last / 2, Target: 5, Versus: -1}, {Position: last, Target: 6, Versus: 3}})
		}
		for _, rule := range []seam.Rule{seam.RelP, seam.Frozen, seam.Gradient} {
			f := forward(t, e, seam.Forward{IDs: ids, Edit: edit, AllLogits: true, Capture: seam.Neurons})
			a := attribute(t, e, seam.Attribution{IDs: ids, Terms: terms, Rule: rule, Edit: edit})
			for i := range ids {
				one := &seam.Edit{B: 1, T: 17, Scale: edit.Scale[i*n:][:n], Add: edit.Add[i*n:][:n]}
				g := forward(t, e, seam.Forward{IDs: ids[i : i+1], Edit: one, AllLogits: true, Capture: seam.Neurons})
				b := attribute(t, e, seam.Attribution{IDs: ids[i : i+1], Terms: terms[i : i+1], Rule: rule, Edit: one})
				within(t, "logits", f.Logits[i], g.Logits[0], 1e-5)
				within(t, "neurons", f.Neurons[i], g.Neurons[0], 1e-5)
				within(t, "scores", a.Scores[i], b.Scores[0], 1e-5)
				within(t, "tokens", a.Tokens[i], b.Tokens[0], 1e-5)
				within(t, "last logits", a.Logits[i], b.Logits[0], 1e-5)
				if rule == seam.Frozen {
					within(t, "attention", a.Attention[i], filled(e.cfg.Layers, 0), 0)
				} else {
					within(t, "attention", a.Attention[i], b.Attention[0], 1e-5)
				}
				scale := float32(scaleOf(b, 0))
				within(t, "metric and injected", []float32{a.Metric[i], a.Injected[i], scale}, []float32{b.Metric[0], b.Injected[0], scale}, 1e-5)
			}
		}
	})
}

// TestConservation checks Σ tokens = m + 2·Σ attention − injected under every kind of edit, with several terms.
func TestConservation(t *testing.T) {
	eachModel(t, func(t *testing.T, e *Engine) {
		ids := prompts(e.cfg, 14, 6)
		n := 14 * e.cfg.Layers * e.cfg.Neurons
		r := rand.New(rand.NewPCG(5, 6))
		random := func(mean, deviation float64) []float32 {
			x := make([]float32, n)
			for i := range x {
				x[i] = float32(mean + deviation*r.NormFloat64())
			}
			return x
		}
		set := random(0, .1)
		for name, edit := range map[string]*seam.Edit{"none": nil, "scale": {B: 1, T: 14, Scale: random(1, .5)}, "add": {B: 1, T: 14, Add: random(0, .05)},
			"set": {B: 1, T: 14, Lo: set, Hi: set}, "clamp": {B: 1, T: 14, Scale: random(1, .5), Add: random(0, .05), Lo: filled(n, -.05), Hi: filled(n, .02)}} {
			for _, rule := range []seam.Rule{seam.RelP, seam.Frozen} {
				a := attribute(t, e, seam.Attribution{IDs: ids, Rule: rule, Edit: edit, Terms: [][]seam.Term{
					{{Position: 13, Target: 7, Versus: 8}, {Position: 5, Target: 9, Versus: -1}}, {{Position: 5, Target: 7, Versus: -1}}}})
				for i := range ids {
					if d := residual(a, i); !(d < 1e-4) {
						t.Errorf("%s, %s, prompt %d: residual %g of the largest term", name, rule, i, d)
					}
					if name != "none" && name != "scale" && a.Injected[i] == 0 {
						t.Errorf("%s, %s: nothing injected", name, rule)
					}
				}
			}
		}
	})
}

// TestGradient compares the rule Gradient with differences of five points: an Add of ±ε and ±2ε to one neuron at one position.
func TestGradient(t *testing.T) {
	e := openRandom(t, small(), Options{})
	c, ids := e.cfg, prompts(small().cfg, 10)
	terms := [][]seam.Term{{{Position: 9, Target: 1, Versus: 2}, {Position: 4, Target: 3, Versus: -1}}}
	metric := func(edit *seam.Edit) float64 {
		f := forward(t, e, seam.Forward{IDs: ids, Edit: edit, AllLogits: true})
		at := func(pos, id int) float64 { return float64(f.Logits[0][pos*c.Vocab+id]) }
		return at(9, 1) - at(9, 2) + at(4, 3)
	}
	a := attribute(t, e, seam.Attribution{IDs: ids, Terms: terms, Rule: seam.Gradient})
	relp := attribute(t, e, seam.Attribution{IDs: ids, Terms: terms, Rule: seam.RelP})
	h := forward(t, e, seam.Forward{IDs: ids, Capture: seam.Neurons}).Neurons[0]
	r := rand.New(rand.NewPCG(8, 9))
	var worst, other, top float64
	for range 40 {
		l, pos, n := r.IntN(c.Layers), r.IntN(10), r.IntN(c.Neurons)
		at := (l*10+pos)*c.Neurons + n
		const eps = 5e-2 // large, for the rounding of float32; the error of five points is of the order eps⁴
		edit := &seam.Edit{B: 1, T: 10, Add: make([]float32, len(h))}
		moved := func(by float32) float64 { edit.Add[at] = by; return metric(edit) }
		slope := (8*(moved(eps)-moved(-eps)) - (moved(2*eps) - moved(-2*eps))) / (12 * eps)
		want := slope * float64(h[at])
		top = max(top, math.Abs(want))
		worst = max(worst, math.Abs(want-float64(a.Scores[0][at])))
		other = max(other, math.Abs(want-float64(relp.Scores[0][at])))
	}
	if worst > 2e-3*top {
		t.Errorf("the gradient is %g away from central differences, whose largest is %g", worst, top)
	}
	if other < 10*worst {
		t.Errorf("RelP is as near (%g) to central differences as Gradient (%g): this test shows nothing", other, worst)
	}
}

func TestDecodeIsRecompute(t *testing.T) {
	eachModel(t, func(t *testing.T, e *Engine) {
		c, ids := e.cfg, prompt(e.cfg, 58, 1) // the cache grows past its first 64 positions
		first, later := goldenEdit(c, 58, [][]int{{2, 3}, {4, 5}}, 0), goldenEdit(c, 1, [][]int{{1, 9}, {3, 7}}, 3)
		d, err := e.Decode(t.Context(), seam.Decoding{IDs: ids, Edit: first, Generated: later})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		both := &seam.Edit{B: 1, T: 70}
		for l := range c.Layers {
			for p := range 70 {
				from := first
				if p >= 58 {
					from = later
				}
				both.Scale = append(both.Scale, from.Scale[l*c.Neurons:][:c.Neurons]...)
			}
		}
		for step := range 10 {
			want := forward(t, e, seam.Forward{IDs: [][]int32{ids}, Edit: both})
			within(t, "logits", d.Logits(), want.Logits[0], 1e-5)
			id := int32((7*step + 3) % c.Vocab)
			ids = append(ids, id)
			if err := d.Step(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestBackendsAgree: what computes changes no more than the last bits.
func TestBackendsAgree(t *testing.T) {
	one := openRandom(t, small(), Options{Backend: "go"})
	ids := prompts(one.cfg, 7, 12)
	in := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP}
	want := attribute(t, one, in)
	for _, name := range Backends {
		got := attribute(t, openRandom(t, small(), Options{Backend: name}), in)
		for i := range ids {
			within(t, name+": scores", got.Scores[i], want.Scores[i], 1e-5)
			within(t, name+": logits", got.Logits[i], want.Logits[i], 1e-5)
		}
	}
}

func TestConcurrentCallsAreIdentical(t *testing.T) {
	e := openRandom(t, small(), Options{})
	ids := prompts(e.cfg, 7, 12)
	in := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP}
	want := attribute(t, e, in)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := e.Attribute(t.Context(), in, nil)
			if err != nil || !equal(got.Scores[0], want.Scores[0]) || !equal(got.Scores[1], want.Scores[1]) {
				t.Errorf("a concurrent call differs (%v)", err)
			}
		})
		wg.Go(func() {
			if got := continued(t, e, ids[0], nil, 3); len(got) != 3 {
				t.Error("decoding ended early")
			}
		})
	}
	wg.Wait()
}
