package steertest

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// testHeadChannels: the slopes in the heads' outputs are there when they are asked for, those of a prompt in a batch are its own,
// times the outputs they add up to the heads' scores, channel by channel they are slopes of the metric, and nothing else changes.
func testHeadChannels(t *testing.T, b bench) {
	s, edit := b.shape, b.factors(1, 1, 83)
	H, C := s.Heads, s.HeadDim
	z := b.forward(t, engine.Forward{IDs: b.ids, Edit: edit, Capture: engine.Heads}).Heads
	for _, rule := range []engine.Rule{engine.RelP, engine.Frozen, engine.Gradient} {
		in := engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: rule, Edit: edit}
		plain := b.attribute(t, in)
		in.HeadSlopes = true
		all := b.attribute(t, in)
		if plain.HeadSlopes != nil || len(all.HeadSlopes) != len(b.ids) {
			t.Fatalf("%s: slopes of heads of %d prompts unasked, and of %d", rule, len(plain.HeadSlopes), len(all.HeadSlopes))
		}
		for p, ids := range b.ids {
			slopes := all.HeadSlopes[p]
			if len(slopes) != len(z[p]) {
				t.Fatalf("%s, prompt %d: %d slopes of heads, want %d", rule, p, len(slopes), len(z[p]))
			}
			near(t, string(rule)+": scores beside slopes of heads", all.Scores[p], plain.Scores[p], orderBound)
			one := b.attribute(t, engine.Attribution{IDs: b.ids[p : p+1], Terms: last(b.ids[p : p+1]), Rule: rule, Edit: edit, HeadSlopes: true})
			near(t, string(rule)+": slopes of heads of one prompt", slopes, one.HeadSlopes[0], orderBound)
			sums, terms := make([]float64, s.Layers*len(ids)*H), 0.
			for i := range sums {
				size := 0.
				for k, x := range slopes[i*C:][:C] {
					y := float64(x) * float64(z[p][i*C+k])
					sums[i], size = sums[i]+y, size+math.Abs(y)
				}
				terms = max(terms, size)
			}
			for i, want := range all.Heads[p] { // relative to what is added up, of which little may be left
				if d := math.Abs(sums[i] - float64(want)); !(d <= 10*orderBound*terms) {
					t.Errorf("%s: the slopes of head %d add up to %v, its score is %v, beside terms of %v", rule, i, sums[i], want, terms)
				}
			}
		}
	}
	b.channelSlopes(t)
}

// channelSlopes checks some channels of heads that an edit scales against two forward passes.
func (b bench) channelSlopes(t *testing.T) {
	const step = .02
	ids, s := b.ids[:1], b.shape
	n, w := len(ids[0]), s.Heads*s.HeadDim
	r := b.attribute(t, engine.Attribution{IDs: ids, Terms: targets(ids), Rule: engine.Gradient, HeadSlopes: true})
	z := b.forward(t, engine.Forward{IDs: ids, Capture: engine.Heads}).Heads[0]
	for i := 0; i < len(r.HeadSlopes[0]); i += max(1, len(r.HeadSlopes[0])/40) {
		var at [2]float64
		var top float64
		size := step * max(1e-3, largest(z[i/w*w:][:w]))
		for side := range at {
			e := &engine.Edit{B: 1, T: n, HeadAdd: make([]float32, s.Layers*n*w)}
			e.HeadAdd[i] = float32(size) * float32(2*side-1)
			logits := b.forward(t, engine.Forward{IDs: ids, Edit: e}).Logits[0]
			at[side], top = float64(logits[1]), max(top, largest(logits))
		}
		got, want := float64(r.HeadSlopes[0][i])*2*size, at[1]-at[0]
		if d := got - want; !(d <= step*max(got, -got)+1e-5*top && -d <= step*max(got, -got)+1e-5*top) {
			t.Errorf("channel %d of layer %d at position %d: a step of %v changes the metric by %v, its slope says %v", i%w, i/(n*w), i/w%n, 2*size, want, got)
		}
	}
}
