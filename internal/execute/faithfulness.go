package execute

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runFaithfulness measures how much of a behavior the first units of a ranking carry: by groups of prompts of one length,
// every size of every ranking as a variant of the same passes.
func runFaithfulness(ctx context.Context, e *env, settings message.FaithfulnessSettings) (any, tensors, error) {
	s := faithful{settings}
	in, err := s.read(e)
	if err != nil {
		return nil, nil, err
	}
	if parts := s.parts(in); len(parts) > 1 {
		return s.inParts(ctx, e, in, parts)
	}
	donors, err := s.donors(ctx, e, in)
	if err != nil {
		return nil, nil, err
	}
	sets, err := s.sets(ctx, e, in)
	if err != nil {
		return nil, nil, err
	}
	got := newFaithfulResponse(len(s.Counts), 1+s.Controls, len(in.cases), s.Transplant)
	meter := s.meter(e, in)
	for _, g := range s.groups(in) {
		ablated, err := donors.group(ctx, e, g)
		if err != nil {
			return nil, nil, err
		}
		if err := s.measure(ctx, e, g, s.passes(), func(p faithfulPass) *engine.Edit { return s.edit(e.Shape(), g, sets, ablated, p) }, got, meter); err != nil {
			return nil, nil, err
		}
		if s.Embeddings {
			onto := g.counterfactual()
			if err := s.measure(ctx, e, onto, []faithfulPass{{what: keepNothing}}, func(p faithfulPass) *engine.Edit {
				return s.edit(e.Shape(), onto, sets, ablated, p)
			}, got, meter); err != nil {
				return nil, nil, err
			}
		}
		if s.Transplant {
			if err := s.transplant(ctx, e, g, sets, got, meter); err != nil {
				return nil, nil, err
			}
		}
	}
	got.fill(s.Counts)
	return s.body(e, in, len(donors.prompts)), got.tensors(), nil
}

// body says what was measured, with activations from so many prompts.
func (s faithful) body(e *env, in faithfulInput, patches int) message.FaithfulnessBody {
	neurons, heads := s.kinds()
	return message.FaithfulnessBody{
		Shape: e.Shape(), Neurons: neurons, Heads: heads, Counts: s.Counts, Ablation: s.Ablation, Patches: patches,
		KeepFirst: s.KeepFirst, Controls: s.Controls, Active: s.Active, Embeddings: s.Embeddings, Transplant: s.Transplant, Seed: s.Seed, Cases: in.about,
	}
}

// faithful is a faithfulness curve that is being computed.
type faithful struct{ message.FaithfulnessSettings }

// kinds counts the ranked neurons and heads.
func (s faithful) kinds() (neurons, heads int) {
	for _, n := range s.Ranked {
		if n.Head {
			heads++
		}
	}
	return len(s.Ranked) - heads, heads
}

// What a pass keeps.
const (
	keepAll      = iota // the model as it is
	keepNone            // every unit ablated
	keepNothing         // the embeddings too: the counterfactual prompt as it is
	keepSet             // all but the set ablated: F(C)
	ablateSet           // only the set ablated: F(C̄)
	transferNone        // the counterfactual prompt as it is
	transferSet         // that prompt, with the set as it is on the case's own
)

// A faithfulPass is one way to run the prompts.
type faithfulPass struct {
	what          int
	size, ranking int // of a set
}

// passes lists what is run on every prompt. Of no unit nothing is run: F(C) is then F(∅), and F(C̄) is F(M).
func (s faithful) passes() []faithfulPass {
	out := []faithfulPass{{what: keepAll}}
	if !s.Embeddings {
		out = append(out, faithfulPass{what: keepNone})
	}
	for _, what := range []int{keepSet, ablateSet} {
		out = append(out, s.overSets(what)...)
	}
	return out
}

func (s faithful) overSets(what int) (out []faithfulPass) {
	for k, count := range s.Counts {
		for r := range 1 + s.Controls {
			if count > 0 {
				out = append(out, faithfulPass{what, k, r})
			}
		}
	}
	return out
}

// measure runs passes on the prompts of a group.
func (s faithful) measure(ctx context.Context, e *env, g faithfulGroup, list []faithfulPass, edit func(faithfulPass) *engine.Edit, got *faithfulResponse, step func()) error {
	return passes[faithfulPass]{
		edit: edit,
		each: func(p faithfulPass, prompt int, logits []float32) {
			got.put(p, g.cases[prompt], metricAt(logits, g.about[prompt]))
			step()
		},
		overflow: func(p faithfulPass, prompt int, gives string) error { return s.overflow(p, g, prompt, gives) },
	}.run(ctx, e, g.prompts, list, editBytes)
}

// overflow is the mistake of a pass whose numbers float32 does not hold.
func (s faithful) overflow(p faithfulPass, g faithfulGroup, prompt int, gives string) error {
	by := map[int]string{keepAll: "the model as it is", keepNone: "ablating every unit", keepNothing: "the patch prompt's pass", transferNone: "the patch prompt's pass"}[p.what]
	if by == "" {
		by = fmt.Sprintf("the size %d", s.Counts[p.size])
	}
	return engine.Mistake(engine.NotFinite, "%s gives %s on %q", by, gives, g.about[prompt].Prompt).Try(engine.TryLessOrCheck)
}

// meter returns a function that reports one more prompt under one more pass.
func (s faithful) meter(e *env, in faithfulInput) func() {
	done, total := 0, s.perCase()*len(in.cases)
	e.emit(steer.Event{Phase: "faithfulness", Total: total})
	return func() {
		done++
		e.emit(steer.Event{Phase: "faithfulness", Done: done, Total: total})
	}
}

// perCase counts the passes of a case.
func (s faithful) perCase() int {
	n := len(s.passes())
	if s.Embeddings {
		n++
	}
	if s.Transplant {
		n += 1 + len(s.overSets(transferSet))
	}
	return n
}
