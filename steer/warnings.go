package steer

import (
	"fmt"
	"math"
)

// Bounds past which an attribution carries a warning.
const (
	residualBound = 1e-4 // of the conservation identity, relative to its largest term
	sinkBound     = .5   // share of Σ|score| on a first position that is no BOS
	rankBound     = 10   // rank of the target among the predictions
)

// fewOf warns of a result that rests on less than fewPrompts.
func fewOf(n int, of string) Warning {
	return Warning{"few", fmt.Sprintf("the result rests on only %d %s: what they have in common may be an accident (%d are advised)", n, of, fewPrompts)}
}

func attributeWarnings(b attributeBody, scores []float32) []Warning {
	var ws []Warning
	if b.Target.Rank > rankBound {
		ws = append(ws, Warning{"rank", fmt.Sprintf("the target %q is only the model's choice number %d (p = %.2g): the behavior may not exist",
			b.Target.Text, b.Target.Rank, b.Target.Probability)})
	}
	if c := b.Conservation; c.Holds && c.Residual > residualBound {
		ws = append(ws, Warning{"residual", fmt.Sprintf("the conservation identity misses by %.1e of its largest term (bound %.0e): the numbers are not to be trusted",
			c.Residual, residualBound)})
	}
	if s := firstShare(b, scores); !b.BOS && len(b.Tokens) > 1 && s > sinkBound {
		ws = append(ws, Warning{"sink", fmt.Sprintf("the first token %q carries %.0f %% of the scores: it acts as an attention sink; SkipFirst() leaves it out of rankings",
			b.Tokens[0].Text, 100*s)})
	}
	return ws
}

// firstShare is the share of Σ|score| [L,T,F] that sits on the first position.
func firstShare(b attributeBody, scores []float32) float64 {
	var first, all float64
	row := b.Shape.Neurons
	for l := range b.Shape.Layers {
		for t := range b.Tokens {
			var s float64
			for _, v := range scores[(l*len(b.Tokens)+t)*row:][:row] {
				s += math.Abs(float64(v))
			}
			all += s
			if t == 0 {
				first += s
			}
		}
	}
	if all == 0 {
		return 0
	}
	return first / all
}

// behaviorWarnings says for how many of the examples each doubt holds, and of which example the first is.
func behaviorWarnings(b behaviorBody, doubts [][]Warning) []Warning {
	var (
		codes []string
		count = map[string]int{}
		first = map[string]string{}
	)
	shortest, longest := len(b.Examples[0].Tokens), 0
	for i, x := range b.Examples {
		shortest, longest = min(shortest, len(x.Tokens)), max(longest, len(x.Tokens))
		for _, w := range doubts[i] {
			if count[w.Code] == 0 {
				codes = append(codes, w.Code)
				first[w.Code] = fmt.Sprintf("the first is example %d: %s", i+1, w.Text)
			}
			count[w.Code]++
		}
	}
	var out []Warning
	for _, c := range codes {
		out = append(out, Warning{c, fmt.Sprintf("%d of %d examples carry this warning; %s", count[c], len(b.Examples), first[c])})
	}
	if shortest != longest {
		out = append(out, Warning{"lengths", fmt.Sprintf("the prompts have %d to %d tokens: they are aligned from the end, the first tokens on one another", shortest, longest)})
	}
	if n := len(b.Examples); n < fewPrompts {
		out = append(out, fewOf(n, "examples"))
	}
	return out
}
