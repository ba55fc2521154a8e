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
