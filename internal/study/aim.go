package study

import (
	"context"
	"math"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// aimed reports whether a test needs a vector.
func (t Test) aimed() bool { return t.When != nil || t.ProjectOut != nil }

// checkAim reports what is wrong with the condition of a test, and with the vector that it reads.
func (t Test) checkAim(c *checker, where string) {
	if t.When == nil {
		c.only(where, t.Kind+" without when", map[string]bool{"by_prompt": t.ByPrompt})
	}
	uses := " without when"
	if t.Kind == "continuations" {
		uses = " without when or project_out"
	}
	switch {
	case !t.aimed():
		c.only(where, t.Kind+uses, map[string]bool{"vector_layer": t.VectorLayer != nil, "vector_file": t.VectorFile != ""})
	case t.VectorLayer == nil:
		c.add(where, "nothing says in which layer the vector is read").Try("vector_layer: 2")
	default:
		c.count(where+".vector_layer", *t.VectorLayer)
	}
	for name, x := range map[string]*float64{"when": t.When, "project_out": t.ProjectOut} {
		if x != nil && !(math.Abs(*x) <= math.MaxFloat32) {
			c.add(where+"."+name, "%v is no number to compare or multiply with", *x).Try("%s: 1", name)
		}
	}
}

// vector is what a test's condition reads in one layer: the vector of its file, or the behavior's own, which is the direction from the
// negatives of its pairs to their positives in the residual stream after the layer. It is none where the test needs none.
func (t Test) vector(ctx context.Context, r *runner, i int, s step, b Behavior) (v steer.Vector, err error) {
	if !t.aimed() {
		return v, nil
	}
	if t.VectorFile == "" && len(b.Pairs) == 0 {
		return v, engine.Mistake(engine.BadSetting, "the behavior %s has no pairs, so there is no vector for when and project_out", b.Name).
			Try("give it pairs or pairs_file, or the test a vector_file")
	}
	if l, n := *t.VectorLayer, r.info.Shape().Layers; l >= n {
		return v, engine.Mistake(engine.BadSetting, "vector_layer %d is none of the model's %d layers", l, n).Try("vector_layer: %d", n/2)
	}
	if t.VectorFile != "" {
		v, err = r.model.LoadVector(ctx, r.study.vectors[t.VectorFile])
	} else {
		v, err = compute(ctx, r, i, s, r.model.ControlVector(b.pairs().Train()))
	}
	if err != nil {
		return v, err
	}
	r.note(v.Warnings()...)
	if l := *t.VectorLayer; !v.Has(l) {
		return v, engine.Mistake(engine.BadSetting, "the vector of %s has no direction in layer %d", t.VectorFile, l).Try("give a vector_layer that it has")
	}
	return v.Layers(*t.VectorLayer, *t.VectorLayer), nil
}

// gated puts a change under the test's condition, where it has one.
func (t Test) gated(change steer.Intervention, v steer.Vector) steer.Intervention {
	if t.When != nil {
		if change = change.When(v, *t.When); t.ByPrompt {
			change = change.ByPrompt()
		}
	}
	return change
}
