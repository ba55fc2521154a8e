package message

import (
	"errors"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// CalibrateSettings is a calibration as a message.
type CalibrateSettings struct {
	Steer Intervention   `json:"steer"` // at the strength One
	Zero  float64        `json:"zero"`  // the strength at which it does nothing: 1 of a scaling, 0 of what is added
	One   float64        `json:"one"`
	Goal  string         `json:"goal"`
	Value float64        `json:"value"` // what is to be reached
	Limit float64        `json:"limit"` // the largest dose that is tried, One being 1
	Texts []Prompt       `json:"texts"` // of the goal "kl"
	Cases []SweepCase    `json:"cases"` // of the goal "target"
	Seed  uint64         `json:"seed"`  // of the resamples
	Edits []Intervention `json:"edits"` // hold in every pass
}

// What a calibration is to reach.
const (
	GoalKL     = "kl"     // a Kullback–Leibler divergence from the unsteered model, mean over positions, in nats
	GoalTarget = "target" // a difference logit(target) − logit(versus), mean over the cases
)

// CalibrateBody is the part of a calibration's record that is not tensors. The tensor is
//
//	values [1+P,N]  for the unsteered model and then every dose: Σ KL over the positions of a text, or the difference of a case
type CalibrateBody struct {
	Zero   float64       `json:"zero"`
	One    float64       `json:"one"`
	Goal   string        `json:"goal"`
	Value  float64       `json:"value"`
	Limit  float64       `json:"limit"`
	Seed   uint64        `json:"seed"`
	Doses  []float64     `json:"doses"`  // [P] in the order tried, One being 1
	Found  int           `json:"found"`  // the dose that is the answer; −1: none reaches it
	Texts  []string      `json:"texts"`  // of the goal "kl"
	Tokens []int         `json:"tokens"` // of each text
	Cases  []SweepPrompt `json:"cases"`  // of the goal "target"
}

// Tensors implements Body.
func (b *CalibrateBody) Tensors() map[string][]int {
	return map[string][]int{"values": {1 + len(b.Doses), len(b.Texts) + len(b.Cases)}}
}

// Kind implements Settings.
func (CalibrateSettings) Kind() Kind { return Kind{"calibrate", "calibrate", 1} }

// Fits implements Fitting.
func (s CalibrateSettings) Fits(shape engine.Shape) error {
	return CheckInterventions(shape, append(slices.Clone(s.Edits), s.Steer))
}

// maxDose bounds the multiple of an intervention that is tried.
const maxDose = 1e6

// Check implements Settings.
func (s CalibrateSettings) Check() error {
	var errs []error
	bad := func(hint, format string, args ...any) {
		errs = append(errs, engine.Mistake(engine.BadSetting, format, args...).Try("%s", hint))
	}
	if _, err := s.Steer.Times(1); err != nil {
		errs = append(errs, err)
	} else if s.Zero == s.One {
		bad("use another strength, e.g. Scale(circuit, 2) or AddVector(vector, 1)", "the intervention changes nothing, so no multiple of it does")
	}
	if s.Steer.Scope == GeneratedOnly {
		bad("leave GeneratedOnly out", "the intervention acts on new text alone, and a calibration generates none")
	}
	if !(s.Limit > 0 && s.Limit <= maxDose) {
		bad("use Limit(16), or leave it out", "Limit(%v) is not between 0 and %g", s.Limit, maxDose)
	}
	switch s.Goal {
	case GoalKL:
		if !(s.Value > 0 && s.Value <= math.MaxFloat32) {
			bad("use KL(.1)", "KL(%v) is no budget: it must be above 0", s.Value)
		}
		if len(s.Cases) > 0 {
			bad("leave OnExamples out, or use Target in place of KL", "a divergence is measured on texts, and there are examples")
		}
		errs = append(errs, checkTexts(s.Texts))
	case GoalTarget:
		if !Finite(s.Value) {
			bad("use Target(0), where the model is of two minds", "Target(%v) is not a finite number of 32 bits", s.Value)
		}
		if len(s.Texts) > 0 {
			bad("leave On out, or use KL in place of Target", "a target is measured on examples, and there are neutral texts")
		}
		errs = append(errs, SweepSettings{Cases: s.Cases, Multipliers: []float64{0}}.checkCases())
	default:
		bad("add KL(.1) or Target(0)", "nothing says what the strength is to reach")
	}
	return errors.Join(errs...)
}

// Times returns the intervention at dose times its strength: between nothing at 0 and what it is at 1 it goes in a straight
// line, and on from there. What sets an activation has no strength.
func (i Intervention) Times(dose float64) (Intervention, error) {
	switch i.Op {
	case OpScale:
		i.X = 1 + dose*(i.X-1)
	case OpAdd, OpProjectMLP, OpProjectResidual:
		i.X *= dose
	case OpMLP, OpResidual, OpAddEach:
		values := make(Numbers, len(i.Values))
		for k, x := range i.Values {
			values[k] = float32(dose * float64(x))
		}
		i.Values = values
	default:
		return i, engine.Mistake(engine.BadSetting, "an intervention that sets or bounds activations has no strength to find").
			Try("use Scale, AddTo, AddVector or ProjectOut")
	}
	return i, nil
}
