package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// from scales one neuron of a layer, and leaves the others.
func from(c decoder.Config, layer int) *seam.Edit {
	e := &seam.Edit{B: 1, T: 1, Scale: filled(c.Layers*c.Neurons, 1)}
	if layer < c.Layers {
		e.Scale[layer*c.Neurons+7] = 3
	}
	return e
}

// TestExtents: an edit reaches from the first place that it changes to the last layer and before the first position that it leaves.
func TestExtents(t *testing.T) {
	c := small().cfg
	add := filled(2*c.Layers*3*c.Neurons, 0)
	add[((1*c.Layers+6)*3+2)*c.Neurons+5] = 1 // prompt 1, layer 6, position 2
	add[((0*c.Layers+3)*3+1)*c.Neurons+5] = 1 // prompt 0, layer 3, position 1
	heads := filled(c.Layers*3*c.Heads, 1)
	heads[(4*3+2)*c.Heads] = 0
	set := filled(c.Layers*3*c.Heads*c.HeadDim, 0)
	set[((4*3+2)*c.Heads+1)*c.HeadDim+1] = 3
	vector := filled(c.Layers*c.Width, 0)
	vector[4*c.Width] = -1
	gate := &seam.Gate{Site: seam.Residual, Directions: filled(c.Layers*c.Width, 0)}
	gate.Directions[2*c.Width] = 1
	late := &seam.Edit{B: 1, T: 3, Add: filled(c.Layers*3*c.Neurons, 0)}
	late.Add[(5*3+2)*c.Neurons] = 1
	gated, two := *late, *late
	gated.Gate = gate
	two.Next = &seam.Edit{B: 1, T: 3, Heads: heads}
	for what, x := range map[string]struct {
		edit *seam.Edit
		want extent
	}{
		"none":           {nil, nowhere(c)},
		"neutral":        {from(c, 11), nowhere(c)},
		"the first":      {from(c, 0), extent{atNeurons(0), 1, 0}},
		"the fourth":     {from(c, 3), extent{atNeurons(3), 4, 0}},
		"two prompts":    {&seam.Edit{B: 2, T: 3, Add: add}, extent{atNeurons(3), 7, 1}},
		"a vector":       {&seam.Edit{B: 1, T: 1, MLP: vector}, extent{atNeurons(4), 5, 0}},
		"a bound":        {&seam.Edit{B: 1, T: 1, Hi: append(filled((c.Layers-1)*c.Neurons, fieldsOf(c, nil, 0)[3].neutral), filled(c.Neurons, 9)...)}, extent{before(10), 11, 0}},
		"a head":         {&seam.Edit{B: 1, T: 3, Heads: heads}, extent{before(4), 5, 2}},
		"a head set":     {&seam.Edit{B: 1, T: 3, HeadAdd: set}, extent{before(4), 5, 2}},
		"two stages":     {&two, extent{before(4), 6, 2}},
		"a gate":         {&gated, extent{before(2), 6, 0}},
		"the last layer": {from(c, 10), extent{before(10), 11, 0}},
	} {
		if got := extentOf(c, x.edit); got != x.want {
			t.Errorf("%s: %+v, want %+v", what, got, x.want)
		}
	}
}

// TestVariantsShareWhatTheyCan counts the groups that are run: those below the first layer that a batch edits once, and of that
// layer attention and neurons once. Progress is one step for each, for each entry at neurons, and for each head.
func TestVariantsShareWhatTheyCan(t *testing.T) {
	e := openRandom(t, small(), Options{}) // 11 layers: groups of 5, 5 and 1
	ids := prompts(e.cfg, 100, 90)         // a batch holds two variants of one prompt
	none := func(int, int, []float32) error { return nil }
	for layer, want := range map[int]int{0: 2 * (1 + 2*5), 4: 2 * (2 + 2*4), 5: 2 * (2 + 2*4), 7: 2 * (3 + 2*4), 9: 2 * (3 + 2*3), 10: 2 * (2 + 2*2), 11: 2 * (2 + 2*2)} {
		edits := slices.Repeat([]*seam.Edit{from(e.cfg, layer)}, 4)
		got := 0
		if err := e.Variants(t.Context(), ids, edits, nil, none, func(done, total int) { got = total }); err != nil || got != want {
			t.Errorf("from layer %d: %d steps, want %d (%v)", layer, got, want, err)
		}
	}
}

// TestVariantsShareRows: before its first position an edit shares the rows of the prompts as they are, after it those that other
// prompts have under it, if it is the same for all; and each gives what it gives alone.
func TestVariantsShareRows(t *testing.T) {
	e := openRandom(t, small(), Options{})
	c := e.cfg
	ids := [][]int32{{1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 7}, {1, 2, 8, 9}}
	at := func(B, layer, position int) *seam.Edit {
		e := &seam.Edit{B: B, T: 6, Scale: filled(B*c.Layers*6*c.Neurons, 1)}
		for b := range B {
			for n := range c.Neurons {
				e.Scale[((b*c.Layers+layer)*6+position)*c.Neurons+n] = float32(b)
			}
		}
		return e
	}
	for what, x := range map[string]struct {
		edits []*seam.Edit
		rows  int
	}{
		"no edit":          {[]*seam.Edit{nil}, 4 + 2 + 1 + 2},
		"the last":         {[]*seam.Edit{at(1, 3, 5), at(1, 4, 5)}, 8 + 2},
		"the fourth":       {[]*seam.Edit{at(1, 3, 3), nil, at(1, 4, 3)}, 9 + 2*(3+1+1)},
		"the first":        {[]*seam.Edit{at(1, 3, 0), at(1, 4, 1)}, 9 + 1 + 8},
		"own":              {[]*seam.Edit{at(3, 3, 3)}, 3 + 1 + 3 + 2 + 1},
		"every position":   {[]*seam.Edit{from(c, 3), from(c, 4)}, 2 * 9},
		"from the last on": {[]*seam.Edit{at(1, 10, 2)}, 2 + (2 + 2 + 1 + 2)},
	} {
		v := variants{e: e, ids: ids, edits: x.edits}
		all := editBatch{edits: upTo(len(x.edits))}
		for _, ed := range x.edits {
			v.extents = append(v.extents, extentOf(c, ed))
		}
		if got := v.batch(part{prompts: []int{0, 1, 2}}, all).r(); got != x.rows {
			t.Errorf("%s: %d rows, want %d", what, got, x.rows)
		}
		got := runVariants(t, e, ids, x.edits)
		for k, ed := range x.edits {
			for i, one := range forward(t, e, seam.Forward{IDs: ids, Edit: ed}).Logits {
				within(t, what, got[k][i], one, 1e-5)
			}
		}
	}
}

// TestVariantsAreBounded: no batch has more rows than the bound unless a single prompt does, each pair is in one, and none enters
// after an edit of it does.
func TestVariantsAreBounded(t *testing.T) {
	c := small().cfg
	for _, lens := range [][]int{{3}, {300}, {1, 1, 1}, {5, 9, 7, 120, 300, 2}, slices.Repeat([]int{16}, 40)} {
		for _, edits := range []int{1, 3, 20, 1000} {
			t.Run(fmt.Sprint(lens, edits), func(t *testing.T) {
				v := variants{e: &Engine{cfg: c}, ids: prompts(c, lens...), edits: make([]*seam.Edit, edits)}
				for i := range v.edits {
					v.extents = append(v.extents, extent{entry(i * 7 % 20), i % 10, i % 4})
				}
				seen := map[[2]int]bool{}
				for _, p := range v.parts(sameGates(v.edits)[0]) {
					longest := 0
					for _, i := range p.prompts {
						longest = max(longest, lens[i])
					}
					at := entry(0)
					for _, b := range p.batches {
						if rows := longest * len(p.prompts) * len(b.edits); rows > variantRows && rows > longest {
							t.Errorf("a batch of %d rows", rows)
						}
						if b.enters < at {
							t.Errorf("a batch that enters at %d after one at %d", b.enters, at)
						}
						at = b.enters
						for _, i := range b.edits {
							if x := v.extents[i]; x.enters < b.enters || x.top > b.top {
								t.Errorf("a batch from %d to %d has an edit %v", b.enters, b.top, x)
							}
							for _, prompt := range p.prompts {
								if seen[[2]int{i, prompt}] {
									t.Errorf("edit %d, prompt %d twice", i, prompt)
								}
								seen[[2]int{i, prompt}] = true
							}
						}
					}
				}
				if len(seen) != edits*len(lens) {
					t.Errorf("%d pairs, want %d", len(seen), edits*len(lens))
				}
			})
		}
	}
}

func TestVariantsCanceled(t *testing.T) {
	e := openRandom(t, small(), Options{})
	ids := prompts(e.cfg, 20)
	edits := slices.Repeat([]*seam.Edit{from(e.cfg, 6)}, 100)
	for stop := 1; stop < 12; stop++ {
		ctx, cancel := context.WithCancel(t.Context())
		steps := 0
		err := e.Variants(ctx, ids, edits, nil, func(int, int, []float32) error { return nil }, func(done, _ int) {
			if steps = done; done == stop {
				cancel()
			}
		})
		cancel()
		if !errors.Is(err, context.Canceled) || steps != stop {
			t.Errorf("canceled after step %d: error %v after %d steps", stop, err, steps)
		}
		if n := e.live.Load(); n != 0 {
			t.Errorf("canceled after step %d: %d tensors stay", stop, n)
		}
	}
}

func upTo(n int) (all []int) {
	for i := range n {
		all = append(all, i)
	}
	return all
}
