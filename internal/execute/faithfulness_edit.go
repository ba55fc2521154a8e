package execute

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A unitSet is units of a model [L][F] and [L][H].
type unitSet struct{ neurons, heads [][]bool }

func newUnitSet(shape engine.Shape, units []engine.Neuron) unitSet {
	s := unitSet{make([][]bool, shape.Layers), make([][]bool, shape.Layers)}
	for l := range shape.Layers {
		s.neurons[l], s.heads[l] = make([]bool, shape.Neurons), make([]bool, shape.Heads)
	}
	for _, u := range units {
		if u.Head {
			s.heads[u.Layer][u.Index] = true
		} else {
			s.neurons[u.Layer][u.Index] = true
		}
	}
	return s
}

// edit composes a pass over a group: the interventions of every pass, then what is ablated. It is one edit for all prompts
// where none differs, and one for each elsewhere.
func (s faithful) edit(shape engine.Shape, g faithfulGroup, sets func(size, ranking int) []engine.Neuron, to ablatedTo, p faithfulPass) *engine.Edit {
	var (
		set  unitSet
		want bool // what is ablated: units whose membership is this
	)
	switch p.what {
	case keepAll, transferNone, keepNothing:
		return composeBatch(shape, s.Edits, g.lengths(), g.bos)
	case keepNone:
		set = newUnitSet(shape, nil)
	case keepSet:
		set = newUnitSet(shape, sets(p.size, p.ranking))
	case ablateSet, transferSet:
		set, want = newUnitSet(shape, sets(p.size, p.ranking)), true
	}
	neurons, heads := s.kinds()
	one := func(b int) *engine.Edit {
		T, rows, from := g.length(), to.rows, 0
		if s.KeepFirst {
			rows, from = T, 1
		}
		if byPosition(s.Edits, g.bos[b]) {
			rows = T
		}
		sh := &sheet{shape: shape, t: rows}
		for _, i := range s.Edits {
			if i.Scope != message.GeneratedOnly {
				sh.apply(i, T, g.bos[b])
			}
		}
		if neurons > 0 {
			sh.plain().ablate(set.neurons, want, from, to.of(b)[engine.Neurons], to.rows)
		}
		if heads > 0 {
			sh.plain().ablateHeads(set.heads, want, from, to.of(b)[engine.Heads], to.rows)
		}
		return sh.edit()
	}
	if n := len(g.cases); n > 1 && (to.each() || slices.ContainsFunc(s.Edits, func(i message.Intervention) bool { return i.SkipBOS })) {
		each := make([]*engine.Edit, n)
		for b := range each {
			each[b] = one(b)
		}
		return stack(shape, each, g.lengths())
	}
	return one(0)
}

// ablate sets the neurons of a layer whose membership in a set [L][F] is want, from a position on, to values [L,rows,F]; none
// are zeros.
func (s *sheet) ablate(set [][]bool, want bool, from int, values []float32, rows int) {
	F := s.shape.Neurons
	for l, in := range set {
		for n, is := range in {
			if is != want {
				continue
			}
			for t := from; t < s.t; t++ {
				x := float32(0)
				if values != nil {
					x = values[(l*rows+min(t, rows-1))*F+n]
				}
				s.prepare()
				s.set(s.at(engine.Neuron{Layer: l, Index: n}, t), x)
			}
		}
	}
}

// ablateHeads sets the heads of a layer whose membership in a set [L][H] is want, from a position on, to values [L,rows,H·C];
// none are zeros.
func (s *sheet) ablateHeads(set [][]bool, want bool, from int, values []float32, rows int) {
	H, C := s.shape.Heads, s.shape.HeadDim
	for l, in := range set {
		for n, is := range in {
			for t := from; is == want && t < s.t; t++ {
				u := engine.Neuron{Layer: l, Index: n, Head: true}
				s.scaleHead(u, t, 0)
				if values != nil {
					s.addHead(u, t, values[((l*rows+min(t, rows-1))*H+n)*C:][:C])
				}
			}
		}
	}
}

// counterfactual is the group on its patch prompts.
func (g faithfulGroup) counterfactual() faithfulGroup {
	g.prompts, g.bos = g.patch, g.patchBOS
	return g
}

// lengths returns the number of tokens of each of its prompts.
func (g faithfulGroup) lengths() []int { return lengths(g.prompts) }

// transplant measures a group's patch prompts with units as they are on the prompts themselves: what is sufficient for the
// behavior brings it along.
func (s faithful) transplant(ctx context.Context, e *env, g faithfulGroup, sets func(size, ranking int) []engine.Neuron, got *faithfulResponse, step func()) error {
	own := make([][]engine.Token, len(g.cases))
	for k, ids := range g.prompts {
		ts, err := tokensOf(e, ids)
		if err != nil {
			return err
		}
		own[k] = ts
	}
	onto := g.counterfactual()
	T := onto.length()
	if g.length() < T {
		return noPartner(g.about[0].Prompt, T)
	}
	source, err := s.captured(ctx, e, own, T)
	if err != nil {
		return err
	}
	passes := append([]faithfulPass{{what: transferNone}}, s.overSets(transferSet)...)
	return s.measure(ctx, e, onto, passes, func(p faithfulPass) *engine.Edit {
		return s.edit(e.Shape(), onto, sets, ablatedTo{T, source}, p)
	}, got, step)
}
