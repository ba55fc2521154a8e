package message

import (
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// MethodsSettings is a comparison of methods as a message.
type MethodsSettings struct {
	Behavior BehaviorSettings `json:"behavior"` // what the methods find neurons for; its rule is not looked at
	View     StabilityView    `json:"view"`
	Tested   []SweepCase      `json:"tested"` // what their neurons are ablated on
	Pairs    []Pair           `json:"pairs"`  // of the contrast and the control vector; none: they are left out
	Size     int              `json:"size"`   // neurons of each method
	Steps    int              `json:"steps"`  // of integrated gradients; 0: they are left out
	Controls int              `json:"controls"`
	Exact    int              `json:"exact"` // neurons that are ablated one by one
	Seed     uint64           `json:"seed"`
}

// Kind implements Settings.
func (MethodsSettings) Kind() Kind { return Kind{"methods", "methods", 1} }

// Fits implements Fitting.
func (s MethodsSettings) Fits(shape engine.Shape) error {
	if n := shape.Layers * shape.Neurons; s.Size > n {
		return engine.Mistake(engine.BadSetting, "the model has %d neurons, and %d are asked for", n, s.Size).Try("use TopK(20)")
	}
	return s.Behavior.Fits(shape)
}

// Check implements Settings.
func (s MethodsSettings) Check() error {
	var errs []error
	bad := func(hint, format string, args ...any) {
		errs = append(errs, engine.Mistake(engine.BadSetting, format, args...).Try("%s", hint))
	}
	if s.Size < 1 {
		bad("use TopK(20)", "TopK(%d) selects no neuron", s.Size)
	}
	if s.Steps < 0 || s.Steps > engine.MaxSteps {
		bad("use Steps(5), or Steps(0) for none", "Steps(%d) is not between 0 and %d", s.Steps, engine.MaxSteps)
	}
	if s.Controls < 0 || s.Controls > maxControls {
		bad("use Controls(19)", "Controls(%d) is not between 0 and %d", s.Controls, maxControls)
	}
	if s.Exact < 0 || float64(s.Exact)*float64(len(s.Tested)) > maxPasses {
		bad("use Exact(200), or Exact(0) for none", "Exact(%d) is below 0, or more than %d passes", s.Exact, maxPasses)
	}
	s.Behavior.Rule = engine.RelP
	errs = append(errs, s.Behavior.Check(), SweepSettings{Cases: s.Tested, Multipliers: []float64{0}}.checkCases())
	if len(s.Pairs) > 0 {
		errs = append(errs, checkPairs(s.Pairs))
	}
	return errors.Join(errs...)
}

// MethodsBody is the part of a comparison's record that is not tensors. With M methods, R controls, N tested examples, L layers and E
// neurons that were ablated one by one the tensors are
//
//	base     [N]        the metric of the model as it is
//	ablated  [M,1+R,N]  with the circuit of a method set to zero, and with each of its controls
//	profile  [M,L]      share of Σ|score| in every layer
//	scores   [M,E]      Σ_t score of the neurons that were ablated one by one
//	exact    [X,E]      what the metric loses on the X examples that the neurons were found on when one of them is set to zero
type MethodsBody struct {
	Shape    engine.Shape      `json:"shape"`
	Methods  []string          `json:"methods"`
	Circuits [][]engine.Neuron `json:"circuits"` // of each, strongest first
	Found    int               `json:"found"`    // X, the examples that they were found on
	Cases    []SweepPrompt     `json:"cases"`
	Size     int               `json:"size"`
	Controls int               `json:"controls"`
	Exact    []engine.Neuron   `json:"exact"`
	Seed     uint64            `json:"seed"`
}

// Tensors implements Body.
func (b *MethodsBody) Tensors() map[string][]int {
	M, N, E := len(b.Methods), len(b.Cases), len(b.Exact)
	return map[string][]int{"base": {N}, "ablated": {M, 1 + b.Controls, N}, "profile": {M, b.Shape.Layers}, "scores": {M, E}, "exact": {b.Found, E}}
}

// Fine reports whether the body agrees with itself.
func (b *MethodsBody) Fine() bool {
	return len(b.Circuits) == len(b.Methods) && len(b.Methods) > 0 && len(b.Cases) > 0 && b.Controls >= 0 && b.Found >= 0 &&
		!slices.ContainsFunc(b.Circuits, func(c []engine.Neuron) bool { return CheckNeurons(b.Shape, c) != nil })
}
