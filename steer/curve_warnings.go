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
func (m responses) warnings(s curveStats, base []float64) []Warning {
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
	switch r, tests, enough := m.b.Controls, s.tests, stats.ControlsFor(s.tests); {
	case r == 0:
		warn("controls", "no random controls: nothing shows that other neurons would not do the same; add Controls(%d)", enough)
	case stats.LeastHolm(r, tests) <= stats.Level:
	case tests > 1:
		warn("controls", "%d random controls for %d multipliers cannot give a p value below %.2g after Holm's adjustment; use %d or more, or fewer multipliers",
			r, tests, stats.LeastHolm(r, tests), enough)
	default:
		warn("controls", "%d random controls cannot give a p value below %.2g; use %d or more", r, stats.LeastHolm(r, tests), enough)
	}
	for _, e := range s.side {
		if e.Perplexity.Value > perplexityBound {
			warn("perplexity", "the multiplier %g raises the perplexity of the neutral texts to %.2f times (bound %.2f)", e.Multiplier, e.Perplexity.Value, perplexityBound)
		}
	}
	return ws
}
