package steertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// variants runs edits on prompts and returns the logits [edit][prompt][V], each of which must come once.
func (b bench) variants(t *testing.T, ids [][]int32, edits []*engine.Edit) [][][]float32 {
	t.Helper()
	out := make([][][]float32, len(edits))
	for i := range out {
		out[i] = make([][]float32, len(ids))
	}
	at, of, inside := 0, 0, false
	err := b.e.Variants(t.Context(), ids, edits, nil, func(edit, prompt int, logits []float32) error {
		if inside {
			t.Error("Variants calls back while a call is open")
		}
		inside = true
		if out[edit][prompt] != nil || len(logits) != b.shape.Vocab {
			t.Errorf("edit %d, prompt %d: %d logits, given before: %v", edit, prompt, len(logits), out[edit][prompt] != nil)
		}
		out[edit][prompt] = slices.Clone(logits)
		inside = false
		return nil
	}, func(done, total int) {
		if done < at || done > total || of > 0 && total != of {
			t.Errorf("Variants: progress %d of %d after %d of %d", done, total, at, of)
		}
		at, of = done, total
	})
	if err != nil {
		t.Fatalf("Variants: %v", err)
	}
	if at != of || of == 0 {
		t.Errorf("Variants: progress ends at %d of %d", at, of)
	}
	for i := range out {
		for p := range ids {
			if out[i][p] == nil {
				t.Fatalf("Variants gives nothing for edit %d, prompt %d", i, p)
			}
		}
	}
	return out
}

// testVariants: a variant is a forward pass under its edit, whichever layers the others edit.
func testVariants(t *testing.T, b bench) {
	T := 0
	for _, ids := range b.ids {
		T = max(T, len(ids))
	}
	top := b.random(1, 1, 61) // from the last layer up
	for i := range (b.shape.Layers - 1) * b.shape.Neurons {
		top.Scale[i] = 1
	}
	high := &engine.Edit{B: 1, T: 1, Residual: b.width(1, 1)}
	copy(high.Residual[(b.shape.Layers-1)*b.shape.Width:], b.vectors(t, 1, 1, 67).Residual[:b.shape.Width])
	for name, edits := range map[string][]*engine.Edit{
		"no edit":           {nil},
		"neutral":           {nil, {B: 1, T: 1}, {B: 1, T: 1, Scale: b.constant(1, 1, 1)}},
		"the last layer":    {top, nil, high},
		"the whole model":   {top, b.random(1, 1, 71), b.vectors(t, 1, 1, 73), nil},
		"axes":              {b.random(1, T+1, 79), b.vectors(t, len(b.ids), 1, 83), b.random(len(b.ids), T, 89), top},
		"more than a batch": append(slices.Repeat([]*engine.Edit{nil, top}, 40), high),
	} {
		got := b.variants(t, b.ids, edits)
		seen := map[*engine.Edit]engine.ForwardResult{}
		for i, e := range edits {
			want, ok := seen[e]
			if !ok {
				want = b.forward(t, engine.Forward{IDs: b.ids, Edit: e})
				seen[e] = want
			}
			for p := range b.ids {
				near(t, fmt.Sprintf("%s: logits of edit %d, prompt %d", name, i, p), got[i][p], want.Logits[p], orderBound)
			}
		}
		tokens := []int32{int32(b.shape.Vocab - 1), 1, 3, 1}
		n := 0
		err := b.e.Variants(t.Context(), b.ids, edits, tokens, func(i, p int, logits []float32) error {
			some := make([]float32, len(tokens))
			for k, id := range tokens {
				some[k] = got[i][p][id]
			}
			near(t, fmt.Sprintf("%s: logits of some tokens, edit %d, prompt %d", name, i, p), logits, some, orderBound)
			n++
			return nil
		}, nil)
		if err != nil || n != len(edits)*len(b.ids) {
			t.Errorf("%s: Variants gives %d results, %v", name, n, err)
		}
	}
}

// testVariantsEnd: an error of the callback, or a canceled context, ends the call.
func testVariantsEnd(t *testing.T, b bench) {
	edits := []*engine.Edit{nil, b.random(1, 1, 101)}
	stop, calls := errors.New("enough"), 0
	err := b.e.Variants(t.Context(), b.ids, edits, nil, func(int, int, []float32) error { calls++; return stop }, nil)
	if !errors.Is(err, stop) || calls != 1 {
		t.Errorf("a callback that fails: %d calls, error %v", calls, err)
	}
	none := func(int, int, []float32) error { return nil }
	if err := b.e.Variants(canceled(t), b.ids, edits, nil, none, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Variants under a canceled context gives %v", err)
	}
	during, cancel := context.WithCancel(t.Context())
	defer cancel()
	calls = 0
	err = b.e.Variants(during, b.ids, slices.Repeat(edits, 100), nil, func(int, int, []float32) error { cancel(); calls++; return nil }, nil)
	if !errors.Is(err, context.Canceled) || calls == 200*len(b.ids) {
		t.Errorf("Variants, canceled at its first result, gives %v after %d results", err, calls)
	}
	for name, bad := range map[string][]*engine.Edit{
		"no edit":                    nil,
		"an edit of a wrong length":  {nil, {B: 1, T: 1, Scale: make([]float32, 3)}},
		"a vector of a wrong length": {{B: 1, T: 1, MLP: b.constant(1, 1, 0)[1:]}},
		"an edit of other prompts":   {{B: 2, T: 1, Scale: b.constant(2, 1, 1)}},
		"an edit of few positions":   {{B: 1, T: 2, Scale: b.constant(1, 2, 1)}},
	} {
		refused(t, "Variants of "+name, func() error { return b.e.Variants(t.Context(), b.ids, bad, nil, none, nil) })
	}
	for name, tokens := range map[string][]int32{"a foreign token": {1, int32(b.shape.Vocab)}} {
		refused(t, "Variants of "+name, func() error { return b.e.Variants(t.Context(), b.ids, edits, tokens, none, nil) })
	}
	for name, ids := range map[string][][]int32{"no prompt": nil, "an empty prompt": {{}}, "a foreign id": {{int32(b.shape.Vocab)}}} {
		refused(t, "Variants of "+name, func() error { return b.e.Variants(t.Context(), ids, edits, nil, none, nil) })
	}
}
