package steertest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func testCancel(t *testing.T, b bench) {
	ctx := canceled(t)
	expect := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s under a canceled context gives %v, want context.Canceled", what, err)
		}
	}
	_, err := b.e.Forward(ctx, engine.Forward{IDs: b.ids}, nil)
	expect("Forward", err)
	_, err = b.e.Attribute(ctx, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP}, nil)
	expect("Attribute", err)
	_, err = b.e.Edges(ctx, b.edgesOf(101), nil)
	expect("Edges", err)
	_, err = b.e.Decode(ctx, engine.Decoding{IDs: b.ids[0], Reserve: 1})
	expect("Decode", err)
	d, err := b.e.Decode(t.Context(), engine.Decoding{IDs: b.ids[0], Reserve: 1})
	if err != nil {
		t.Fatalf("Decode after a canceled call: %v", err)
	}
	defer d.Close()
	expect("Step", d.Step(ctx, b.ids[0][0]))

	during, cancel := context.WithCancel(t.Context())
	defer cancel()
	steps := 0
	_, err = b.e.Attribute(during, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP}, func(done, total int) {
		cancel()
		if done < total {
			steps++
		}
	})
	if steps > 0 { // an engine with a single step cannot be stopped between steps
		expect("Attribute, canceled at its first step,", err)
	}
	if steps > 2 {
		t.Errorf("Attribute went on for %d steps after it was canceled", steps)
	}
	b.attribute(t, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP})
}

func testProgress(t *testing.T, b bench) {
	for _, c := range []struct {
		name string
		run  func(func(done, total int)) error
	}{
		{"Forward", func(p func(int, int)) error {
			_, err := b.e.Forward(t.Context(), engine.Forward{IDs: b.ids}, p)
			return err
		}},
		{"Variants", func(p func(int, int)) error {
			return b.e.Variants(t.Context(), b.ids, []*engine.Edit{nil, b.random(1, 1, 5)}, nil, func(int, int, []float32) error { return nil }, p)
		}},
		{"Attribute", func(p func(int, int)) error {
			_, err := b.e.Attribute(t.Context(), engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP}, p)
			return err
		}},
		{"Edges", func(p func(int, int)) error {
			_, err := b.e.Edges(t.Context(), b.edgesOf(101), p)
			return err
		}},
	} {
		at, of, calls, returned := 0, 0, 0, false
		err := c.run(func(done, total int) {
			if done < at || done > total || total < 1 || (of > 0 && total != of) || returned {
				t.Errorf("%s: progress %d of %d after %d of %d (returned: %v)", c.name, done, total, at, of, returned)
			}
			at, of, calls = done, total, calls+1
		})
		returned = true
		if err != nil || calls == 0 || at != of {
			t.Errorf("%s: progress ends at %d of %d after %d calls, error %v", c.name, at, of, calls, err)
		}
	}
}

// testMistakes: what cannot be computed is an error that says something, never a panic.
func testMistakes(t *testing.T, b bench) {
	V, ok := int32(b.shape.Vocab), b.ids[0]
	long := make([]int32, min(b.shape.Positions, 1<<16)+1)
	for _, batch := range []struct {
		name string
		ids  [][]int32
		edit *engine.Edit
	}{
		{"an empty batch", nil, nil},
		{"an empty prompt", [][]int32{ok, {}}, nil},
		{"a negative id", [][]int32{{0, -1}}, nil},
		{"an id past the vocabulary", [][]int32{{V}}, nil},
		{"an edit of a wrong length", [][]int32{ok}, &engine.Edit{B: 1, T: 1, Scale: make([]float32, 3)}},
		{"a vector of a wrong length", [][]int32{ok}, &engine.Edit{B: 1, T: 1, MLP: make([]float32, 3)}},
		{"a residual vector of a wrong length", [][]int32{ok}, &engine.Edit{B: 1, T: 1, Residual: b.width(1, 2)}},
		{"an edit of too few positions", [][]int32{ok}, &engine.Edit{B: 1, T: 2, Scale: b.constant(1, 2, 1)}},
		{"an edit of too many prompts", [][]int32{ok}, &engine.Edit{B: 2, T: 1, Scale: b.constant(2, 1, 1)}},
		{"an edit without axes", [][]int32{ok}, &engine.Edit{Add: []float32{}}},
	} {
		refused(t, "Forward of "+batch.name, func() error {
			_, err := b.e.Forward(t.Context(), engine.Forward{IDs: batch.ids, Edit: batch.edit}, nil)
			return err
		})
		refused(t, "Attribute of "+batch.name, func() error {
			terms := make([][]engine.Term, len(batch.ids))
			for i := range terms {
				terms[i] = []engine.Term{{Target: 1, Versus: -1}}
			}
			_, err := b.e.Attribute(t.Context(), engine.Attribution{IDs: batch.ids, Terms: terms, Rule: engine.RelP, Edit: batch.edit}, nil)
			return err
		})
	}
	if len(long) > b.shape.Positions {
		refused(t, "Forward of a prompt longer than the context", func() error {
			_, err := b.e.Forward(t.Context(), engine.Forward{IDs: [][]int32{long}}, nil)
			return err
		})
	}
	for name, terms := range map[string][][]engine.Term{
		"no metric":          {{}},
		"too few metrics":    {},
		"a position outside": {{{Position: len(ok), Target: 1, Versus: -1}}},
		"a position below 0": {{{Position: -1, Target: 1, Versus: -1}}},
		"a target outside":   {{{Position: 0, Target: V, Versus: -1}}},
		"a negative target":  {{{Position: 0, Target: -1, Versus: -1}}},
		"a versus outside":   {{{Position: 0, Target: 1, Versus: V}}},
		"a weight of NaN":    {{{Position: 0, Target: 1, Versus: -1, Weight: float32(math.NaN())}}},
	} {
		refused(t, "Attribute with "+name, func() error {
			_, err := b.e.Attribute(t.Context(), engine.Attribution{IDs: [][]int32{ok}, Terms: terms, Rule: engine.RelP}, nil)
			return err
		})
	}
	refused(t, "Attribute of a log-probability with a counterfactual", func() error {
		_, err := b.e.Attribute(t.Context(), engine.Attribution{IDs: [][]int32{ok}, Terms: last([][]int32{ok}), Rule: engine.RelP, LogProb: true}, nil)
		return err
	})
	refused(t, "Attribute with an unknown rule", func() error {
		_, err := b.e.Attribute(t.Context(), engine.Attribution{IDs: [][]int32{ok}, Terms: last([][]int32{ok}), Rule: "guess"}, nil)
		return err
	})
	for _, ids := range [][]int32{nil, {-1}, {V}} {
		refused(t, fmt.Sprintf("Decode of %v", ids), func() error {
			_, err := b.e.Decode(t.Context(), engine.Decoding{IDs: ids, Reserve: 1})
			return err
		})
	}
	d, err := b.e.Decode(t.Context(), engine.Decoding{IDs: ok, Reserve: 1})
	if err != nil {
		t.Fatalf("Decode after mistakes: %v", err)
	}
	defer d.Close()
	refused(t, "Step to an id outside", func() error { return d.Step(t.Context(), V) })
	refused(t, "Step to a negative id", func() error { return d.Step(t.Context(), -1) })
}

// refused fails the test unless f returns an error with a text, without a panic.
func refused(t *testing.T, what string, f func() error) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s panics: %v", what, r)
		}
	}()
	if err := f(); err == nil || err.Error() == "" {
		t.Errorf("%s is no error (%v)", what, err)
	}
}

func testClosed(t *testing.T, e engine.Engine) {
	ids := batchFor(e.Shape())
	if err := e.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	refused(t, "Forward after Close", func() error {
		_, err := e.Forward(t.Context(), engine.Forward{IDs: ids}, nil)
		return err
	})
	refused(t, "Attribute after Close", func() error {
		_, err := e.Attribute(t.Context(), engine.Attribution{IDs: ids, Terms: last(ids), Rule: engine.RelP}, nil)
		return err
	})
	refused(t, "Edges after Close", func() error {
		_, err := e.Edges(t.Context(), engine.Edges{IDs: ids[0], Targets: make([]engine.Node, 1), Rule: engine.RelP}, nil)
		return err
	})
	refused(t, "Decode after Close", func() error {
		_, err := e.Decode(t.Context(), engine.Decoding{IDs: ids[0], Reserve: 1})
		return err
	})
	refused(t, "Variants after Close", func() error {
		return e.Variants(t.Context(), ids, []*engine.Edit{nil}, nil, func(int, int, []float32) error { return nil }, nil)
	})
	refused(t, "Outputs after Close", func() error { _, err := e.Outputs(0); return err })
	refused(t, "Unembed after Close", func() error {
		_, err := e.Unembed(t.Context(), [][]float32{make([]float32, e.Shape().Width)}, false)
		return err
	})
	if err := e.Close(); err != nil {
		t.Errorf("Close twice: %v", err)
	}
}
