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

func TestLowest(t *testing.T) {
	c := small().cfg
	add := filled(2*c.Layers*3*c.Neurons, 0)
	add[((1*c.Layers+6)*3+2)*c.Neurons+5] = 1 // prompt 1, layer 6, position 2
	vector := filled(c.Layers*c.Width, 0)
	vector[4*c.Width] = -1
	for want, e := range map[int]*seam.Edit{0: from(c, 0), 3: from(c, 3), 6: {B: 2, T: 3, Add: add}, 4: {B: 1, T: 1, MLP: vector},
		10: {B: 1, T: 1, Hi: append(filled((c.Layers-1)*c.Neurons, fieldsOf(c, nil, 0)[3].neutral), filled(c.Neurons, 9)...)}, 11: from(c, 11)} {
		if got := lowest(c, e); got != want {
			t.Errorf("the lowest edited layer is %d, want %d", got, want)
		}
	}
	if got := lowest(c, nil); got != c.Layers {
		t.Errorf("no edit: %d", got)
	}
}

// TestVariantsShareTheLowerLayers counts the groups that are run, of which the one with the lowest edited layer is in two:
// progress is one step for each and for each head.
func TestVariantsShareTheLowerLayers(t *testing.T) {
	e := openRandom(t, small(), Options{}) // 11 layers: groups of 5, 5 and 1
	ids := prompts(e.cfg, 100, 90)         // a batch holds two variants of one prompt
	none := func(int, int, []float32) error { return nil }
	for layer, want := range map[int]int{0: 2 * 2 * 4, 4: 2 * (1 + 2*4), 5: 2 * (1 + 2*3), 7: 2 * (2 + 2*3), 9: 2 * (2 + 2*3), 10: 2 * (2 + 2*2), 11: 2 * (3 + 2*1)} {
		edits := slices.Repeat([]*seam.Edit{from(e.cfg, layer)}, 4)
		got := 0
		if err := e.Variants(t.Context(), ids, edits, none, func(done, total int) { got = total }); err != nil || got != want {
			t.Errorf("from layer %d: %d steps, want %d (%v)", layer, got, want, err)
		}
	}
}

// TestVariantsAreBounded: no batch has more rows than the bound unless a single prompt does, and each pair is in one.
func TestVariantsAreBounded(t *testing.T) {
	for _, lens := range [][]int{{3}, {300}, {1, 1, 1}, {5, 9, 7, 120, 300, 2}, slices.Repeat([]int{16}, 40)} {
		for _, edits := range []int{1, 3, 20, 1000} {
			t.Run(fmt.Sprint(lens, edits), func(t *testing.T) {
				v := variants{ids: prompts(small().cfg, lens...), edits: make([]*seam.Edit, edits)}
				seen := map[[2]int]bool{}
				for _, p := range v.parts(sameGates(v.edits)[0]) {
					longest := 0
					for _, i := range p.prompts {
						longest = max(longest, lens[i])
					}
					for _, batch := range p.edits {
						if rows := longest * len(p.prompts) * len(batch); rows > variantRows && rows > longest {
							t.Errorf("a batch of %d rows", rows)
						}
						for _, i := range batch {
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
		err := e.Variants(ctx, ids, edits, func(int, int, []float32) error { return nil }, func(done, _ int) {
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
