package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// BaselineSettings is a baseline as a message.
type BaselineSettings struct {
	Examples []BehaviorExample `json:"examples"`
	Edits    []Intervention    `json:"edits"`
}

// Fits implements Fitting.
func (s BaselineSettings) Fits(shape engine.Shape) error { return CheckInterventions(shape, s.Edits) }

// Kind implements Settings.
func (BaselineSettings) Kind() Kind { return Kind{"baseline", "baseline", 1} }

// Check implements Settings.
func (s BaselineSettings) Check() error {
	if len(s.Examples) == 0 {
		return engine.Mistake(engine.BadSetting, "there are no examples").
			Try(`give some: steer.NewExamples(steer.Example{Prompt: "The sky is", Target: " blue", Versus: " red"})`)
	}
	var list Mistakes
	for i, e := range s.Examples {
		list.Add(ExampleName(i), errors.Join(e.Prompt.check(), e.Metric.check(), e.checkPlain()))
	}
	return list.Join()
}

// BaselineBody is the part of the record of a baseline that is not tensors.
type BaselineBody struct {
	Outcomes []Outcome `json:"outcomes"`
}

// Outcome is what the model does on one example.
type Outcome struct {
	Prompt     string  `json:"prompt"`
	Target     Ranked  `json:"target"`           // at the last position; Rank is 0 where it is not known
	Versus     *Ranked `json:"versus,omitempty"` // the counterfactual, if the example has one
	Difference float64 `json:"difference"`       // logit(target) − logit(counterfactual), or − that of the best other token
}
