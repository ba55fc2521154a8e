package steer

import (
	"fmt"
	"math"
)

// Bounds past which an attribution carries a warning.
const (
	residualBound = 1e-4 // of the conservation identity, relative to its largest term
	sinkShare     = .25  // of the 20 largest entries on a first position that is no BOS
	sinkEven      = 1.5  // the same as a multiple of what one position of T has when all are alike
	rankBound     = 10   // rank of the target among the predictions
	answerBound   = .01  // probability of a token of a whole answer, geometric mean
)

// fewOf warns of a result that rests on less than fewPrompts.
func fewOf(n int, of string) Warning {
	return Warning{"few", fmt.Sprintf("the result rests on only %d %s: what they have in common may be an accident (%d are advised)", n, of, fewPrompts)}
}

func attributeWarnings(b attributeBody, scores []float32) []Warning {
	var ws []Warning
	switch n := len(b.Metric.Answer); {
	case n > 0:
		if p := math.Exp(b.Conservation.Metric / float64(n)); p < answerBound {
			ws = append(ws, Warning{"rank", fmt.Sprintf("the model gives the answer's tokens only p = %.2g each (geometric mean): the behavior may not exist", p)})
		}
	case b.Target.Rank > rankBound && b.Metric.atEnd(len(b.Tokens)):
		ws = append(ws, Warning{"rank", fmt.Sprintf("the target %q is only the model's choice number %d (p = %.2g): the behavior may not exist",
			b.Target.Text, b.Target.Rank, b.Target.Probability)})
	}
	if c := b.Conservation; c.Holds && c.Residual > residualBound {
		ws = append(ws, Warning{"residual", fmt.Sprintf("the conservation identity misses by %.1e of its largest term (bound %.0e): the numbers are not to be trusted",
			c.Residual, residualBound)})
	}
	d := b.dense()
	d.scores = scores
	if n, of := firstOfLargest(d.fits()); !b.BOS && len(b.Tokens) > 1 && float64(n) >= float64(of)*max(sinkShare, sinkEven/float64(len(b.Tokens))) && of > 0 {
		ws = append(ws, Warning{"sink", fmt.Sprintf("%d of the %d largest entries sit on the first token %q, which may act as an attention sink: scores there do not foretell what ablating does; SkipFirst() leaves them out",
			n, of, b.Tokens[0].Text)})
	}
	return ws
}

// firstOfLargest returns how many of the 20 largest entries, or of all where there are fewer, sit on the first position.
// Their share, and not that of Σ|score|, shows a sink: a few neurons carry it.
func firstOfLargest(d dense) (n, of int) {
	if d.Summed {
		return 0, 0
	}
	for _, e := range topEntries(d, view{keepBOS: true}, 20) {
		of++
		if e.Position == 0 {
			n++
		}
	}
	return n, of
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
