package message

import (
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// StabilitySettings is a stability analysis as a message.
type StabilitySettings struct {
	Behavior   BehaviorSettings `json:"behavior"` // its rule is not looked at
	View       StabilityView    `json:"view"`
	Rules      []engine.Rule    `json:"rules"`
	Selections []string         `json:"selections"`
	Sizes      []int            `json:"sizes"`     // numbers of neurons, rising
	Resamples  int              `json:"resamples"` // of the examples, for every rule, selection and size
	Controls   int              `json:"controls"`  // draws of the null
	Seed       uint64           `json:"seed"`
}

// StabilityView says which positions count in every selection.
type StabilityView struct {
	SkipFirst bool `json:"skipFirst"`
	KeepBOS   bool `json:"keepBOS"`
	Last      int  `json:"last"` // positions; 0: all
}

// From returns the first of n positions that counts; skip leaves the first out in any case.
func (v StabilityView) From(n int, bos, skip bool) int {
	from := 0
	if v.SkipFirst || skip || bos && !v.KeepBOS {
		from = 1
	}
	if v.Last > 0 {
		from = max(from, n-v.Last)
	}
	return min(from, n)
}

// How a circuit is selected from the scores of some examples.
const (
	SelectMean      = "mean"       // by the size of the mean over examples
	SelectPositive  = "positive"   // by the mean, those that support the metric
	SelectLargest   = "largest"    // by the largest score in any example
	SelectSkipFirst = "skip-first" // by the size of the mean, without the first position
)

// Selections lists them.
func Selections() []string {
	return []string{SelectMean, SelectPositive, SelectLargest, SelectSkipFirst}
}

// Kind implements Settings.
func (StabilitySettings) Kind() Kind { return Kind{"stability", "stability", 1} }

// Fits implements Fitting.
func (s StabilitySettings) Fits(shape engine.Shape) error {
	if n := shape.Layers * shape.Neurons; len(s.Sizes) > 0 && s.Sizes[len(s.Sizes)-1] > n {
		return engine.Mistake(engine.BadSetting, "the size %d is more than the model's %d neurons", s.Sizes[len(s.Sizes)-1], n).Try("use Sizes(10, 20, 40)")
	}
	return s.Behavior.Fits(shape)
}

// Bounds of a stability analysis as a message from anywhere.
const (
	maxViews = 1_000_000
	maxSpecs = 10_000
)

// Check implements Settings.
func (s StabilitySettings) Check() error {
	var errs []error
	bad := func(hint, format string, args ...any) {
		errs = append(errs, engine.Mistake(engine.BadSetting, format, args...).Try("%s", hint))
	}
	if len(s.Rules) == 0 {
		bad("use Rules(steer.RelP, steer.Gradient)", "there is no rule")
	}
	for i, r := range s.Rules {
		if err := checkRule(r); err != nil {
			errs = append(errs, err)
		} else if slices.Contains(s.Rules[:i], r) {
			bad("give every rule once", "the rule %q is given twice", r)
		}
	}
	if len(s.Selections) == 0 {
		bad("use Selections(steer.SelectMean)", "there is no selection")
	}
	for i, x := range s.Selections {
		if !slices.Contains(Selections(), x) {
			bad("use steer.SelectMean, steer.SelectPositive, steer.SelectLargest or steer.SelectSkipFirst", "unknown selection %q", x)
		} else if slices.Contains(s.Selections[:i], x) {
			bad("give every selection once", "the selection %q is given twice", x)
		}
	}
	if len(s.Sizes) == 0 {
		bad("use Sizes(10, 20, 40)", "there is no size")
	}
	for i, k := range s.Sizes {
		if k < 1 || i > 0 && s.Sizes[i-1] >= k {
			bad("give numbers of neurons, every one once: Sizes(10, 20, 40)", "the size %d is below 1, or given twice", k)
		}
	}
	if s.Resamples < 1 {
		bad("use Resamples(50)", "Resamples(%d) is less than 1", s.Resamples)
	}
	if s.Controls < 0 || s.Controls > maxControls {
		bad("use Controls(19)", "Controls(%d) is not between 0 and %d", s.Controls, maxControls)
	}
	specs := float64(len(s.Rules)) * float64(len(s.Selections)) * float64(len(s.Sizes))
	if views := specs * float64(max(s.Resamples, 1)) * float64(1+max(s.Controls, 0)); views > maxViews || specs > maxSpecs {
		bad("use fewer sizes, resamples or controls", "%d rules × %d selections × %d sizes × %d resamples × %d controls are more than %d", len(s.Rules), len(s.Selections), len(s.Sizes), s.Resamples, 1+s.Controls, maxViews)
	}
	s.Behavior.Rule = engine.RelP // which is not looked at
	return errors.Join(append(errs, s.Behavior.Check())...)
}

// StabilityBody is the part of a stability analysis's record that is not tensors. With R rules, S selections, K sizes, M
// neurons that any resample selects, N examples and C draws of the null the tensors are
//
//	count      [R,S,K,M]  resamples from which the neuron is selected
//	[R,S,K,M]  1 where all examples select it, 0 elsewhere
//	agreement  [R,S,K]    mean Jaccard index of the resamples' circuits and that of all examples
//	null       [C]        in how many of all views the most frequent neuron of a draw of the null is
//	scores     [R,M]      mean over examples of Σ_t score under every rule
//	base       [N]        the metric of the model as it is; without effects [0]
//	ablated    [R,S,K,N]  the metric with the circuit of all examples set to zero; without effects [R,S,K,0]
type StabilityBody struct {
	Shape      engine.Shape    `json:"shape"`
	Metric     string          `json:"metric"`
	Unit       string          `json:"unit"`
	Rules      []engine.Rule   `json:"rules"`
	Selections []string        `json:"selections"`
	Sizes      []int           `json:"sizes"`
	Resamples  int             `json:"resamples"`
	Controls   int             `json:"controls"`
	Seed       uint64          `json:"seed"`
	Neurons    []engine.Neuron `json:"neurons"`
	Examples   []string        `json:"examples"` // their prompts
	Effects    bool            `json:"effects"`
}

// Views returns how many circuits of resamples there are.
func (b *StabilityBody) Views() int {
	return len(b.Rules) * len(b.Selections) * len(b.Sizes) * b.Resamples
}

// Tensors implements Body.
func (b *StabilityBody) Tensors() map[string][]int {
	R, S, K, M, N := len(b.Rules), len(b.Selections), len(b.Sizes), len(b.Neurons), 0
	if b.Effects {
		N = len(b.Examples)
	}
	return map[string][]int{"count": {R, S, K, M}, "selected": {R, S, K, M}, "agreement": {R, S, K}, "null": {b.Controls}, "scores": {R, M}, "base": {N}, "ablated": {R, S, K, N}}
}
