package study

import (
	"context"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A step is a part of a study that is done as a whole or not at all.
type step struct {
	name string
	kind string  // of work
	cost float64 // in prompts that pass through the model
	run  func(ctx context.Context) error
}

// plan lists the steps of the study in the order in which they need each other.
func (r *runner) plan() []step {
	var steps []step
	add := func(name, kind string, cost float64, do func(ctx context.Context, i int, s step) error) {
		i := len(steps)
		s := step{name: name, kind: kind, cost: cost}
		s.run = func(ctx context.Context) error { return do(ctx, i, s) }
		steps = append(steps, s)
	}
	for _, x := range r.study.Selections {
		if x.WithoutUniversal {
			add("universal neurons", "forward", float64(len(steer.DiverseTexts())), r.findUniversal)
			break
		}
	}
	for _, b := range r.study.Behaviors {
		if n := len(b.Examples); n > 0 {
			add("baseline "+b.Name, "forward", float64(n), func(ctx context.Context, i int, s step) error { return r.baseline(ctx, i, s, b) })
		}
		for _, a := range r.study.Analyses {
			if a.fits(b) {
				add("analyze "+b.Name+"/"+a.Name, a.Kind, a.cost(b), func(ctx context.Context, i int, s step) error { return r.analyze(ctx, i, s, b, a) })
			}
		}
		for _, m := range r.study.Methods {
			if !m.fits(b) {
				continue
			}
			found := make([]steer.Circuit, len(r.study.Selections)) // filled by the step
			add("score "+b.Name+"/"+m.Name, m.Kind, m.cost(b), func(ctx context.Context, i int, s step) error { return r.score(ctx, i, s, b, m, found) })
			for k, x := range r.study.Selections {
				for _, t := range r.study.Tests {
					if t.fits(b) {
						add("test "+b.Name+"/"+m.Name+"/"+x.Name+"/"+t.Name, t.Kind, t.cost(b), func(ctx context.Context, i int, s step) error {
							return r.test(ctx, i, s, tested{b, m, x, t, found[k]})
						})
					}
				}
			}
		}
		add("overlap "+b.Name, "overlap", 0, func(_ context.Context, _ int, _ step) error { return r.overlap(b) })
	}
	add("summary", "summary", 0, func(context.Context, int, step) error { return r.summary(len(steps)) })
	return steps
}

func (m Method) cost(b Behavior) float64 {
	switch m.Kind {
	case "attribution":
		return float64(3 * b.examples().Train().Len()) // a pass backward is about two forward
	case "contrast", "decomposition":
		return float64(2 * b.pairs().Train().Len())
	}
	return 0
}

func (a Analysis) cost(b Behavior) float64 {
	switch a.Kind {
	case "stability":
		return float64(10 * b.examples().Train().Len())
	case "methods":
		return float64(200*b.examples().Train().Len() + 140*b.examples().Test().Len()) // neurons one by one, and seven circuits with controls
	}
	return 1
}

func (t Test) cost(b Behavior) float64 {
	if t.Kind == "verdict" {
		return 0 // it computes nothing
	}
	switch t.Kind {
	case "edges":
		return 20 // as long as some ten attributions
	case "patch":
		return float64(b.examples().Test().Len() * (20 + 3)) // of about twenty units
	case "groups":
		return float64(60 * b.examples().Test().Len())
	}
	if t.Kind == "calibrate" {
		prompts := len(t.Texts)
		if t.Target != nil {
			prompts = b.examples().Test().Len()
		} else if prompts == 0 {
			prompts = len(steer.DiverseTexts())
		}
		return float64(12 * prompts) // at most
	}
	passes := float64(len(t.Multipliers) + 1)
	if t.Kind == "faithfulness" {
		sizes := len(t.Sizes) + len(t.Percentages)
		if sizes == 0 {
			sizes = 11 // of its own
		}
		passes = float64(2 + 2*sizes)
	}
	if t.Kind == "continuations" {
		return passes * float64(len(t.Prompts)*t.MaxTokens)
	}
	n := passes * float64(b.examples().Test().Len()*(t.Controls+1))
	if t.Prompted != "" {
		n += float64(b.examples().Test().Len())
	}
	if t.SideEffects {
		texts, tokens := len(t.Texts), 50
		if texts == 0 {
			texts = len(steer.DiverseTexts())
		}
		if t.Continue != nil {
			tokens = *t.Continue
		}
		n += passes * float64(texts*(tokens+1))
	}
	return n
}
