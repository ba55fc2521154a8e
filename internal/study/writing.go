package study

import (
	"context"
	"math"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// writing sets how the texts of continuations are written.
func (t Test) writing(g steer.GenerateTask, seed uint64) steer.GenerateTask {
	g = g.MaxTokens(t.MaxTokens).TopK(t.TopK).MinP(t.MinP).Stop(t.Stop...)
	if t.Chat {
		g = g.Chat()
	}
	if t.Temperature != nil {
		g = g.Temperature(*t.Temperature).Seed(seed)
	}
	if t.TopP != nil {
		g = g.TopP(*t.TopP)
	}
	if t.Penalty != nil {
		g = g.RepetitionPenalty(*t.Penalty)
	}
	return g
}

// aimed reports whether continuations need the behavior's control vector.
func (t Test) aimed() bool { return t.When != nil || t.ProjectOut != nil }

// checkContinuations reports what the task itself finds wrong, and what cannot go together.
func (t Test) checkContinuations(c *checker, where string) {
	if t.checkMultipliers(c, where); len(t.Prompts) == 0 {
		c.add(where, "there are no prompts").Try(`prompts: ["I think that"]`)
	}
	if t.When == nil {
		c.only(where, "continuations without when", map[string]bool{"by_prompt": t.ByPrompt})
	}
	switch {
	case !t.aimed():
		c.only(where, "continuations without when or project_out", map[string]bool{"vector_layer": t.VectorLayer != nil})
	case t.VectorLayer == nil:
		c.add(where, "nothing says in which layer the behavior's vector is read").Try("vector_layer: 2")
	default:
		c.count(where+".vector_layer", *t.VectorLayer)
	}
	for name, x := range map[string]*float64{"when": t.When, "project_out": t.ProjectOut} {
		if x != nil && !(math.Abs(*x) <= math.MaxFloat32) {
			c.add(where+"."+name, "%v is no number to compare or multiply with", *x).Try("%s: 1", name)
		}
	}
	t.MaxTokens = 1 // which has been looked at
	c.checkTask(where, t.writing(steer.New("", nil).Generate("x"), 0).Request)
}

// vector is the behavior's control vector in one layer: the direction from the negatives of its pairs to their positives in the
// residual stream after it.
func (t Test) vector(ctx context.Context, r *runner, i int, s step, b Behavior) (v steer.Vector, err error) {
	if len(b.Pairs) == 0 {
		return v, engine.Mistake(engine.BadSetting, "the behavior %s has no pairs, so there is no vector for when and project_out", b.Name).Try("give it pairs or pairs_file")
	}
	if l, n := *t.VectorLayer, r.info.Shape().Layers; l >= n {
		return v, engine.Mistake(engine.BadSetting, "vector_layer %d is none of the model's %d layers", l, n).Try("vector_layer: %d", n/2)
	}
	if v, err = compute(ctx, r, i, s, r.model.ControlVector(b.pairs().Train())); err != nil {
		return v, err
	}
	r.note(v.Warnings()...)
	return v.Layers(*t.VectorLayer, *t.VectorLayer), nil
}

// steering are the changes of one multiplier: the circuit scaled, everywhere or where the vector's projection is above when; and the
// vector's direction taken out.
func (t Test) steering(c steer.Circuit, x float64, v steer.Vector) []steer.Intervention {
	scaled := steer.Scale(c, x)
	if t.When != nil {
		if scaled = scaled.When(v, *t.When); t.ByPrompt {
			scaled = scaled.ByPrompt()
		}
	}
	if t.ProjectOut != nil {
		return []steer.Intervention{scaled, steer.ProjectOut(v, *t.ProjectOut)}
	}
	return []steer.Intervention{scaled}
}
