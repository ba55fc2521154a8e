package execute

import (
	"context"
	"errors"
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
		if s.Transplant {
			if err := s.transplant(ctx, e, g, sets, got, meter); err != nil {
				return nil, nil, err
			}
		}
	}
	got.fill(s.Counts)
	neurons, heads := s.kinds()
	return message.FaithfulnessBody{
		Shape: e.Shape(), Neurons: neurons, Heads: heads, Counts: s.Counts, Ablation: s.Ablation, Patches: len(donors.prompts),
		KeepFirst: s.KeepFirst, Controls: s.Controls, Active: s.Active, Transplant: s.Transplant, Seed: s.Seed, Cases: in.about,
	}, got.tensors(), nil
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
	out := []faithfulPass{{what: keepAll}, {what: keepNone}}
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

// measure runs the passes on the prompts of a group, as many in one call as a bound of the edits' bytes allows.
func (s faithful) measure(ctx context.Context, e *env, g faithfulGroup, passes []faithfulPass, edit func(faithfulPass) *engine.Edit, got *faithfulResponse, step func()) error {
	for len(passes) > 0 {
		var edits []*engine.Edit
		for size := 0; len(edits) < len(passes) && (len(edits) == 0 || size <= editBytes); {
			x := edit(passes[len(edits)])
			edits, size = append(edits, x), size+x.Bytes()
		}
		part := passes[:len(edits)]
		each := func(edit, prompt int, logits []float32) error {
			if i := message.FirstNotFinite(logits); i >= 0 {
				return s.overflow(part[edit], g, prompt, fmt.Sprintf("a logit that is not a finite number (%v)", logits[i]))
			}
			got.put(part[edit], g.cases[prompt], metricAt(logits, g.about[prompt]))
			step()
			return nil
		}
		if err := e.Variants(ctx, g.prompts, edits, each, nil); err != nil {
			return s.located(err, part, g)
		}
		passes = passes[len(edits):]
	}
	return nil
}

// metricAt returns logit(target) − logit(versus), or the target's alone, of logits [V].
func metricAt(logits []float32, c message.SweepPrompt) float32 {
	m := float64(logits[c.Target.ID])
	if c.Versus != nil {
		m -= float64(logits[c.Versus.ID])
	}
	return float32(m)
}

// located names the pass of a mistake that the engine found in one.
func (s faithful) located(err error, part []faithfulPass, g faithfulGroup) error {
	var e *engine.Error
	if errors.As(err, &e) && e.Place != nil && e.Place.Edit >= 0 && e.Place.Layer >= 0 {
		return s.overflow(part[e.Place.Edit], g, e.Place.Prompt, fmt.Sprintf("numbers that are not finite, or too large, in layer %d", e.Place.Layer))
	}
	return err
}

func (s faithful) overflow(p faithfulPass, g faithfulGroup, prompt int, what string) error {
	by := map[int]string{keepAll: "the model as it is", keepNone: "ablating every unit", transferNone: "the patch prompt's pass"}[p.what]
	if by == "" {
		by = fmt.Sprintf("the size %d", s.Counts[p.size])
	}
	return engine.Mistake(engine.NotFinite, "%s gives %s on %q", by, what, g.about[prompt].Prompt).Try(engine.TryLessOrCheck)
}

// meter returns a function that reports one more prompt under one more pass.
func (s faithful) meter(e *env, in faithfulInput) func() {
	done, total := 0, len(s.passes())*len(in.cases)
	if s.Transplant {
		total += (1 + len(s.overSets(transferSet))) * len(in.cases)
	}
	e.emit(steer.Event{Phase: "faithfulness", Total: total})
	return func() {
		done++
		e.emit(steer.Event{Phase: "faithfulness", Done: done, Total: total})
	}
}
