package steertest

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func testShapes(t *testing.T, b bench) {
	s := b.shape
	if s.Layers < 1 || s.Neurons < 1 || s.Width < 1 || s.Vocab < 3 || s.Positions < 3 {
		t.Fatalf("Shape %+v: every size is at least 1, V and the context at least 3", s)
	}
	if b.e.Name() == "" {
		t.Error("Name is empty; it says what does the work")
	}
	f := b.forward(t, engine.Forward{IDs: b.ids})
	all := b.forward(t, engine.Forward{IDs: b.ids, AllLogits: true, Capture: engine.Neurons})
	a := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP})
	if f.Neurons != nil {
		t.Error("Forward gives neurons that nobody asked for")
	}
	for i, ids := range b.ids {
		T := len(ids)
		for _, c := range []struct {
			what      string
			got, want int
		}{
			{"logits [V]", len(f.Logits[i]), s.Vocab},
			{"all logits [T,V]", len(all.Logits[i]), T * s.Vocab},
			{"neurons [L,T,F]", len(all.Neurons[i]), s.Layers * T * s.Neurons},
			{"scores [L,T,F]", len(a.Scores[i]), s.Layers * T * s.Neurons},
			{"tokens [T]", len(a.Tokens[i]), T},
			{"attention [L]", len(a.Attention[i]), s.Layers},
			{"attribution's logits [V]", len(a.Logits[i]), s.Vocab},
		} {
			if c.got != c.want {
				t.Fatalf("prompt %d: %s has %d numbers, want %d", i, c.what, c.got, c.want)
			}
		}
		near(t, "the last of all logits", all.Logits[i][(T-1)*s.Vocab:], f.Logits[i], orderBound)
		near(t, "attribution's logits", a.Logits[i], f.Logits[i], orderBound)
		want := f.Logits[i][1] - f.Logits[i][2]
		if d := math.Abs(float64(a.Metric[i] - want)); !(d <= orderBound*largest(f.Logits[i])) { // relative to what is subtracted
			t.Errorf("prompt %d: metric %v, its logits give %v", i, a.Metric[i], want)
		}
	}
}

func testDeterminism(t *testing.T, b bench) {
	f := engine.Forward{IDs: b.ids, Capture: engine.Neurons}
	x, y := b.forward(t, f), b.forward(t, f)
	a := engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP}
	u, v := b.attribute(t, a), b.attribute(t, a)
	for i := range b.ids {
		same(t, "logits of the same call", x.Logits[i], y.Logits[i])
		same(t, "neurons of the same call", x.Neurons[i], y.Neurons[i])
		same(t, "scores of the same call", u.Scores[i], v.Scores[i])
		same(t, "tokens of the same call", u.Tokens[i], v.Tokens[i])
	}
	kept := slices.Clone(x.Logits[0])
	b.forward(t, engine.Forward{IDs: b.ids[1:]})
	same(t, "a result after a later call", x.Logits[0], kept)
}

func testInputs(t *testing.T, b bench) {
	ids := [][]int32{slices.Clone(b.ids[0])}
	e := b.random(1, 1, 3)
	before := slices.Clone(e.Scale)
	b.forward(t, engine.Forward{IDs: ids, Edit: e})
	b.attribute(t, engine.Attribution{IDs: ids, Terms: last(ids), Rule: engine.RelP, Edit: e})
	if !slices.Equal(ids[0], b.ids[0]) || !slices.Equal(before, e.Scale) {
		t.Error("the engine changed what it was given")
	}
}

func testBatch(t *testing.T, b bench) {
	all := b.forward(t, engine.Forward{IDs: b.ids, AllLogits: true, Capture: engine.Neurons})
	for i := range b.ids {
		one := b.forward(t, engine.Forward{IDs: b.ids[i : i+1], AllLogits: true, Capture: engine.Neurons})
		near(t, fmt.Sprintf("logits of prompt %d", i), all.Logits[i], one.Logits[0], orderBound)
		near(t, fmt.Sprintf("neurons of prompt %d", i), all.Neurons[i], one.Neurons[0], orderBound)
	}
	for _, rule := range []engine.Rule{engine.RelP, engine.Frozen, engine.Gradient} {
		terms := last(b.ids)
		all := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: terms, Rule: rule})
		for i := range b.ids {
			one := b.attribute(t, engine.Attribution{IDs: b.ids[i : i+1], Terms: terms[i : i+1], Rule: rule})
			near(t, fmt.Sprintf("%s scores of prompt %d", rule, i), all.Scores[i], one.Scores[0], orderBound)
			near(t, fmt.Sprintf("%s tokens of prompt %d", rule, i), all.Tokens[i], one.Tokens[0], orderBound)
		}
	}
}

func testConcurrent(t *testing.T, b bench) {
	want := b.attribute(t, engine.Attribution{IDs: b.ids[:1], Terms: last(b.ids[:1]), Rule: engine.RelP})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			r, err := b.e.Attribute(t.Context(), engine.Attribution{IDs: b.ids[:1], Terms: last(b.ids[:1]), Rule: engine.RelP}, nil)
			if err != nil {
				t.Errorf("Attribute beside others: %v", err)
				return
			}
			same(t, "scores beside others", r.Scores[0], want.Scores[0])
		})
	}
	wg.Wait()
}
