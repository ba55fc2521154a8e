package steertest

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// directions returns random directions of length 1 for some layers, zeros in the others [L,W].
func directions(s engine.Shape, width int, seed uint64, has func(layer int) bool) []float32 {
	noise, all := splitMix(seed), make([]float32, s.Layers*width)
	for l := range s.Layers {
		u, sum := make([]float64, width), 0.
		for i := range u {
			u[i] = noise()
			sum += u[i] * u[i]
		}
		for i, x := range u {
			if has(l) {
				all[l*width+i] = float32(x / math.Sqrt(sum))
			}
		}
	}
	return all
}

func every(int) bool { return true }

// conditional returns an edit of two stages: neurons and directions everywhere, then vectors where a gate at a site says so. The
// threshold is what a position has, so that some pass.
func (b bench) conditional(t *testing.T, site engine.Site, prompt bool) *engine.Edit {
	t.Helper()
	s := b.shape
	first, second := b.random(1, 1, 211), b.vectors(t, 1, 1, 223)
	first.OutResidual, first.Times = directions(s, s.Width, 227, every), .5
	first.OutMLP = directions(s, s.Width, 229, every)
	second.OutResidual = directions(s, s.Width, 233, every)
	second.Gate = &engine.Gate{Site: site, Directions: directions(s, site.Width(s), 239, func(l int) bool { return l == 0 }), Prompt: prompt}
	seen := b.forward(t, engine.Forward{IDs: b.ids, Capture: everything, Edit: first})
	var at []float64
	for i, ids := range b.ids {
		w := site.Width(s)
		for p := range ids {
			x := map[engine.Site][][]float32{engine.Neurons: seen.Neurons, engine.MLP: seen.MLP, engine.Residual: seen.Residual}[site][i][p*w:][:w]
			sum := 0.
			for k, v := range x {
				sum += float64(v) * float64(second.Gate.Directions[k])
			}
			if p == len(ids)-1 || !prompt {
				at = append(at, sum)
			}
		}
	}
	slices.Sort(at)
	second.Gate.Above = float32((at[len(at)/2-1] + at[len(at)/2]) / 2)
	first.Next = second
	return first
}

// testConditions: a gate that no position passes changes nothing, one that all pass is none; and a position that passes, or a
// prompt, is what it is without the gate, the others what they are without the stage, in every call.
func testConditions(t *testing.T, b bench) {
	for _, site := range []engine.Site{engine.Neurons, engine.MLP, engine.Residual} {
		for _, prompt := range []bool{false, true} {
			what := fmt.Sprintf("%v, by prompt %t", site, prompt)
			e := b.conditional(t, site, prompt)
			if site == engine.Residual {
				clear(e.Next.MLP[:b.shape.Width]) // it comes before the gate
			}
			with := func(above float32) *engine.Edit {
				first, second, gate := *e, *e.Next, *e.Next.Gate
				gate.Above, second.Gate, first.Next = above, &gate, &second
				return &first
			}
			bare, free, open := *e, *e.Next, *e
			bare.Next, free.Gate, open.Next = nil, nil, &free
			edits := []*engine.Edit{&bare, with(math.MaxFloat32), &open, with(-math.MaxFloat32), e}
			var all []engine.ForwardResult
			for _, ed := range edits {
				all = append(all, b.forward(t, engine.Forward{IDs: b.ids, Capture: engine.Residual, Edit: ed}))
			}
			variants := b.variants(t, b.ids, edits)
			passed := 0
			for i, ids := range b.ids {
				for _, k := range []int{1, 3} {
					same(t, what, all[k].Logits[i], all[k-1].Logits[i])
					same(t, what, all[k].Residual[i], all[k-1].Residual[i])
				}
				for k := range edits {
					near(t, what+", variants", variants[k][i], all[k].Logits[i], orderBound)
				}
				for p := range ids { // after layer 0
					row := func(k int) []float32 { return all[k].Residual[i][p*b.shape.Width:][:b.shape.Width] }
					if b.passes(t, e, i, p) {
						near(t, what+", a position that passes", row(4), row(2), orderBound)
						passed++
					} else {
						near(t, what+", a position that does not pass", row(4), row(0), orderBound)
					}
				}
			}
			if total := len(b.ids[0]) + len(b.ids[1]) + len(b.ids[2]); passed == 0 || passed == total {
				t.Errorf("%s: %d of %d positions pass, so this shows nothing", what, passed, total)
			}
			b.decided(t, what, e, &bare, &open)
		}
	}
}

// passes reports whether a position passes the gate of an edit's second stage, which is of layer 0.
func (b bench) passes(t *testing.T, e *engine.Edit, prompt, position int) bool {
	t.Helper()
	g, ids := e.Next.Gate, b.ids[prompt]
	if g.Prompt {
		position = len(ids) - 1
	}
	first := *e
	first.Next = nil
	r := b.forward(t, engine.Forward{IDs: b.ids[prompt : prompt+1], Capture: g.Site, Edit: &first})
	sum, w := 0., g.Site.Width(b.shape)
	for k, x := range r.At(g.Site)[position*w:][:w] {
		sum += float64(x) * float64(g.Directions[k])
	}
	return sum > float64(g.Above)
}

// decided: while decoding each new position decides for itself, or goes on as its prompt did.
func (b bench) decided(t *testing.T, what string, e, bare, open *engine.Edit) {
	t.Helper()
	for i, ids := range b.ids {
		n := len(ids) / 2
		if !e.Next.Gate.Prompt {
			all := b.forward(t, engine.Forward{IDs: b.ids[i : i+1], Edit: e, AllLogits: true}).Logits[0]
			for k, got := range b.decode(t, ids, n, e, e) {
				near(t, what+", cached logits", got, all[(n-1+k)*b.shape.Vocab:][:b.shape.Vocab], orderBound)
			}
			continue
		}
		want := bare
		if (bench{b.e, b.shape, [][]int32{ids[:n]}}).passes(t, e, 0, 0) {
			want = open
		}
		got, as := b.decode(t, ids, n, e, e), b.decode(t, ids, n, want, want)
		for k := range got {
			near(t, what+", cached logits", got[k], as[k], orderBound)
		}
		if _, err := b.e.Decode(t.Context(), engine.Decoding{IDs: ids, Edit: bare, Generated: e, Reserve: 1}); err == nil {
			t.Errorf("%s: new text goes on as no prompt has decided", what)
		}
	}
}

// testProjection: of a direction that is taken out nothing is left, taking it out again changes nothing, and mirroring it twice
// neither.
func testProjection(t *testing.T, b bench) {
	s := b.shape
	out := func(times float32) *engine.Edit {
		return &engine.Edit{B: 1, T: 1, OutMLP: directions(s, s.Width, 241, every), OutResidual: directions(s, s.Width, 251, every), Times: times}
	}
	twice, mirrored := out(1), out(2)
	twice.Next, mirrored.Next = out(0), out(2)
	run := func(e *engine.Edit) engine.ForwardResult {
		return b.forward(t, engine.Forward{IDs: b.ids, Capture: everything, Edit: e})
	}
	plain, once, again, back := run(nil), run(out(0)), run(twice), run(mirrored)
	for i, ids := range b.ids {
		near(t, "taken out twice", again.Residual[i], once.Residual[i], orderBound)
		near(t, "mirrored twice", back.Residual[i], plain.Residual[i], orderBound)
		for _, x := range []struct{ rows, u []float32 }{{once.Residual[i], out(1).OutResidual}, {once.MLP[i], out(1).OutMLP}} {
			for k := 0; k < len(x.rows); k += s.Width {
				l, along, most := k/s.Width/len(ids), 0., 0.
				for d, v := range x.rows[k:][:s.Width] {
					along, most = along+float64(v)*float64(x.u[l*s.Width+d]), most+float64(v)*float64(v)
				}
				if !(math.Abs(along) <= orderBound*math.Sqrt(most)) {
					t.Errorf("prompt %d, layer %d: %v of %v is left of the direction", i, l, along, math.Sqrt(most))
				}
			}
		}
	}
	long := out(1)
	for i := range long.OutMLP {
		long.OutMLP[i] *= 2
	}
	if _, err := b.e.Forward(t.Context(), engine.Forward{IDs: b.ids, Edit: long}, nil); err == nil {
		t.Error("a direction of length 2 is taken")
	}
}
