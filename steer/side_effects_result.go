package steer

import (
	"math"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// A SideEffect is what one multiplier does to texts that have nothing to do with the circuit. Intervals are over texts,
// each weighted by its tokens in Divergence and Perplexity.
type SideEffect struct {
	Multiplier float64  `json:"multiplier"`
	Divergence Estimate `json:"divergence"` // KL(unsteered‖steered) of the next token, mean over positions, in nats
	Perplexity Estimate `json:"perplexity"` // ratio of perplexities, steered to unsteered
	Quality    Estimate `json:"quality"`    // distinct share of the 4-grams of words in a continuation; N counts texts that have any
	Distinct1  Estimate `json:"distinct1"`  // distinct share of words
	Distinct2  Estimate `json:"distinct2"`  // distinct share of pairs of words
	Changed    float64  `json:"changed"`    // share of greedy continuations that differ from the unsteered ones
}

// newSideEffects computes the side effects of every multiplier; nil where the sweep has none.
func newSideEffects(r Record, b message.SweepBody) []SideEffect {
	S, M := len(b.Texts), len(b.Multipliers)
	kl, nll := widen(r.Tensors["kl"].Data), widen(r.Tensors["nll"].Data) // [1+M,S]
	if S == 0 || len(b.Tokens) != S || len(kl) != (1+M)*S || len(nll) != (1+M)*S {
		return nil
	}
	positions, predicted := make([]float64, S), make([]float64, S)
	for i, n := range b.Tokens {
		positions[i], predicted[i] = float64(n), float64(n-1)
	}
	var divergences, losses [][]float64
	for m := range M {
		divergences = append(divergences, kl[(m+1)*S:][:S])
		losses = append(losses, minus(nll[(m+1)*S:][:S], nll[:S]))
	}
	div, loss := bootstrap(divergences, positions, b.Seed), bootstrap(losses, predicted, b.Seed)
	out := make([]SideEffect, M)
	for m, x := range b.Multipliers {
		out[m] = SideEffect{Multiplier: x, Divergence: div[m], Perplexity: loss[m].apply(math.Exp)}
		if len(b.Continuations) == 1+M {
			out[m].read(b.Continuations[0], b.Continuations[m+1], b.Seed)
		}
	}
	return out
}

// read judges continuations beside the unsteered ones.
func (e *SideEffect) read(unsteered, steered []string, seed uint64) {
	changed := 0
	for i := range steered {
		if i < len(unsteered) && steered[i] != unsteered[i] {
			changed++
		}
	}
	e.Changed = float64(changed) / float64(max(len(steered), 1))
	for n, to := range map[int]*Estimate{1: &e.Distinct1, 2: &e.Distinct2, 4: &e.Quality} {
		var shares []float64
		for _, text := range steered {
			if share, ok := distinctGrams(text, n); ok {
				shares = append(shares, share)
			}
		}
		*to = bootstrap([][]float64{shares}, stats.Ones(len(shares)), seed)[0]
	}
}

// distinctGrams returns the share of a text's n-grams of words, parted by white space, that are distinct: 1 − (1 −
// |distinct|/|all|), the reference study's quality with n = 4. ok is false where the text has no n-gram.
func distinctGrams(text string, n int) (share float64, ok bool) {
	words := strings.Fields(text)
	all := len(words) - n + 1
	if all < 1 {
		return 0, false
	}
	seen := map[string]bool{}
	for i := range all {
		seen[strings.Join(words[i:i+n], " ")] = true
	}
	return float64(len(seen)) / float64(all), true
}
