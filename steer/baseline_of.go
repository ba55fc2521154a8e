package steer

import (
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Baseline says whether the model shows the behavior, from the passes that the scores needed anyway: on the examples that have
// a counterfactual, by single targets at the last position. Where there is none, its verdict is TooFew; Model.Baseline looks
// at any example.
func (b BehaviorScores) Baseline() Baseline { return b.baseline }

// evidence takes what a baseline needs out of scores of examples.
func (b behavior) evidence() evidence {
	var g evidence
	for _, d := range b.examples {
		if a := d.attr; a != nil && a.Metric.Versus != nil && len(a.Metric.Terms) == 1 && a.Metric.AtEnd(len(a.Tokens)) {
			prompt := strings.Join(engine.Texts(a.Tokens), "")
			g.outcomes = append(g.outcomes, Outcome{prompt, Ranked(a.Target), &Ranked{Token: *a.Metric.Versus}, d.Reference})
		}
	}
	return g
}

// Baseline says whether the unsteered model shows the behavior, on the prompts that have a counterfactual. A sweep does not
// know the ranks of tokens, so Top1 is not known and the verdict is never Preferred; Model.Baseline knows them.
func (c Curve) Baseline() Baseline { return c.stats().baseline }

// evidence takes what a baseline needs out of the unsteered differences of a sweep's prompts [N].
func (m responses) evidence(base []float64) evidence {
	var g evidence
	for i, c := range m.b.Cases {
		if c.Versus != nil {
			g.outcomes = append(g.outcomes, Outcome{c.Prompt, Ranked{Token: c.Target}, &Ranked{Token: *c.Versus}, base[i]})
		}
	}
	return g
}

// weakens returns the doubts that a result of the same examples carries. That there are few it says itself.
func (g Baseline) weakens() []Warning {
	if d := g.data(); d.verdict != TooFew {
		return d.doubts()
	}
	return nil
}
