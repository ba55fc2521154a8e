package steer

import (
	"encoding/json"
	"slices"
	"strconv"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// A Curve is dose and response: what scaling a circuit does to the prediction, for every multiplier, with intervals over
// the prompts and, where the task asked for them, random controls and side effects.
type Curve struct {
	name string
	rec  result[message.SweepBody]
	lazy func() curveStats
	gate *gating // where the circuit is scaled, by the names that the task knows; nil: the record's
	conditions
}

// Interventions says in words what the model was run under beside the multipliers of the circuit, and where they act if not everywhere:
// "cheer +2 at layers 5–8; the circuit only where probe > 1.2". It is empty where neither is.
func (c Curve) Interventions() string {
	words, where := c.conditions.Interventions(), ""
	if g := c.gate; g != nil {
		where = whereAbove(g.probe.called(), g.above, g.prompt)
	} else if c.header != nil { // of a curve that there is not
		var s message.SweepSettings
		if json.Unmarshal(c.header().Request.Settings, &s) == nil && s.Gate != nil {
			where = whereAbove("a probe", s.Gate.Above, s.Gate.Prompt)
		}
	}
	if where == "" {
		return words
	}
	if words != "" {
		words += "; "
	}
	return words + "the circuit only " + where
}

func newCurve(fetch func() Record, is ...Intervention) Curve {
	rec := newResult[message.SweepBody](fetch)
	return Curve{rec: rec, conditions: under(is, rec.header), lazy: sync.OnceValue(func() curveStats { return newCurveStats(rec.record(), rec.body()) })}
}

// A Dose is the response to one multiplier.
type Dose struct {
	Multiplier float64  `json:"multiplier"`
	Difference Estimate `json:"difference"` // logit(target) − logit(counterfactual), or logit(target) alone
	Change     Estimate `json:"change"`     // of the difference from the unsteered model, paired by prompt
	Target     Estimate `json:"target"`     // probability of the target, 0 to 1
	Versus     Estimate `json:"versus"`     // probability of the counterfactual; 0 without one
	Prefers    float64  `json:"prefers"`    // share of prompts that prefer the target to their counterfactual; 0 without one
	Controls   Band     `json:"controls"`   // the controls' mean differences
	Weaker     int      `json:"weaker"`     // controls whose mean change is smaller in size
	P          float64  `json:"p"`          // of the mean change among the controls', two-sided; 1 without controls
	Holm       float64  `json:"holm"`       // P adjusted for the number of multipliers
	SignFlip   float64  `json:"signFlip"`   // p of a paired sign-flip test of the change over prompts
	Effect     float64  `json:"effect"`     // mean change in its standard deviations over prompts (paired Cohen's d)

	FromPrompted Estimate `json:"fromPrompted,omitzero"` // of the difference from that of the prompted model, paired by prompt; zero without SweepTask.Prompted
}

// A Band is where the random controls lie: their mean, the middle 95 %, and the extremes. It is zero without controls.
type Band struct {
	Mean float64 `json:"mean"`
	Lo   float64 `json:"lo"`
	Hi   float64 `json:"hi"`
	Min  float64 `json:"min"`
	Max  float64 `json:"max"`
	N    int     `json:"n"` // controls
}

// A Trend says how the difference goes with the multiplier.
type Trend struct {
	Slope     Estimate `json:"slope"`     // mean over prompts of the least-squares slope, per unit of the multiplier (steerability, arXiv 2407.12404)
	Against   float64  `json:"against"`   // share of prompts whose slope is negative
	P         float64  `json:"p"`         // of the mean slope among the controls', two-sided; 1 without controls
	Monotone  float64  `json:"monotone"`  // Spearman's rank correlation of the mean difference with the multiplier: 1 always rises
	PerPrompt Estimate `json:"perPrompt"` // mean over prompts of each one's rank correlation
}

// Doses returns the response to every multiplier, rising.
func (c Curve) Doses() []Dose { return slices.Clone(c.stats().doses) }

// Multipliers returns the multipliers, rising.
func (c Curve) Multipliers() []float64 { return slices.Clone(c.body().Multipliers) }

// Unsteered returns the response without scaling, whether or not 1 is among the multipliers.
func (c Curve) Unsteered() Dose { return c.stats().unsteered }

// Trend returns slope and monotonicity; zero with a single multiplier. A response need not be monotone: look at Doses.
func (c Curve) Trend() Trend { return c.stats().trend }

// Prompts returns the difference of every prompt: [N][M] by the multipliers of Multipliers.
func (c Curve) Prompts() [][]float64 { return clone2(c.stats().prompts) }

// RandomCurves returns the mean difference of every control: [R][M] by the multipliers of Multipliers.
func (c Curve) RandomCurves() [][]float64 { return clone2(c.stats().random) }

// Controls returns the random circuits that were measured.
func (c Curve) Controls() []Circuit {
	t := c.rec.record().Tensors["controls"] // [R,K,2]
	if len(t.Shape) != 3 || len(t.Data) != t.Shape[0]*t.Shape[1]*2 {
		return nil
	}
	out := make([]Circuit, t.Shape[0])
	for r := range out {
		ns := make([]Neuron, t.Shape[1])
		for k := range ns {
			at := (r*len(ns) + k) * 2
			ns[k] = Neuron{Layer: int(t.Data[at]), Index: int(t.Data[at+1])}
			if own := c.body().Neurons; k < len(own) { // a control is as its circuit, place by place
				ns[k].Head = own[k].Head
			}
		}
		out[r] = NewCircuit("random "+strconv.Itoa(r+1), ns...).madeBy(madeFrom(c.rec.record().Header))
	}
	return out
}

// Circuit returns the neurons that were scaled.
func (c Curve) Circuit() []Neuron { return slices.Clone(c.body().Neurons) }

// N returns the number of prompts.
func (c Curve) N() (n int, of string) {
	n = len(c.body().Cases)
	return message.Counted(n, "prompts")
}

// About says what Difference is, e.g. logit(" Paris") − logit(" Rome").
func (c Curve) About() string { return c.stats().metric }

// Unit returns the unit of Difference.
func (c Curve) Unit() string { return "logits" }

// SideEffects returns what every multiplier does to the neutral texts; none where the task did not ask.
func (c Curve) SideEffects() []SideEffect { return slices.Clone(c.stats().side) }

// Continuations returns the greedy continuations of the neutral texts: without scaling, and for every multiplier [M][S].
func (c Curve) Continuations() (unsteered []string, steered [][]string) {
	all := c.body().Continuations
	if len(all) == 0 {
		return nil, nil
	}
	for _, texts := range all[1:] {
		steered = append(steered, slices.Clone(texts))
	}
	return slices.Clone(all[0]), steered
}

// Warnings returns what a reader must know before concluding anything.
func (c Curve) Warnings() []Warning {
	return append(slices.Clone(c.rec.record().Header.Warnings), c.stats().warnings...)
}

// stats is empty for the zero value, that of a curve whose task failed.
func (c Curve) stats() curveStats {
	if c.lazy == nil {
		return curveStats{}
	}
	return c.lazy()
}

func (c Curve) body() message.SweepBody { return c.rec.body() }

func clone2(v [][]float64) [][]float64 {
	out := make([][]float64, len(v))
	for i := range v {
		out[i] = slices.Clone(v[i])
	}
	return out
}
