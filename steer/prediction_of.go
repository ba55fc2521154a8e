package steer

import (
	"math"
	"slices"
)

// TopK is Top, by the word that selections have.
func (t PredictTask) TopK(k int) PredictTask { return t.Top(k) }

// AddVector adds x times the vector where it was taken: With(AddVector(v, x)).
func (t PredictTask) AddVector(v Vector, x float64) PredictTask { return t.With(AddVector(v, x)) }

// TopK returns the k most likely tokens, as far as the task listed them.
func (p Prediction) TopK(k int) []Ranked {
	top := p.Top()
	return top[:min(max(k, 0), len(top))]
}

// named returns what is known of a token by its text: one that the task asked for, or that is among the most likely.
func (p Prediction) named(token string) (Ranked, bool) {
	for _, list := range [][]Ranked{p.Of(), p.Top()} {
		if i := slices.IndexFunc(list, func(r Ranked) bool { return r.Text == token }); i >= 0 {
			return list[i], true
		}
	}
	return Ranked{}, false
}

// Prob returns the probability of a token that the task asked for with Of, or that is among the most likely, 0 to 1. Mind the
// leading space. It is NaN for any other: ask for it, m.Predict(prompt).Of(token).
func (p Prediction) Prob(token string) float64 {
	if r, ok := p.named(token); ok {
		return r.Probability
	}
	return math.NaN()
}

// Logit returns the logit of such a token; NaN for any other.
func (p Prediction) Logit(token string) float64 {
	if r, ok := p.named(token); ok {
		return r.Logit
	}
	return math.NaN()
}

// Rank returns the rank of such a token, 1 being the most likely; 0 for any other.
func (p Prediction) Rank(token string) int { r, _ := p.named(token); return r.Rank }

// LogitDiff returns logit(target) − logit(versus) of two such tokens, in logits; NaN where one is unknown.
func (p Prediction) LogitDiff(target, versus string) float64 {
	return p.Logit(target) - p.Logit(versus)
}
