package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// unit returns random directions of length 1 for some layers, zeros in the others, for n positions alike [L,n,W].
func unit(c decoder.Config, n, width int, r *rand.Rand, has func(layer int) bool) []float32 {
	all := make([]float32, c.Layers*n*width)
	for l := range c.Layers {
		if !has(l) {
			continue
		}
		u, sum := make([]float64, width), 0.
		for i := range u {
			u[i] = r.NormFloat64()
			sum += u[i] * u[i]
		}
		for p := range n {
			for i, x := range u {
				all[(l*n+p)*width+i] = float32(x / math.Sqrt(sum))
			}
		}
	}
	return all
}

// stagesOf is an edit of everything that an edit can, in three stages: plain, under a gate with directions taken out, and under
// another gate, of n positions.
func stagesOf(c decoder.Config, n int, seed uint64, site seam.Site, prompt bool) *seam.Edit {
	r := rand.New(rand.NewPCG(seed, 22))
	every := func(int) bool { return true }
	first, second, third := everyField(c, n, seed), everyField(c, n, seed+1), everyField(c, n, seed+2)
	first.OutResidual, first.Times = unit(c, n, c.Width, r, every), .5
	second.OutMLP, second.OutResidual = unit(c, n, c.Width, r, every), unit(c, n, c.Width, r, every)
	w := site.Width(seam.Shape{Width: c.Width, Neurons: c.Neurons})
	second.Gate = &seam.Gate{Site: site, Directions: unit(c, 1, w, r, every), Prompt: prompt}
	third.Gate = &seam.Gate{Site: seam.Residual, Directions: unit(c, 1, c.Width, r, func(l int) bool { return l%3 == 1 }), Above: .1}
	third.OutResidual, third.Times = unit(c, n, c.Width, r, every), 1.5
	first.Next, second.Next = second, third
	return first
}

// TestConditionsAreTheReference: what a gate lets through and what is taken out of a direction is, forward and backward, what the
// reference in float64 says, under every rule, in batches of prompts of different lengths, in blocks and on the Go backend.
func TestConditionsAreTheReference(t *testing.T) {
	for name, m := range families(7) {
		t.Run(name, func(t *testing.T) {
			c := m.cfg
			whole, long, plain := openRandom(t, m, Options{}), asLong(openRandom(t, m, Options{})), openRandom(t, m, Options{Backend: "go"})
			ids := prompts(c, 9, 5, 1)
			for k, ed := range []*seam.Edit{stagesOf(c, 1, 1, seam.Residual, false), stagesOf(c, 9, 2, seam.MLP, true), stagesOf(c, 1, 3, seam.Neurons, true)} {
				for _, rule := range allRules {
					if k > 0 && rule != seam.RelP && rule != seam.Gradient {
						continue
					}
					in := seam.Attribution{IDs: ids, Rule: rule, Edit: ed}
					for _, p := range ids {
						in.Terms = append(in.Terms, []seam.Term{{Position: len(p) - 1, Target: 1, Versus: 2, Weight: 2}, {Position: len(p) / 3, Target: 3, Versus: -1}})
					}
					for on, e := range map[string]*Engine{"whole": whole, "in blocks": long, "go": plain} {
						if on == "go" && (rule != seam.RelP || testing.Short()) {
							continue
						}
						a := attribute(t, e, in)
						for i, p := range ids {
							r := reference64{c: c, src: m, rule: rule, edit: ed}
							checkReference(t, fmt.Sprintf("edit %d, %s, %s, prompt %d: ", k, rule, on, i), r, a, i, r.run(p, in.Terms[i], false))
							if d := residual(a, i); rule != seam.Gradient && !(d < 1e-4) {
								t.Errorf("edit %d, %s, %s, prompt %d: residual %g of the largest term", k, rule, on, i, d)
							}
						}
					}
				}
			}
		})
	}
}

// TestGatesShutAndOpen: a gate that nothing passes changes nothing, bit for bit, and one that all pass is none, in every call.
func TestGatesShutAndOpen(t *testing.T) {
	eachModel(t, func(t *testing.T, e *Engine) {
		c, ids := e.cfg, prompts(e.cfg, 9, 4, 1)
		ids[1] = append(slices.Clone(ids[0][:3]), ids[1]...) // two begin alike
		every := func(int) bool { return true }
		for _, site := range []seam.Site{seam.Neurons, seam.MLP, seam.Residual} {
			for _, prompt := range []bool{false, true} {
				r := rand.New(rand.NewPCG(5, 5))
				w := site.Width(seam.Shape{Width: c.Width, Neurons: c.Neurons})
				gated := func(above float32) *seam.Edit {
					ed := everyField(c, 1, 3)
					ed.OutResidual = unit(c, 1, c.Width, rand.New(rand.NewPCG(6, 6)), every)
					if above != 0 {
						ed.Gate = &seam.Gate{Site: site, Directions: unit(c, 1, w, r, every), Above: above, Prompt: prompt}
					}
					return ed
				}
				shut, open := gated(1e30), gated(-1e30)
				always := gated(0)
				neutralBelow(c, always, site)
				neutralBelow(c, open, site)
				what := fmt.Sprintf("%v, by prompt %t", site, prompt)
				plain := forward(t, e, seam.Forward{IDs: ids, AllLogits: true, Capture: seam.Neurons | seam.Residual})
				none := forward(t, e, seam.Forward{IDs: ids, AllLogits: true, Capture: seam.Neurons | seam.Residual, Edit: shut})
				all := forward(t, e, seam.Forward{IDs: ids, AllLogits: true, Capture: seam.Neurons | seam.Residual, Edit: always})
				passed := forward(t, e, seam.Forward{IDs: ids, AllLogits: true, Capture: seam.Neurons | seam.Residual, Edit: open})
				variants := runVariants(t, e, ids, []*seam.Edit{nil, shut, open, always})
				for i := range ids {
					if !equal(plain.Logits[i], none.Logits[i]) || !equal(plain.Residual[i], none.Residual[i]) || !equal(plain.Neurons[i], none.Neurons[i]) {
						t.Errorf("%s: a gate that nothing passes changes a forward pass", what)
					}
					if !equal(all.Logits[i], passed.Logits[i]) || !equal(all.Residual[i], passed.Residual[i]) {
						t.Errorf("%s: a gate that all pass is not none in a forward pass", what)
					}
					if equal(plain.Logits[i], passed.Logits[i]) {
						t.Errorf("%s: the edit does nothing, so this shows nothing", what)
					}
					if !equal(variants[0][i], variants[1][i]) || !equal(variants[2][i], variants[3][i]) || equal(variants[0][i], variants[2][i]) {
						t.Errorf("%s: gates do not hold in variants", what)
					}
				}
				for _, rule := range []seam.Rule{seam.RelP, seam.Gradient} {
					in := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: rule}
					attributed := func(ed *seam.Edit) seam.AttributionResult { in.Edit = ed; return attribute(t, e, in) }
					a, b, x, y := attributed(nil), attributed(shut), attributed(always), attributed(open)
					for i := range ids {
						if !equal(a.Scores[i], b.Scores[i]) || !equal(a.Tokens[i], b.Tokens[i]) || b.Injected[i] != 0 {
							t.Errorf("%s, %s: a gate that nothing passes changes an attribution", what, rule)
						}
						if !equal(x.Scores[i], y.Scores[i]) || !equal(x.Tokens[i], y.Tokens[i]) || x.Injected[i] != y.Injected[i] {
							t.Errorf("%s, %s: a gate that all pass is not none in an attribution", what, rule)
						}
					}
				}
				for k, p := range [][2]*seam.Edit{{nil, shut}, {always, open}} {
					if a, b := stepped4(t, e, ids[0], p[0], p[0]), stepped4(t, e, ids[0], p[1], p[1]); !equal(a, b) {
						t.Errorf("%s: gates do not hold in a session (%d)", what, k)
					}
				}
			}
		}
	})
}

// neutralBelow makes neutral what comes before a site in the first layer: no gate there has decided anything yet.
func neutralBelow(c decoder.Config, e *seam.Edit, site seam.Site) {
	for i := range c.Heads {
		e.Heads[i] = 1
	}
	if site > seam.Neurons {
		for i := range c.Neurons {
			e.Scale[i], e.Add[i], e.Lo[i], e.Hi[i] = 1, float32(math.Copysign(0, -1)), float32(math.Inf(-1)), float32(math.Inf(1))
		}
	}
	if site > seam.MLP {
		for i := range c.Width {
			e.MLP[i] = float32(math.Copysign(0, -1))
		}
	}
}

// runVariants returns the logits of every edit and prompt.
func runVariants(t *testing.T, e *Engine, ids [][]int32, edits []*seam.Edit) [][][]float32 {
	t.Helper()
	out := make([][][]float32, len(edits))
	for i := range out {
		out[i] = make([][]float32, len(ids))
	}
	err := e.Variants(t.Context(), ids, edits, nil, func(edit, prompt int, logits []float32) error {
		out[edit][prompt] = slices.Clone(logits)
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// stepped4 returns the logits after a prompt and after three tokens more.
func stepped4(t *testing.T, e *Engine, ids []int32, prompt, generated *seam.Edit) (all []float32) {
	t.Helper()
	d, err := e.Decode(t.Context(), seam.Decoding{IDs: ids, Edit: prompt, Generated: generated, Reserve: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	all = slices.Clone(d.Logits())
	for id := range int32(3) {
		if err := d.Step(t.Context(), id+5); err != nil {
			t.Fatal(err)
		}
		all = append(all, d.Logits()...)
	}
	return all
}

// TestSessionsUnderGates: a session under a gate by token is the forward pass of all its tokens, and one by prompt goes on as the
// last token of its prompt decided, whatever comes.
func TestSessionsUnderGates(t *testing.T) {
	eachModel(t, func(t *testing.T, e *Engine) {
		const layer = 1
		c, ids := e.cfg, prompt(e.cfg, 7, 2)
		w := c.Width
		direction := unit(c, 1, w, rand.New(rand.NewPCG(8, 8)), func(l int) bool { return l == layer })
		edit := func() *seam.Edit {
			return &seam.Edit{B: 1, T: 1, Residual: filled(c.Layers*w, .05), MLP: filled(c.Layers*w, .03), Heads: filled(c.Layers*c.Heads, .9),
				HeadAdd: filled(c.Layers*c.Heads*c.HeadDim, .2)}
		}
		late := func(ed *seam.Edit) *seam.Edit { // what is before the gate
			for i := range (layer + 1) * c.Heads {
				ed.Heads[i] = 1
			}
			for i := range (layer + 1) * c.Heads * c.HeadDim {
				ed.HeadAdd[i] = float32(math.Copysign(0, -1))
			}
			for i := range (layer + 1) * w {
				ed.MLP[i] = float32(math.Copysign(0, -1))
				if i < layer*w {
					ed.Residual[i] = ed.MLP[i]
				}
			}
			return ed
		}
		plain := forward(t, e, seam.Forward{IDs: [][]int32{ids}, Capture: seam.Residual})
		var at []float64 // of each token
		for i := range ids {
			p := 0.
			for j, x := range plain.Residual[0][(layer*len(ids)+i)*w:][:w] {
				p += float64(x) * float64(direction[layer*w+j])
			}
			at = append(at, p)
		}
		last := at[len(at)-1]
		for _, above := range []float64{last - .01, last + .01} {
			ed := edit()
			ed.Gate = &seam.Gate{Site: seam.Residual, Directions: direction, Above: float32(above), Prompt: true}
			generated := edit()
			generated.Gate = ed.Gate
			want := stepped4(t, e, ids, nil, nil)
			if above < last {
				want = stepped4(t, e, ids, late(edit()), late(edit()))
			}
			if got := stepped4(t, e, ids, ed, generated); !equal(got, want) {
				t.Errorf("above %g, where the prompt has %g: the session does not go on as its prompt decides", above, last)
			}
			none := &seam.Edit{B: 1, T: 1, Gate: ed.Gate}
			if above < last {
				want = stepped4(t, e, ids, nil, late(edit()))
			}
			if got := stepped4(t, e, ids, none, generated); !equal(got, want) {
				t.Errorf("above %g: new text alone does not go on as its prompt decides", above)
			}
		}
		slices.Sort(at)
		token := edit()
		token.Gate = &seam.Gate{Site: seam.Residual, Directions: direction, Above: float32((at[2] + at[3]) / 2)}
		token.OutResidual = unit(c, 1, w, rand.New(rand.NewPCG(9, 9)), func(int) bool { return true })
		all := forward(t, e, seam.Forward{IDs: [][]int32{append(slices.Clone(ids), 5, 6, 7)}, AllLogits: true, Edit: token})
		within(t, "a session under a gate by token", stepped4(t, e, ids, token, token), all.Logits[0][(len(ids)-1)*c.Vocab:], 1e-5)
		if _, err := e.Decode(t.Context(), seam.Decoding{IDs: ids, Generated: &seam.Edit{B: 1, T: 1, Gate: &seam.Gate{Site: seam.Residual, Directions: direction, Prompt: true}}}); err == nil {
			t.Error("a gate by prompt that no prompt decides is taken")
		}
	})
}
