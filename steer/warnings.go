package steer

import (
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Bounds past which an attribution carries a warning.
const (
	residualBound = 1e-4 // of the conservation identity, relative to Σ|relevance of a token|
	logitUnits    = 8    // last places of the target's logit, as 32 bits hold it, that an attribution may miss by in any case
	sinkShare     = .25  // of the 20 largest entries on a first position that is no BOS
	sinkEven      = 1.5  // the same as a multiple of what one position of T has when all are alike
	rankBound     = 10   // rank of the target among the predictions
	answerBound   = .01  // probability of a token of a whole answer, geometric mean
)

// doubts returns what the scores themselves give reason to doubt, in a view of them: a doubt that the view has settled is
// not among them.
func (d dense) doubts(v view) []Warning {
	switch {
	case d.attr != nil:
		return d.attributionDoubts(v)
	case d.parts != nil:
		return behaviorDoubts(d.parts, v)
	}
	return nil
}

func (d dense) attributionDoubts(v view) []Warning {
	var ws []Warning
	b := d.attr
	switch n := len(b.Metric.Answer); {
	case n > 0:
		if p := math.Exp(b.Conservation.Metric / float64(n)); p < answerBound {
			ws = append(ws, Warning{Code: "rank", Text: fmt.Sprintf("the model gives the answer's tokens only p = %.2g each (geometric mean): the behavior may not exist", p)})
		}
	case b.Target.Rank > rankBound && b.Metric.AtEnd(len(b.Tokens)):
		ws = append(ws, Warning{Code: "rank", Text: fmt.Sprintf("the target %q is only the model's choice number %d (p = %.2g): the behavior may not exist",
			b.Target.Text, b.Target.Rank, b.Target.Probability)})
	}
	if c := d.conservation(); c.Holds && c.Residual > residualBound && c.miss() > logitUnits*lastPlace(b.Target.Logit) {
		ws = append(ws, Warning{Code: "residual", Text: fmt.Sprintf("the conservation identity misses by %.1e of Σ|relevance of a token| (bound %.0e): the numbers are not to be trusted",
			c.Residual, residualBound)})
	}
	if c, ok := d.completeness(); ok && c.Residual > completenessBound {
		ws = append(ws, c.doubt())
	}
	if n, of := firstOfLargest(d); !b.BOS && len(b.Tokens) > 1 && slices.Contains(v.seen(d), 0) && of > 0 && float64(n) >= float64(of)*max(sinkShare, sinkEven/float64(len(b.Tokens))) {
		ws = append(ws, Warning{Code: "sink", Text: fmt.Sprintf("%d of the %d largest entries sit on the first token %q, which may act as an attention sink: scores there do not foretell what ablating does; SkipFirst() leaves them out",
			n, of, b.Tokens[0].Text)})
	}
	return ws
}

// lastPlace is one unit in the last place of a number as 32 bits hold it: a difference of logits is not known better.
func lastPlace(x float64) float64 { return math.Abs(x) * 0x1p-23 }

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

// behaviorDoubts says for how many of the examples each doubt holds, and what weakens them together.
func behaviorDoubts(examples []dense, v view) []Warning {
	if len(examples) == 0 {
		return nil
	}
	doubts := make([][]Warning, len(examples))
	shortest, longest := examples[0].Positions, 0
	for i, d := range examples {
		shortest, longest = min(shortest, d.Positions), max(longest, d.Positions)
		doubts[i] = d.attributionDoubts(v)
	}
	out := message.Grouped(doubts)
	if shortest != longest {
		out = append(out, Warning{Code: "lengths", Text: fmt.Sprintf("the prompts have %d to %d tokens: they are aligned from the end, the first tokens on one another", shortest, longest)})
	}
	if n := len(examples); n < message.FewPrompts {
		out = append(out, message.Few(n, "examples"))
	}
	return out
}
