package steer

import (
	"fmt"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// Verdict is what a baseline concludes.
type Verdict string

// The verdicts, by these rules. A preference is beyond chance when a one-sided binomial test of the share of examples on
// which the target beats the counterfactual, against one half, has p ≤ .05, and the 95 % interval of the mean difference
// lies above 0.
const (
	// Shown: the preference is beyond chance, and the target is the first choice on at least half of the examples.
	Shown Verdict = "shown"
	// Preferred: the preference is beyond chance, but what the model would say is mostly another word. Differences of
	// logits can be explained; what is generated cannot.
	Preferred Verdict = "preferred"
	// Absent: no preference beyond chance. A circuit that is found for it explains something else.
	Absent Verdict = "absent"
	// TooFew: not even agreement of all examples would be beyond chance.
	TooFew Verdict = "too few"
)

// An Outcome is what the model does on one example.
type Outcome struct {
	Prompt     string  `json:"prompt"`
	Target     Ranked  `json:"target"`           // at the last position; Rank is 0 where it is not known
	Versus     *Ranked `json:"versus,omitempty"` // the counterfactual, if the example has one
	Difference float64 `json:"difference"`       // logit(target) − logit(counterfactual), or − that of the best other token
}

func newOutcome(o message.Outcome) Outcome {
	out := Outcome{Prompt: o.Prompt, Target: Ranked(o.Target), Difference: o.Difference}
	if o.Versus != nil {
		v := Ranked(*o.Versus)
		out.Versus = &v
	}
	return out
}

// Baseline says whether a model shows a behavior at all. It is immutable, and lazy when the task is.
type Baseline struct {
	load func() baselineStats
	conditions
}

// evidence is what a baseline is computed from.
type evidence struct {
	outcomes []Outcome
	warnings []Warning
}

// baselineStats is a baseline, computed.
type baselineStats struct {
	evidence
	top1, pair Share
	difference Estimate
	ranked     bool // the ranks are known
	verdict    Verdict
}

// A Share is how many of N.
type Share struct {
	Count int `json:"count"`
	N     int `json:"n"`
}

// Value returns the share, 0 to 1; 0 of none.
func (s Share) Value() float64 {
	if s.N == 0 {
		return 0
	}
	return float64(s.Count) / float64(s.N)
}

// String returns "23 of 34 (68 %)".
func (s Share) String() string { return fmt.Sprintf("%d of %d (%.0f %%)", s.Count, s.N, 100*s.Value()) }

func newBaseline(load func() evidence, held conditions) Baseline {
	return Baseline{sync.OnceValue(func() baselineStats { return judge(load()) }), held}
}

// judge computes a baseline. The bootstrap's seed is 0.
func judge(g evidence) baselineStats {
	s := baselineStats{evidence: g, ranked: len(g.outcomes) > 0}
	differences := make([]float64, len(g.outcomes))
	for i, o := range g.outcomes {
		differences[i] = o.Difference
		s.ranked = s.ranked && o.Target.Rank > 0
		s.top1.N++
		s.pair.N++
		if o.Target.Rank == 1 {
			s.top1.Count++
		}
		if o.Difference > 0 {
			s.pair.Count++
		}
	}
	s.difference = bootstrap([][]float64{differences}, stats.Ones(len(differences)), 0)[0]
	switch n := s.pair.N; {
	case n == 0 || stats.CoinP(n, n) > stats.Level:
		s.verdict = TooFew
	case stats.CoinP(s.pair.Count, n) > stats.Level || !(s.difference.Lo > 0):
		s.verdict = Absent
	case s.ranked && 2*s.top1.Count < n:
		s.verdict = Preferred
	default:
		s.verdict = Shown
	}
	return s
}

func (g Baseline) data() baselineStats {
	if g.load == nil {
		return judge(evidence{})
	}
	return g.load()
}

// Verdict says whether the model shows the behavior.
func (g Baseline) Verdict() Verdict { return g.data().verdict }

// N returns the number of examples.
func (g Baseline) N() (n int, of string) { return message.Counted(len(g.data().outcomes), "examples") }

// Top1 returns on how many examples the target is the model's first choice; ok is false where that is not known, as in a
// baseline of a curve.
func (g Baseline) Top1() (s Share, ok bool) { d := g.data(); return d.top1, d.ranked }

// Accuracy returns the share of the examples on which the model prefers the target to the counterfactual, or to every other token
// where the example has none, 0 to 1: Pair().Value(). On how many the target is its first choice says Top1.
func (g Baseline) Accuracy() float64 { return g.Pair().Value() }

// Mean returns the mean of logit(target) − logit(counterfactual), in logits: Difference().Value.
func (g Baseline) Mean() float64 { return g.Difference().Value }

// Len returns the number of examples.
func (g Baseline) Len() int { return len(g.data().outcomes) }

// Pair returns on how many examples the model prefers the target to the counterfactual, or to every other token where the
// example has none.
func (g Baseline) Pair() Share { return g.data().pair }

// Difference returns the mean of logit(target) − logit(counterfactual) with its 95 % interval over the examples.
func (g Baseline) Difference() Estimate { return g.data().difference }

// Outcomes returns what the model does on every example.
func (g Baseline) Outcomes() []Outcome { return slices.Clone(g.data().outcomes) }

// Kept returns the places of the examples on which the model prefers the target, to conclude something about those alone;
// say then how many were kept.
func (g Baseline) Kept() []int {
	var out []int
	for i, o := range g.data().outcomes {
		if o.Difference > 0 {
			out = append(out, i)
		}
	}
	return out
}

// Warnings returns what a reader must know before concluding anything. It is empty where the behavior is shown on every
// example.
func (g Baseline) Warnings() []Warning {
	d := g.data()
	return append(slices.Clone(d.warnings), d.doubts()...)
}

// doubts says why the behavior may not be there.
func (s baselineStats) doubts() []Warning {
	warn := func(format string, args ...any) []Warning {
		return []Warning{{Code: "behavior", Text: fmt.Sprintf(format, args...)}}
	}
	switch s.verdict {
	case Shown:
		if s.pair.Count < s.pair.N {
			return warn("the model prefers the counterfactual on %d of %d examples: there the behavior does not exist", s.pair.N-s.pair.Count, s.pair.N)
		}
		return nil
	case Preferred:
		return warn("the model prefers the target on %v examples, but it is its first choice on %v only: differences of logits mean something, generated text may not", s.pair, s.top1)
	case TooFew:
		return warn("%s cannot show whether the behavior exists; use 5 or more", several(s.pair.N, "example"))
	default:
		return warn("the model does not show this behavior: it prefers the target on %v examples, mean difference %+.2f (95 %% interval %+.2f to %+.2f); a circuit found for it explains something else",
			s.pair, s.difference.Value, s.difference.Lo, s.difference.Hi)
	}
}

// String returns one line, e.g. "shown: first choice on 23 of 34 (68 %), preferred on 34 of 34 (100 %), difference +7.42
// (95 % interval +6.51 to +8.30)".
func (g Baseline) String() string {
	d, first := g.data(), ""
	if d.ranked {
		first = fmt.Sprintf("first choice on %v, ", d.top1)
	}
	return fmt.Sprintf("%s: %spreferred on %v, difference %+.2f (95 %% interval %+.2f to %+.2f)", d.verdict, first, d.pair,
		d.difference.Value, d.difference.Lo, d.difference.Hi)
}
