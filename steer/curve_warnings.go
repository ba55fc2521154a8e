package steer

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// Bounds past which a sweep carries a warning.
const (
	perplexityBound = 1.10 // ratio of perplexities on neutral texts
)

// warnings says what a reader of the curve must know; base is the unsteered difference of each prompt [N].
func (m measured) warnings(s curveStats, base []float64) []Warning {
	var ws []Warning
	warn := func(code, format string, args ...any) {
		ws = append(ws, Warning{Code: code, Text: fmt.Sprintf(format, args...)})
	}
	n := len(base)
	if n < message.FewPrompts {
		warn("few", "%d %s: the intervals say little about other prompts", n, map[bool]string{true: "prompt", false: "prompts"}[n == 1])
	}
	ws = append(ws, s.baseline.weakens()...)
	with, _ := s.baseline.N()
	if with > 0 && with < n {
		warn("mixed", "%d of %d prompts have no counterfactual: their difference is the target's logit alone, which the mean mixes with the others", n-with, n)
	}
	switch r := m.b.Controls; {
	case r == 0:
		warn("controls", "no random controls: nothing shows that other neurons would not do the same; add Controls(20)")
	case 1/float64(r+1) > stats.Level:
		warn("controls", "%d random controls cannot give a p value below %.2g; use 19 or more", r, 1/float64(r+1))
	}
	for _, e := range s.side {
		if e.Perplexity.Value > perplexityBound {
			warn("perplexity", "the multiplier %g raises the perplexity of the neutral texts to %.2f times (bound %.2f)", e.Multiplier, e.Perplexity.Value, perplexityBound)
		}
	}
	return ws
}
