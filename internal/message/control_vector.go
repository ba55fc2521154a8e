package message

import (
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ControlVectorSettings is a control vector as a message.
type ControlVectorSettings struct {
	Pairs  []Pair         `json:"pairs"`
	Space  engine.Site    `json:"space"`
	Lo     int            `json:"lo"`
	Hi     int            `json:"hi"` // −1: the last layer
	Method string         `json:"method"`
	Edits  []Intervention `json:"edits"`

	Tested []BehaviorExample `json:"tested,omitempty"` // what is steered by each of its layers; none: nothing is
}

// VectorDoses are the multipliers of a vector that examples are steered by, which its slope rests on.
var VectorDoses = []float64{-1.5, -1, -.5, 0, .5, 1, 1.5}

// Fits implements Fitting.
func (s ControlVectorSettings) Fits(shape engine.Shape) error {
	return CheckInterventions(shape, s.Edits)
}

// Kind implements Settings.
func (ControlVectorSettings) Kind() Kind { return Kind{"control-vector", "control vector", 1} }

// Check implements Settings.
func (s ControlVectorSettings) Check() error {
	var errs []error
	if !slices.Contains(VectorSites, s.Space) {
		errs = append(errs, engine.Mistake(engine.BadSetting, "a vector cannot be taken from %q", s.Space).Try("From(steer.Residual), From(steer.MLP) or From(steer.MLPNeurons)"))
	}
	if !slices.Contains([]string{MeanDiff, PCA}, s.Method) {
		errs = append(errs, engine.Mistake(engine.BadSetting, "unknown method %q", s.Method).Try("Method(MeanDiff) or Method(PCA)"))
	}
	errs = append(errs, checkLayers(s.Lo, s.Hi), checkPairs(s.Pairs))
	if len(s.Tested) > 0 {
		errs = append(errs, BaselineSettings{Examples: s.Tested}.Check())
	}
	return errors.Join(errs...)
}

// ControlVectorBody is the part of a vector's record that is not tensors.
type ControlVectorBody struct {
	Shape  engine.Shape `json:"shape"`
	Space  engine.Site  `json:"space"`
	Lo     int          `json:"lo"`
	Hi     int          `json:"hi"`
	Method string       `json:"method"`
	Pairs  int          `json:"pairs"`
	Share  []float64    `json:"share,omitempty"` // PCA: of Σ‖difference‖² on the component, for each layer lo..hi

	// Of each layer lo..hi and pair [·,Pairs]: the mean cosine of the pair's difference with those of the others, and its cosine
	// with the sum of those. Absent of a single pair, and in records of before.
	Agreement Numbers `json:"agreement,omitempty"`
	HeldOut   Numbers `json:"heldOut,omitempty"`

	// Of each layer lo..hi and tested example [·,Tested]: the slope of the example's logit difference over the multiplier of that
	// layer's vector, in logits. Absent where none was tested.
	Tested int     `json:"tested,omitempty"`
	Slopes Numbers `json:"slopes,omitempty"`
}

// The methods of a control vector.
const (
	MeanDiff = "mean-diff"
	PCA      = "pca"
)
