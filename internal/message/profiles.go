package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ProfilesSettings asks what the nodes of a circuit read and write on some prompts, as a message.
type ProfilesSettings struct {
	Cases []BehaviorExample `json:"cases"`
	Rule  engine.Rule       `json:"rule"`
	Nodes []EdgeNode        `json:"nodes"`
	Top   int               `json:"top"` // so many of the likeliest next tokens of each prompt are outputs, beside those of its metric
	Edits []Intervention    `json:"edits"`
}

// Kind implements Settings.
func (ProfilesSettings) Kind() Kind { return Kind{"profiles", "profiles", 1} }

// mostOutputs bounds the outputs of a prompt: each costs as much as a pass backward.
const mostOutputs = 1000

// Check implements Settings.
func (s ProfilesSettings) Check() error {
	errs := []error{checkRule(s.Rule)}
	bad := func(hint, format string, args ...any) {
		errs = append(errs, engine.Mistake(engine.BadSetting, format, args...).Try("%s", hint))
	}
	if _, ok := s.Rule.Steps(); ok {
		bad("use RelP, Frozen or Gradient", "profiles have no integrated gradients: each of their numbers is a slope")
	}
	if len(s.Nodes) == 0 {
		bad("select some neurons, e.g. TopK(20)", "the circuit is empty, so there is no profile")
	}
	if s.Top < 0 || s.Top > mostOutputs {
		bad("use Outputs(10)", "Outputs(%d) is not between 0 and %d", s.Top, mostOutputs)
	}
	if len(s.Cases) == 0 {
		bad(`add On("a prompt") and Measure(" word", " other")`, "there is no prompt")
	}
	var list Mistakes
	for i, c := range s.Cases {
		err := errors.Join(c.Prompt.check(), c.Metric.check())
		if len(s.Cases) == 1 {
			errs = append(errs, err)
		} else {
			list.Add(ExampleName(i), err)
		}
	}
	return errors.Join(errors.Join(errs...), list.Join())
}

// Fits implements Fitting.
func (s ProfilesSettings) Fits(shape engine.Shape) error {
	ns := make([]engine.Neuron, len(s.Nodes))
	for i, n := range s.Nodes {
		ns[i] = n.Neuron
	}
	return errors.Join(CheckNeurons(shape, ns), CheckInterventions(shape, s.Edits))
}

// ProfilesBody is the part of a record of profiles that is not tensors. With U units, and T tokens and J outputs of all prompts
// together, one prompt's after another's, these are
//
//	inputs   [U,T]  what each token gives to the metric by way of a unit
//	outputs  [U,J]  what a unit gives to each logit
//	effects  [U,C]  what it gives to the metric of each of C prompts
type ProfilesBody struct {
	Shape engine.Shape    `json:"shape"`
	Rule  engine.Rule     `json:"rule"`
	Units []engine.Neuron `json:"units"` // distinct, as the circuit orders them
	Cases []ProfiledCase  `json:"cases"`
}

// ProfiledCase is a prompt of profiles.
type ProfiledCase struct {
	Tokens  []engine.Token `json:"tokens"`
	Metric  Resolved       `json:"metric"`
	Outputs []Ranked       `json:"outputs"` // tokens that may come next where the metric looks last; those of the metric first
}

// Tensors implements Body.
func (b *ProfilesBody) Tensors() map[string][]int {
	U, T, J := len(b.Units), 0, 0
	for _, c := range b.Cases {
		T, J = T+len(c.Tokens), J+len(c.Outputs)
	}
	return map[string][]int{"inputs": {U, T}, "outputs": {U, J}, "effects": {U, len(b.Cases)}}
}
