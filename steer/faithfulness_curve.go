package steer

import (
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// A FaithfulnessCurve says, for every size, how much of a behavior the first units of a ranking carry, with intervals over
// the examples and, where the task asked for them, random units and sufficiency.
type FaithfulnessCurve struct {
	name string
	rec  result[message.FaithfulnessBody]
	lazy func() faithfulnessStats
	conditions
}

func newFaithfulnessCurve(fetch func() Record, is ...Intervention) FaithfulnessCurve {
	rec := newResult[message.FaithfulnessBody](fetch)
	return FaithfulnessCurve{rec: rec, conditions: under(is, rec.header), lazy: sync.OnceValue(func() faithfulnessStats { return newFaithfulnessStats(rec.record(), rec.body()) })}
}

// A FaithfulnessRow is one size of a curve. What is normalized is 0 where the curve is not (FaithfulnessCurve.Normalized).
type FaithfulnessRow struct {
	Units        int      `json:"units"`        // kept, the first of the ranking
	Share        float64  `json:"share"`        // of the ranked units, 0 to 1
	OfModel      float64  `json:"ofModel"`      // share of all units of the model that are neurons, heads or both as the ranking's are
	Kept         Estimate `json:"kept"`         // F(C): the metric with all other units ablated, in logits
	Ablated      Estimate `json:"ablated"`      // F(C̄): the metric with only these ablated, in logits
	Faithfulness Estimate `json:"faithfulness"` // f = (F(C) − F(∅))/(F(M) − F(∅)): 1 is all of the behavior
	Completeness Estimate `json:"completeness"` // c = (F(C̄) − F(∅))/(F(M) − F(∅)): 0 is none left
	Necessity    Estimate `json:"necessity"`    // 1 − c: the share that goes with the units
	Sufficiency  Estimate `json:"sufficiency"`  // S+, of a Transplant: share of the difference of two prompts; zero without one
	RandomKept   Band     `json:"randomKept"`   // f of the random units
	RandomRest   Band     `json:"randomRest"`   // c of the random units
	P            float64  `json:"p"`            // of F(M) − F(C̄) among the random units', two-sided; 1 without any
}

// Rows returns the sizes, rising.
func (c FaithfulnessCurve) Rows() []FaithfulnessRow { return slices.Clone(c.stats().rows) }

// Full returns F(M), the metric of the model as it is, in logits.
func (c FaithfulnessCurve) Full() Estimate { return c.stats().full }

// Empty returns F(∅), the metric with every unit ablated, in logits.
func (c FaithfulnessCurve) Empty() Estimate { return c.stats().empty }

// Normalized reports whether F(M) and F(∅) differ by more than noise: by at least 1e-6 logits and a tenth of the difference's
// standard deviation over examples. Where they do not, shares of their difference say nothing, and only Kept and Ablated stand.
func (c FaithfulnessCurve) Normalized() bool { return c.stats().normalized }

// CPR is the circuit performance ratio of MIB (arXiv 2504.13151), the area under f over the share of ranked units, by
// trapezoids between the curve's sizes: 1 where f is 1 at all of them and they reach from 0 to all. It is zero where the curve
// is not normalized.
func (c FaithfulnessCurve) CPR() Estimate { return c.stats().cpr }

// CMD is the circuit–model distance of MIB, the area of |1 − f| over the same shares: 0 where f is 1 throughout. Its interval is
// of the same resamples as that of CPR.
func (c FaithfulnessCurve) CMD() Estimate { return c.stats().cmd }

// RandomAreas returns where CPR and CMD of the random rankings lie: of curves, for a random set holds those of smaller sizes. They
// are zero without controls, and where the curve is not normalized.
func (c FaithfulnessCurve) RandomAreas() (cpr, cmd Band) {
	s := c.stats()
	return s.random[0], s.random[1]
}

// KStar returns k*, the smallest measured size whose necessity is at least .95 of the largest; ok is false where the curve is
// not normalized, or nothing is necessary.
func (c FaithfulnessCurve) KStar() (units int, ok bool) {
	s := c.stats()
	return s.kstar, s.kstar >= 0 && s.normalized
}

// Prompts returns the metric of every example in logits: of the model, with every unit ablated [N], and for every size with
// the other units ablated and with these ablated [K][N].
func (c FaithfulnessCurve) Prompts() (full, empty []float64, kept, ablated [][]float64) {
	m := faithfulnessNumbers{c.rec.body(), c.rec.record()}
	if !m.fits() {
		return nil, nil, nil, nil
	}
	for k := range m.b.Counts {
		kept, ablated = append(kept, m.row("kept", k, 0)), append(ablated, m.row("ablated", k, 0))
	}
	return m.one("full"), m.one("empty"), kept, ablated
}

// N returns the number of examples.
func (c FaithfulnessCurve) N() (n int, of string) {
	n = len(c.rec.body().Cases)
	return message.Counted(n, "prompts")
}

// Clusters returns how many groups of prompts the intervals resample: prompts that share a word which no more than half of
// all have go together. It is the number of prompts where there would be fewer than five groups; a warning then says so.
func (c FaithfulnessCurve) Clusters() int { return c.stats().clusters }

// Ablation returns what units were set to.
func (c FaithfulnessCurve) Ablation() Ablation { return Ablation(c.rec.body().Ablation) }

// About says what the metric is, e.g. logit(" Paris") − logit(" Rome").
func (c FaithfulnessCurve) About() string { return c.stats().metric }

// Unit returns the unit of the metric.
func (c FaithfulnessCurve) Unit() string { return "logits" }

// Named returns the curve under another name. It begins with the name of the circuit.
func (c FaithfulnessCurve) Named(name string) FaithfulnessCurve { c.name = name; return c }

// Name returns the curve's name.
func (c FaithfulnessCurve) Name() string { return c.name }

// Warnings returns what a reader must know before concluding anything.
func (c FaithfulnessCurve) Warnings() []Warning {
	return append(slices.Clone(c.rec.record().Header.Warnings), c.stats().warnings...)
}

// stats is empty for the zero value, that of a curve whose task failed.
func (c FaithfulnessCurve) stats() faithfulnessStats {
	if c.lazy == nil {
		return faithfulnessStats{}
	}
	return c.lazy()
}
