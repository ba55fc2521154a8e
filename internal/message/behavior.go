package message

import (
	"errors"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// checkPlain reports a metric other than one of two given tokens at the last position.
func (e BehaviorExample) checkPlain() error {
	known := func(r TokenRef) bool { return r.How == "" || r.How == ByText || r.How == ByID }
	if !e.Metric.Sums() && known(e.Metric.Target) && known(e.Metric.Versus) && slices.Equal(e.Metric.Positions, []int{-1}) {
		return nil
	}
	return engine.Mistake(engine.BadRequest, "it looks at given tokens at the last position only").Try(engine.TryOneVersion)
}

// Plain returns the example as a case of a sweep; ok is false where its metric is not that of given tokens at the last position.
func (e BehaviorExample) Plain() (c SweepCase, ok bool) {
	return SweepCase{Prompt: e.Prompt, Target: e.Metric.Target, Versus: e.Metric.Versus}, e.checkPlain() == nil
}

// BehaviorSettings is attributions of many prompts as a message.
type BehaviorSettings struct {
	Examples []BehaviorExample `json:"examples"`
	Rule     engine.Rule       `json:"rule"`
	Edits    []Intervention    `json:"edits"`
}

// Fits implements Fitting.
func (s BehaviorSettings) Fits(shape engine.Shape) error { return CheckInterventions(shape, s.Edits) }

// Kind implements Settings.
func (BehaviorSettings) Kind() Kind { return Kind{"behavior", "behavior", 2} }

// BehaviorExample is an example as it stands in a request.
type BehaviorExample struct {
	Prompt Prompt `json:"prompt"`
	Metric Metric `json:"metric"`
}

// Check implements Settings.
func (s BehaviorSettings) Check() error {
	var errs []error
	if len(s.Examples) == 0 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "there are no examples").
			Try(`give some: steer.NewExamples(steer.Example{Prompt: "The sky is", Target: " blue", Versus: " red"})`))
	}
	if err := checkRule(s.Rule); err != nil {
		errs = append(errs, err)
	}
	var list Mistakes
	answers := 0
	for i, e := range s.Examples {
		list.Add(ExampleName(i), errors.Join(e.Prompt.check(), e.Metric.check()))
		if e.Metric.Target.How == ByAnswer {
			answers++
		}
	}
	if answers > 0 && answers < len(s.Examples) {
		errs = append(errs, engine.Mistake(engine.BadRequest, "whole answers and single tokens in one request").
			Try(engine.TryOneVersion))
	}
	return errors.Join(append(errs, list.Join())...)
}

// BehaviorBody is the part of a behavior's record that is not tensors: what an attribution's has, of each example.
type BehaviorBody struct {
	Examples []AttributeBody `json:"examples"`
}

// ScoresOfExample and tokensOfExample name the tensors of example i: [L,T_i,F] and [T_i].
func ScoresOfExample(i int) string { return fmt.Sprintf("scores.%d", i) }

// HeadsOfExample names the tensor of the heads' scores [L,T,H] of example i of a behavior.
func HeadsOfExample(i int) string { return fmt.Sprintf("heads.%d", i) }

// SourcesOfExample names the tensor of the same scores by the position that each head reads [L,T,H].
func SourcesOfExample(i int) string { return fmt.Sprintf("sources.%d", i) }

// TokensOfExample names the tensor of the tokens' relevance [T] of example i of a behavior.
func TokensOfExample(i int) string { return fmt.Sprintf("tokens.%d", i) }
