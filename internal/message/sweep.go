package message

import (
	"errors"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// SweepPrompt is one measured prompt as it stands in the record.
type SweepPrompt struct {
	Prompt string        `json:"prompt"`
	Tokens int           `json:"tokens"`
	Target engine.Token  `json:"target"`
	Versus *engine.Token `json:"versus,omitempty"`
}

// SweepBody is the part of a sweep's record that is not tensors. The tensors are, with the circuit as row 0 of 1+R and the
// controls after it:
//
//	difference, target, versus [M,1+R,N]  logit(target) − logit(versus), and both probabilities
//	unsteered                  [3,N]      the same three without scaling
//	prompted                   [3,N]      the same three without scaling, after an instruction
//	controls                   [R,K,2]    layer and index of the controls' neurons, each a neuron or a head as the circuit's is
//	kl, nll                    [1+M,S]    sums over the positions of a text, the unsteered model first
type SweepBody struct {
	Shape         engine.Shape    `json:"shape"`
	Neurons       []engine.Neuron `json:"neurons"`
	Multipliers   []float64       `json:"multipliers"`
	Seed          uint64          `json:"seed"`
	Controls      int             `json:"controls"`
	Ablation      string          `json:"ablation,omitempty"` // what the multiplier 0 leaves; absent: zero
	Prompted      string          `json:"prompted,omitempty"` // the instruction; absent: none was measured
	Gated         bool            `json:"gated,omitempty"`    // scaled only where a condition holds
	Cases         []SweepPrompt   `json:"cases"`
	Texts         []string        `json:"texts,omitempty"`
	Tokens        []int           `json:"tokens,omitempty"`        // of each text
	Continuations [][]string      `json:"continuations,omitempty"` // [1+M,S]
}

// SweepSettings is a sweep as a message.
type SweepSettings struct {
	Neurons     []engine.Neuron `json:"neurons"`     // the circuit: distinct, sorted
	Multipliers []float64       `json:"multipliers"` // rising
	Cases       []SweepCase     `json:"cases"`
	Controls    int             `json:"controls"`
	Without     []engine.Neuron `json:"without"` // neurons that no control has: distinct, sorted
	Seed        uint64          `json:"seed"`
	SkipBOS     bool            `json:"skipBOS"`
	Edits       []Intervention  `json:"edits"` // hold in every pass
	Beside      bool            `json:"beside"`
	Texts       []string        `json:"texts"`              // of the side effects
	Continue    int             `json:"continue"`           // tokens that continue each text
	Ablation    string          `json:"ablation,omitempty"` // what the multiplier 0 leaves; absent: zero
	Patches     []Prompt        `json:"patches,omitempty"`  // what means and draws are over; none: the cases' own prompts
	AlignEnd    bool            `json:"alignEnd,omitempty"` // positions of unequal prompts stand on one another from the end
	Prompted    string          `json:"prompted,omitempty"` // an instruction to measure beside the circuit; absent: none
	Gate        *Gate           `json:"gate,omitempty"`     // where the circuit, and each control, is scaled; absent: everywhere
}

// Kind implements Settings.
func (SweepSettings) Kind() Kind { return Kind{"sweep", "sweep", 1} }

// SweepCase is one prompt with what is measured on it.
type SweepCase struct {
	Prompt Prompt   `json:"prompt"`
	Target TokenRef `json:"target"`
	Versus TokenRef `json:"versus"`
}

// Bounds of a sweep as a message from anywhere.
const (
	maxControls    = 10_000
	maxMultipliers = 1_000
	maxPasses      = 10_000_000
)

// Check implements Settings.
func (s SweepSettings) Check() error { return errors.Join(s.CheckScaling(), s.checkCases()) }

// Fits reports a circuit or interventions of another model.
func (s SweepSettings) Fits(shape engine.Shape) error {
	scaled := Intervention{Op: OpScale, Neurons: s.Neurons, Scope: Everywhere, Gate: s.Gate}
	return CheckInterventions(shape, append(slices.Clone(s.Edits), scaled))
}

// CheckScaling reports the mistakes of everything but the prompts.
func (s SweepSettings) CheckScaling() error {
	var errs []error
	bad := func(hint, format string, args ...any) {
		errs = append(errs, engine.Mistake(engine.BadSetting, format, args...).Try("%s", hint))
	}
	if len(s.Neurons) == 0 {
		bad("select some neurons, e.g. TopK(20)", "the circuit is empty, so there is nothing to scale")
	}
	for i, n := range s.Neurons {
		if i > 0 && ByPlace(s.Neurons[i-1], n) >= 0 {
			errs = append(errs, engine.Mistake(engine.BadRequest, "the neuron %v comes after %v", n, s.Neurons[i-1]).
				Try(engine.TryOneVersion))
			break
		}
	}
	if len(s.Multipliers) == 0 {
		bad("give some, e.g. steer.Range(-1, 3, .5)...", "there is no multiplier")
	}
	if len(s.Multipliers) > maxMultipliers {
		bad("use a wider step", "%d multipliers are more than %d", len(s.Multipliers), maxMultipliers)
	}
	for i, x := range s.Multipliers {
		if !Finite(x) {
			bad("0 ablates, 1 is the unsteered model, 2 doubles", "the multiplier %v is not a finite number of 32 bits", x)
		} else if i > 0 && s.Multipliers[i-1] >= x {
			bad("give every multiplier once", "the multiplier %v comes after %v", x, s.Multipliers[i-1])
		}
	}
	if s.Controls < 0 || s.Controls > maxControls {
		bad("use Controls(20)", "Controls(%d) is not between 0 and %d", s.Controls, maxControls)
	}
	if s.Continue < 0 {
		bad("use Continue(50), or Continue(0) for none", "Continue(%d) is no number of tokens", s.Continue)
	}
	if s.Beside && len(s.Texts) == 0 {
		bad("give some texts that have nothing to do with the circuit", "SideEffects has no text")
	}
	errs = append(errs, s.checkAblation(), CheckText("the instruction of Prompted", s.Prompted))
	for i, text := range s.Texts {
		if text == "" {
			bad("give a text of two tokens or more", "text %d of SideEffects is empty", i+1)
		}
		errs = append(errs, CheckText(fmt.Sprintf("text %d of SideEffects", i+1), text))
	}
	return errors.Join(errs...)
}

// checkCases reports the mistakes of the prompts that can be seen without a tokenizer.
func (s SweepSettings) checkCases() error {
	if len(s.Cases) == 0 {
		return engine.Mistake(engine.BadSetting, "there is no prompt").Try(`add On(prompt).Measure(" word", " other"), or OnExamples(set)`)
	}
	if n := len(s.Cases) * len(s.Multipliers) * (1 + max(s.Controls, 0)); n > maxPasses {
		return engine.Mistake(engine.BadSetting, "%d prompts × %d multipliers × %d circuits are more than %d passes", len(s.Cases), len(s.Multipliers), 1+s.Controls, maxPasses).
			Try("use fewer controls, multipliers or prompts")
	}
	var errs Mistakes
	for i, c := range s.Cases {
		m := Metric{Target: c.Target, Versus: c.Versus, Positions: []int{-1}}
		errs.Add(Nth("prompt", i), errors.Join(c.Prompt.check(), c.checkTokens(), m.check()))
	}
	return errs.Join()
}

// checkTokens reports ways to name a token that a sweep does not know.
func (c SweepCase) checkTokens() error {
	for _, r := range []TokenRef{c.Target, c.Versus} {
		if r.How != "" && r.How != ByText && r.How != ByID {
			return engine.Mistake(engine.BadRequest, "a token is named by %q, which a sweep does not know", r.How).
				Try(engine.TryOneVersion)
		}
	}
	return nil
}
