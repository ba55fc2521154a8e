package steertest

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// factors returns an edit of B·L·T·H factors of heads, of which some take nothing away and one in five ablates.
func (b bench) factors(B, T int, seed uint64) *engine.Edit {
	noise, v := splitMix(seed), make([]float32, B*b.shape.Layers*T*b.shape.Heads)
	for i := range v {
		if v[i] = float32(1 + noise()); i%5 == 0 {
			v[i] = 0
		}
	}
	return &engine.Edit{B: B, T: T, Heads: v}
}

// testHeads: factors of the heads' outputs hold alike in every kind of pass, one for each prompt and position; 1 is nothing,
// bit for bit.
func testHeads(t *testing.T, b bench) {
	B, T, row := len(b.ids), 0, b.shape.Layers*b.shape.Heads
	for _, ids := range b.ids {
		T = max(T, len(ids))
	}
	ones := &engine.Edit{B: 1, T: 1, Heads: make([]float32, row)}
	for i := range ones.Heads {
		ones.Heads[i] = 1
	}
	none, neutral := b.forward(t, engine.Forward{IDs: b.ids}), b.forward(t, engine.Forward{IDs: b.ids, Edit: ones})
	edit, varied := b.factors(1, 1, 71), b.factors(B, T, 73)
	same1, each := b.forward(t, engine.Forward{IDs: b.ids, Edit: edit}), b.forward(t, engine.Forward{IDs: b.ids, Edit: varied})
	variants := b.variants(t, b.ids, []*engine.Edit{nil, edit, varied})
	for p, ids := range b.ids {
		same(t, "logits with every head times 1", neutral.Logits[p], none.Logits[p])
		differ(t, "logits under factors of heads", same1.Logits[p], none.Logits[p])
		near(t, "a variant under factors of heads", variants[1][p], same1.Logits[p], orderBound)
		near(t, "a variant under factors of prompts and positions", variants[2][p], each.Logits[p], orderBound)
		own := &engine.Edit{B: 1, T: T, Heads: varied.Heads[p*row*T:][:row*T]}
		one := b.forward(t, engine.Forward{IDs: b.ids[p : p+1], Edit: own})
		near(t, "logits under a prompt's own factors", each.Logits[p], one.Logits[0], orderBound)
		n := len(ids) / 2
		steps := b.decode(t, ids, n, edit, edit)
		near(t, "decoding under factors of heads", steps[len(steps)-1], same1.Logits[p], orderBound)
	}
	refused(t, "Forward with factors of too few heads", func() error {
		_, err := b.e.Forward(t.Context(), engine.Forward{IDs: b.ids, Edit: &engine.Edit{B: 1, T: 1, Heads: make([]float32, row-1)}}, nil)
		return err
	})
}

// testHeadScores: in a batch or alone heads have the same scores, an ablated one has none, a linearized pass conserves
// relevance under factors, and nothing after the metric's position scores.
func testHeadScores(t *testing.T, b bench) {
	edit := b.factors(1, 1, 79)
	for _, rule := range []engine.Rule{engine.RelP, engine.Frozen, engine.Gradient} {
		terms := last(b.ids)
		terms[0] = []engine.Term{{Position: 1, Target: 1, Versus: 2}}
		all := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: terms, Rule: rule, Edit: edit})
		if rule != engine.Gradient {
			conserved(t, rule, all)
		}
		for p, ids := range b.ids {
			if want := b.shape.Layers * len(ids) * b.shape.Heads; len(all.Heads[p]) != want {
				t.Fatalf("%s, prompt %d: %d scores of heads, want %d", rule, p, len(all.Heads[p]), want)
			}
			one := b.attribute(t, engine.Attribution{IDs: b.ids[p : p+1], Terms: terms[p : p+1], Rule: rule, Edit: edit})
			near(t, string(rule)+": heads of one prompt", all.Heads[p], one.Heads[0], orderBound)
			for i, v := range all.Heads[p] {
				l, at, h := i/(len(ids)*b.shape.Heads), i/b.shape.Heads%len(ids), i%b.shape.Heads
				if ablated, late := edit.Heads[l*b.shape.Heads+h] == 0, p == 0 && at > 1; (ablated || late) && v != 0 {
					t.Fatalf("%s: L%d/H%d scores %v at position %d (ablated: %v)", rule, l, h, v, at, ablated)
				}
			}
			near(t, string(rule)+": sources of one prompt", all.Sources[p], one.Sources[0], orderBound)
			b.moved(t, string(rule), len(ids), all.Heads[p], all.Sources[p])
			if largest(all.Heads[p]) == 0 {
				t.Errorf("%s: all scores of heads are 0", rule)
			}
		}
	}
}

// moved checks what heads move [L,T,H], by the position that reads and by the one that is read: each head's sums are the same.
func (b bench) moved(t *testing.T, what string, T int, heads, sources []float32) {
	t.Helper()
	if len(sources) != len(heads) {
		t.Fatalf("%s: %d numbers of sources, %d of heads", what, len(sources), len(heads))
	}
	H := b.shape.Heads
	for l := range b.shape.Layers {
		for h := range H {
			var sum, from, size float64
			for p := range T {
				x, y := float64(heads[(l*T+p)*H+h]), float64(sources[(l*T+p)*H+h])
				sum, from, size = sum+x, from+y, size+math.Abs(x)+math.Abs(y)
			}
			if !(math.Abs(sum-from) <= orderBound*size+1e-6*largest(heads)) {
				t.Errorf("%s: L%d/H%d moves %v, its sources have %v", what, l, h, sum, from)
			}
		}
	}
}

// testSources: a metric at the first position is moved from there alone, and one at a position from none after it.
func testSources(t *testing.T, b bench) {
	size := 0. // of what heads move where norms are constant
	for _, rule := range []engine.Rule{engine.RelP, engine.Frozen, engine.Gradient} {
		ids := b.ids[len(b.ids)-1:]
		for at := range 2 {
			r := b.attribute(t, engine.Attribution{IDs: ids, Terms: [][]engine.Term{{{Position: at, Target: 1, Versus: 2}}}, Rule: rule})
			T, H := len(ids[0]), b.shape.Heads
			if at == 0 {
				// The gradient through a norm of what heads write cancels to rounding, of the size of its terms.
				size = max(size, largest(r.Heads[0]))
				for i, want := range r.Heads[0] {
					if got := r.Sources[0][i]; !(math.Abs(float64(got-want)) <= orderBound*max(largest(r.Heads[0]), 1e-3*size)) { // NaN fails
						t.Errorf("%s: what the first position reads: number %d is %v, want %v", rule, i, got, want)
						break
					}
				}
			}
			for i, v := range r.Sources[0] {
				if p := i / H % T; p > at && v != 0 {
					t.Fatalf("%s: L%d/H%d moves %v from position %d to position %d", rule, i/(T*H), i%H, v, p, at)
				}
			}
		}
	}
}

// testHeadSlopes: under the rule Gradient the score of a head is the slope of the metric in its factor, which two forward
// passes show.
func testHeadSlopes(t *testing.T, b bench) {
	const step = .02
	ids := b.ids[:1]
	n, H := len(ids[0]), b.shape.Heads
	r := b.attribute(t, engine.Attribution{IDs: ids, Terms: targets(ids), Rule: engine.Gradient})
	for l := range b.shape.Layers {
		for h := range H {
			var at [2]float64
			var top float64
			for side := range at {
				e := &engine.Edit{B: 1, T: 1, Heads: make([]float32, b.shape.Layers*H)}
				for i := range e.Heads {
					e.Heads[i] = 1
				}
				e.Heads[l*H+h] += step * float32(2*side-1)
				z := b.forward(t, engine.Forward{IDs: ids, Edit: e}).Logits[0]
				at[side], top = float64(z[1]), max(top, largest(z))
			}
			got, size := 0., 0.
			for p := range n {
				v := float64(r.Heads[0][(l*n+p)*H+h])
				got, size = got+v, size+math.Abs(v)
			}
			want := (at[1] - at[0]) / (2 * step)
			if !(math.Abs(got-want) <= step*size+1e-4*top) { // the curve's bend, and what float32 leaves of the difference
				t.Errorf("L%d/H%d scores %v, the metric's slope is %v (all positions: %v)", l, h, got, want, size)
			}
		}
	}
}
