package main

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
)

// words says in four sentences what the table comes to.
func (s study) words() []string {
	const relp, gradient = 0, 2 // places in rules
	n := s.Prompts
	pearson := func(units string, a steer.Ablation, keep bool, prompts, rule int) float64 {
		return s.at(units, a, keep, prompts).Agreement[rule].Pearson.Value
	}
	spearman := func(units string, a steer.Ablation, keep bool, prompts, rule int) float64 {
		return s.at(units, a, keep, prompts).Agreement[rule].Spearman.Value
	}
	lo, hi := 1., -1. // of Spearman with RelP over drawn neurons
	least := 1.       // likewise with Gradient
	for _, r := range s.Rows {
		if r.Units == drawn {
			x := r.Agreement[relp].Spearman.Value
			lo, hi, least = min(lo, x), max(hi, x), min(least, r.Agreement[gradient].Spearman.Value)
		}
	}
	top := func(rule steer.Rule) string { return fmt.Sprintf("%d that lead by %s", leading, rule) }
	zero, other := steer.ZeroAblation, steer.PatchAblation
	return []string{
		fmt.Sprintf("Over %d neurons that no rule chose, the ranks of effects go with those that Gradient foretells by at least %.3f under every kind of patch, and with those of RelP by %.2f to %.2f.",
			s.Sample, least, lo, hi),
		fmt.Sprintf("What a neuron is set to decides how well RelP does by Pearson: %.2f for zero, %.2f for the mean over tokens, %.2f for the mean at each position and %.2f for another prompt's activations, where Gradient has %.2f, %.2f, %.2f and %.2f.",
			pearson(drawn, zero, false, n, relp), pearson(drawn, steer.TokenMeanAblation, false, n, relp), pearson(drawn, steer.MeanAblation, false, n, relp), pearson(drawn, other, false, n, relp),
			pearson(drawn, zero, false, n, gradient), pearson(drawn, steer.TokenMeanAblation, false, n, gradient), pearson(drawn, steer.MeanAblation, false, n, gradient), pearson(drawn, other, false, n, gradient)),
		fmt.Sprintf("Over the %d that lead by RelP, set to zero everywhere, it is %.2f for RelP and %.2f for Gradient, and with the first position left as it is %.2f and %.2f; over the %d that lead by Gradient %.2f and %.2f, and %.2f and %.2f.",
			leading, pearson(top(steer.RelP), zero, false, n, relp), pearson(top(steer.RelP), zero, false, n, gradient), pearson(top(steer.RelP), zero, true, n, relp), pearson(top(steer.RelP), zero, true, n, gradient),
			leading, pearson(top(steer.Gradient), zero, false, n, relp), pearson(top(steer.Gradient), zero, false, n, gradient), pearson(top(steer.Gradient), zero, true, n, relp), pearson(top(steer.Gradient), zero, true, n, gradient)),
		fmt.Sprintf("One prompt in place of %d makes it %.2f for RelP and %.2f for Gradient over the neurons that were drawn, and by ranks %.2f and %.2f.",
			n, pearson(drawn, zero, false, 1, relp), pearson(drawn, zero, false, 1, gradient), spearman(drawn, zero, false, 1, relp), spearman(drawn, zero, false, 1, gradient)),
	}
}
