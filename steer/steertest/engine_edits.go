package steertest

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// constant returns B·L·T·F equal numbers.
func (b bench) constant(B, T int, x float32) []float32 {
	v := make([]float32, B*b.shape.Layers*T*b.shape.Neurons)
	for i := range v {
		v[i] = x
	}
	return v
}

// random returns an edit that scales every neuron by a number in [−½, 1½).
func (b bench) random(B, T int, seed uint64) *engine.Edit {
	noise, v := splitMix(seed), b.constant(B, T, 0)
	for i := range v {
		v[i] = float32(.5 + noise())
	}
	return &engine.Edit{B: B, T: T, Scale: v}
}

func testNeutral(t *testing.T, b bench) {
	inf := float32(math.Inf(1))
	none := b.forward(t, engine.Forward{IDs: b.ids, Capture: engine.Neurons})
	a := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP})
	for name, e := range map[string]*engine.Edit{
		"empty edit": {B: 1, T: 1},
		"scale 1":    {B: 1, T: 1, Scale: b.constant(1, 1, 1)},
		"every slice": {B: 1, T: 1, Scale: b.constant(1, 1, 1), Add: b.constant(1, 1, 0), Lo: b.constant(1, 1, -inf), Hi: b.constant(1, 1, inf),
			MLP: b.width(1, 1), Residual: b.width(1, 1)},
	} {
		f := b.forward(t, engine.Forward{IDs: b.ids, Edit: e, Capture: engine.Neurons})
		u := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP, Edit: e})
		for i := range b.ids {
			same(t, name+": logits", f.Logits[i], none.Logits[i])
			same(t, name+": neurons", positive(f.Neurons[i]), positive(none.Neurons[i]))
			same(t, name+": scores", positive(u.Scores[i]), positive(a.Scores[i]))
		}
	}
}

// positive makes −0 a 0: adding 0 may do that, and it is no change.
func positive(v []float32) []float32 {
	for i := range v {
		if v[i] == 0 {
			v[i] = 0
		}
	}
	return v
}

// testAblation: four ways to take half of the neurons out are one, and an ablated neuron scores nothing.
func testAblation(t *testing.T, b bench) {
	zero, inf := b.constant(1, 1, 1), float32(math.Inf(1))
	lo, hi := b.constant(1, 1, -inf), b.constant(1, 1, inf)
	for i := 0; i < len(zero); i += 2 {
		zero[i], lo[i], hi[i] = 0, 0, 0
	}
	scaled := &engine.Edit{B: 1, T: 1, Scale: zero}
	want := b.forward(t, engine.Forward{IDs: b.ids, Edit: scaled, Capture: engine.Neurons})
	for name, e := range map[string]*engine.Edit{
		"scale 0, add 0": {B: 1, T: 1, Scale: zero, Add: b.constant(1, 1, 0)},
		"clamp to 0":     {B: 1, T: 1, Lo: lo, Hi: hi},
	} {
		got := b.forward(t, engine.Forward{IDs: b.ids, Edit: e, Capture: engine.Neurons})
		for i := range b.ids {
			near(t, name+": logits", got.Logits[i], want.Logits[i], orderBound)
			near(t, name+": neurons", got.Neurons[i], want.Neurons[i], orderBound)
		}
	}
	none := b.forward(t, engine.Forward{IDs: b.ids})
	a := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP, Edit: scaled})
	for i, ids := range b.ids {
		differ(t, "logits with half of the neurons", want.Logits[i], none.Logits[i])
		b.each(len(ids), func(at, l, _, n int) {
			if (l*b.shape.Neurons+n)%2 == 0 && (want.Neurons[i][at] != 0 || a.Scores[i][at] != 0) {
				t.Fatalf("L%d/N%d is ablated, but h' = %v and its score %v", l, n, want.Neurons[i][at], a.Scores[i][at])
			}
		})
	}
}

// each calls f for every index of [L,T,F].
func (b bench) each(T int, f func(at, l, t, n int)) {
	at := 0
	for l := range b.shape.Layers {
		for t := range T {
			for n := range b.shape.Neurons {
				f(at, l, t, n)
				at++
			}
		}
	}
}

// testAffine: in the last layer, whose inputs no edit of it changes, h' is clamp(h·s+a, lo, hi) of the plain h.
func testAffine(t *testing.T, b bench) {
	plain := b.forward(t, engine.Forward{IDs: b.ids, Capture: engine.Neurons})
	bound := float32(.7 * largest(plain.Neurons[0]))
	noise, inf := splitMix(11), float32(math.Inf(1))
	e := &engine.Edit{B: 1, T: 1, Scale: b.constant(1, 1, 1), Add: b.constant(1, 1, 0), Lo: b.constant(1, 1, -inf), Hi: b.constant(1, 1, inf)}
	from := (b.shape.Layers - 1) * b.shape.Neurons
	for i := from; i < len(e.Scale); i++ {
		e.Scale[i], e.Add[i] = float32(2*noise()), bound*float32(noise())
		e.Lo[i], e.Hi[i] = -bound, bound
	}
	got := b.forward(t, engine.Forward{IDs: b.ids, Edit: e, Capture: engine.Neurons})
	for i, ids := range b.ids {
		want := make([]float32, len(plain.Neurons[i]))
		b.each(len(ids), func(at, l, _, n int) {
			j := l*b.shape.Neurons + n
			want[at] = min(max(plain.Neurons[i][at]*e.Scale[j]+e.Add[j], e.Lo[j]), e.Hi[j])
		})
		near(t, "h'", got.Neurons[i], want, orderBound)
	}
}

// testBroadcast: an edit with axes of size 1 is the same edit written out, and each prompt and position gets its own.
func testBroadcast(t *testing.T, b bench) {
	T, B, row := 0, len(b.ids), b.shape.Layers*b.shape.Neurons
	for _, ids := range b.ids {
		T = max(T, len(ids))
	}
	small := b.random(1, 1, 13)                                       // [1,L,1,F]
	full := &engine.Edit{B: B, T: T, Scale: make([]float32, B*row*T)} // [B,L,T,F]
	varied, own := b.random(B, T+2, 17), make([]*engine.Edit, B)      // more positions than needed
	for p := range B {
		b.each(T, func(at, l, _, n int) { full.Scale[p*row*T+at] = small.Scale[l*b.shape.Neurons+n] })
		own[p] = &engine.Edit{B: 1, T: T + 2, Scale: varied.Scale[p*row*(T+2):][:row*(T+2)]}
	}
	x, y := b.forward(t, engine.Forward{IDs: b.ids, Edit: small}), b.forward(t, engine.Forward{IDs: b.ids, Edit: full})
	z := b.forward(t, engine.Forward{IDs: b.ids, Edit: varied, Capture: engine.Neurons})
	v := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP, Edit: varied})
	for p := range B {
		near(t, "an edit written out", y.Logits[p], x.Logits[p], orderBound)
		one := b.forward(t, engine.Forward{IDs: b.ids[p : p+1], Edit: own[p], Capture: engine.Neurons})
		near(t, "logits under a prompt's own edit", z.Logits[p], one.Logits[0], orderBound)
		near(t, "neurons under a prompt's own edit", z.Neurons[p], one.Neurons[0], orderBound)
		u := b.attribute(t, engine.Attribution{IDs: b.ids[p : p+1], Terms: last(b.ids[p : p+1]), Rule: engine.RelP, Edit: own[p]})
		near(t, "scores under a prompt's own edit", v.Scores[p], u.Scores[0], orderBound)
	}
}
