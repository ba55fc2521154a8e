package engine

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// asWhole makes all rows go on from the last layer of an engine, whatever is read.
func asWhole(e *Engine) *Engine {
	e.limits.few = 1 << 30
	return e
}

// someRead is a metric at several positions of each prompt, some of them named twice and in no order.
func someRead(ids [][]int32, logProb bool) (all [][]seam.Term) {
	for i, p := range ids {
		last := len(p) - 1
		terms := []seam.Term{{Position: last, Target: 1, Versus: 2, Weight: 2}, {Position: last / 2, Target: 3, Versus: -1}}
		if i%2 == 0 {
			terms = append(terms, seam.Term{Position: last / 3, Target: 5, Versus: 4, Weight: -.5}, seam.Term{Position: last / 2, Target: 6, Versus: 1})
		}
		for j := range terms {
			if logProb {
				terms[j].Versus = -1
			}
		}
		all = append(all, terms)
	}
	return all
}

// batchedEdit is the edit of b prompts that each have everyField of another seed.
func batchedEdit(e *Engine, b, n int) *seam.Edit {
	all := &seam.Edit{B: b, T: n}
	for i := range b {
		one := everyField(e.cfg, n, uint64(i))
		for to, from := range map[*[]float32][]float32{&all.Scale: one.Scale, &all.Add: one.Add, &all.Lo: one.Lo, &all.Hi: one.Hi,
			&all.MLP: one.MLP, &all.Residual: one.Residual, &all.Heads: one.Heads} {
			*to = append(*to, from...)
		}
	}
	return all
}

// reordered is how far numbers lie apart, over the largest of them, where two computations in float32 add up the same terms in
// another order. A sum of n terms of like size and either sign has partial sums that grow as √j, and each addition is off by u/√3 of
// its own in the mean, for roundings are even over ±u (u = 2⁻²⁴; Higham and Mary 2019, "A new approach to probabilistic rounding error
// analysis", take them for independent as well): √(Σ_j j·u²/3) = u·n/√6, over the sum's √n so u·√(n/6), and two orders √2 times as much.
// What is made of one sum by another adds its own, and independent errors add by their squares: u·√(N/3) for N terms of all sums on the
// way. Few of the numbers are near the largest: three standard deviations.
func reordered(c decoder.Config, t int) float64 {
	values := c.Heads * c.HeadDim
	forward := 4*c.Width + c.Neurons + 2*(t+c.HeadDim) + values                            // of the last layer and the head: the others are the same
	backward := 4*c.Width + 2*c.Neurons + 2*(t+c.HeadDim) + values + 2*c.KVHeads*c.HeadDim // of every layer
	return 3 * 0x1p-24 * math.Sqrt(float64(forward+c.Layers*backward)/3)
}

// TestPickedRowsChangeNothing: that only the rows which are read go on from the last layer changes no bit on the native backend
// but the sign of a zero, and no more than rounding does on another, whose sums have another order at another size; in every family, under every rule and every shape of an
// edit, in batches of all lengths and with shared beginnings.
func TestPickedRowsChangeNothing(t *testing.T) {
	for _, backend := range Backends {
		for name, m := range families(21) {
			if testing.Short() && name != "gemma2" && name != "qwen3" {
				continue
			}
			t.Run(backend+"/"+name, func(t *testing.T) {
				few, whole := openRandom(t, m, Options{Backend: backend}), asWhole(openRandom(t, m, Options{Backend: backend}))
				bar := 0.
				same := func(what string, a, b []float32, size float64) {
					t.Helper()
					if d := largest(a, b); backend == native && !slices.Equal(a, b) || !(d <= bar*size) {
						t.Errorf("%s: %g away where the largest is %g and %g of it is rounding", what, d, size, bar)
					}
				}
				shared := alike(few)
				for _, ids := range [][][]int32{prompts(m.cfg, 12), prompts(m.cfg, 11, 1, 14), shared, {shared[0], shared[0]}} {
					n := len(slices.MaxFunc(ids, func(a, b []int32) int { return len(a) - len(b) }))
					bar = reordered(m.cfg, n)
					for k, edit := range []*seam.Edit{nil, everyField(m.cfg, 1, 3), everyField(m.cfg, n, 4), batchedEdit(few, len(ids), 1), batchedEdit(few, len(ids), n)} {
						for _, rule := range allRules {
							in := seam.Attribution{IDs: ids, Rule: rule, Edit: edit, LogProb: k%2 == 1, Terms: someRead(ids, k%2 == 1)}
							b, err := few.batch("test", ids)
							if err != nil {
								t.Fatal(err)
							}
							l, err := few.terms("test", b, in.Terms, in.LogProb)
							if err != nil {
								t.Fatal(err)
							}
							if few.pick(b, l.read(b)) == nil || whole.pick(b, l.read(b)) != nil {
								t.Fatal("the two engines do the same: this test shows nothing")
							}
							got, want := attribute(t, few, in), attribute(t, whole, in)
							for i := range ids {
								x, y, size := numbersOf(got, i), numbersOf(want, i), 0. // the largest relevance
								for what, v := range y {
									if what != "logits" {
										size = max(size, largest(v, make([]float32, len(v))))
									}
								}
								for _, what := range slices.Sorted(maps.Keys(x)) {
									same(fmt.Sprintf("%d prompts, edit %d, %s, prompt %d: %s", len(ids), k, rule, i, what), x[what], y[what], size)
								}
							}
						}
						f := seam.Forward{IDs: ids, Edit: edit, Capture: seam.Embedding}
						got, want := forward(t, few, f), forward(t, whole, f)
						f.AllLogits, f.Capture = true, everything
						all := forward(t, few, f) // captures of the last layer are of all rows
						for i := range ids {
							what := fmt.Sprintf("%d prompts, edit %d, prompt %d: ", len(ids), k, i)
							size := largest(want.Logits[i], make([]float32, m.cfg.Vocab))
							same(what+"logits", got.Logits[i], want.Logits[i], size)
							same(what+"logits among all", got.Logits[i], all.Logits[i][len(all.Logits[i])-m.cfg.Vocab:], size)
						}
					}
				}
				if live := few.live.Load(); live != 0 {
					t.Errorf("%d tensors were not freed", live)
				}
			})
		}
	}
}

// TestPickedRowsOfOtherCalls: nor does it change what variants and decoding give.
func TestPickedRowsOfOtherCalls(t *testing.T) {
	eachModel(t, func(t *testing.T, few *Engine) {
		ids := alike(few)
		edits := []*seam.Edit{nil, everyField(few.cfg, 1, 1), batchedEdit(few, len(ids), 13)}
		for _, edits := range [][]*seam.Edit{edits, {nil}} {
			logits := func() (all [][]float32) {
				steered := make([][]float32, len(edits)*len(ids))
				err := few.Variants(t.Context(), ids, edits, nil, func(k, p int, z []float32) error {
					steered[k*len(ids)+p] = z
					return nil
				}, nil)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, steered...)
				for _, in := range ids {
					d, err := few.Decode(t.Context(), seam.Decoding{IDs: in, Edit: edits[0]})
					if err != nil {
						t.Fatal(err)
					}
					if err := d.Step(t.Context(), 3); err != nil {
						t.Fatal(err)
					}
					all = append(all, d.Logits())
					d.Close()
				}
				return all
			}
			got := logits()
			before := few.limits
			want := func() [][]float32 { asWhole(few); defer func() { few.limits = before }(); return logits() }()
			for i := range want {
				if !slices.Equal(got[i], want[i]) {
					t.Errorf("%d edits, logits %d: %g away", len(edits), i, largest(got[i], want[i]))
				}
			}
		}
	})
}

// TestOverflowOfRowsNotRead: numbers beyond float32 below the last layer end a call also where they are at a row that does not
// go on: the next norm would make zeros of them, to which others attend.
func TestOverflowOfRowsNotRead(t *testing.T) {
	m := small()
	m.cfg = newConfig(10, 24, 40, 6, 2, 8, 60, 200) // whose last group has several layers
	e := openRandom(t, m, Options{})
	if last := e.groups[len(e.groups)-1]; last.len() < 5 {
		t.Fatalf("the last group has %d layers, which says nothing here", last.len())
	}
	c, ids := e.cfg, prompts(m.cfg, 4, 9)
	for _, layer := range []int{c.Layers - 2, c.Layers - 4} {
		edit := &seam.Edit{B: 2, T: 9, Scale: filled(2*c.Layers*9*c.Neurons, 1)}
		for i := range c.Neurons {
			edit.Scale[((c.Layers+layer)*9+2)*c.Neurons+i] = 1e30
		}
		_, forward := e.Forward(t.Context(), seam.Forward{IDs: ids, Edit: edit}, nil)
		_, attribute := e.Attribute(t.Context(), seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: seam.RelP, Edit: edit}, nil)
		for _, err := range []error{forward, attribute} {
			if s, ok := errors.AsType[*seam.Error](err); !ok || s.Code != seam.NotFinite || s.Place == nil || s.Place.Layer != layer || s.Place.Prompt != 1 {
				t.Errorf("layer %d: %v", layer, err)
			}
		}
	}
}
