package steer

import (
	"errors"
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

const sweepVersion = 1

// sweepSettings is a sweep as a message.
type sweepSettings struct {
	Neurons     []Neuron       `json:"neurons"`     // the circuit: distinct, sorted
	Multipliers []float64      `json:"multipliers"` // rising
	Cases       []sweepCase    `json:"cases"`
	Controls    int            `json:"controls"`
	Without     []Neuron       `json:"without"` // neurons that no control has: distinct, sorted
	Seed        uint64         `json:"seed"`
	SkipBOS     bool           `json:"skipBOS"`
	Edits       []intervention `json:"edits"` // hold in every pass
	Beside      bool           `json:"beside"`
	Texts       []string       `json:"texts"`    // of the side effects
	Continue    int            `json:"continue"` // tokens that continue each text
}

// sweepCase is one prompt with what is measured on it.
type sweepCase struct {
	Prompt promptSpec `json:"prompt"`
	Target tokenRef   `json:"target"`
	Versus tokenRef   `json:"versus"`
}

// Bounds of a sweep as a message from anywhere.
const (
	maxControls    = 10_000
	maxMultipliers = 1_000
	maxPasses      = 10_000_000
)

// check reports the mistakes of everything but the prompts that can be seen without a tokenizer.
func (s sweepSettings) check() error {
	var errs []error
	bad := func(hint, format string, args ...any) {
		errs = append(errs, engine.Errorf(engine.BadSetting, "sweep", format, args...).Try("%s", hint))
	}
	if len(s.Neurons) == 0 {
		bad("select some neurons, e.g. TopK(20)", "the circuit is empty, so there is nothing to scale")
	}
	for i, n := range s.Neurons {
		if i > 0 && byPlace(s.Neurons[i-1], n) >= 0 {
			errs = append(errs, engine.Errorf(engine.BadRequest, "sweep", "the neuron %v comes after %v", n, s.Neurons[i-1]).
				Try("use the same version of neuronsteer on both sides"))
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
		if math.IsNaN(x) || math.Abs(x) > math.MaxFloat32 {
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
	for i, text := range s.Texts {
		if text == "" {
			bad("give a text of two tokens or more", "text %d of SideEffects is empty", i+1)
		}
		errs = append(errs, checkText("sweep", fmt.Sprintf("text %d of SideEffects", i+1), text))
	}
	return errors.Join(errs...)
}

// checkCases reports the mistakes of the prompts that can be seen without a tokenizer.
func (s sweepSettings) checkCases() error {
	if len(s.Cases) == 0 {
		return engine.Errorf(engine.BadSetting, "sweep", "there is no prompt").Try(`add On(prompt).Measure(" word", " other"), or OnExamples(set)`)
	}
	if n := len(s.Cases) * len(s.Multipliers) * (1 + max(s.Controls, 0)); n > maxPasses {
		return engine.Errorf(engine.BadSetting, "sweep", "%d prompts × %d multipliers × %d circuits are more than %d passes", len(s.Cases), len(s.Multipliers), 1+s.Controls, maxPasses).
			Try("use fewer controls, multipliers or prompts")
	}
	var errs mistakes
	for i, c := range s.Cases {
		m := metric{c.Target, c.Versus, []int{-1}}
		errs.add(nth("prompt", i), errors.Join(c.Prompt.check("sweep"), c.checkTokens(), m.check("sweep")))
	}
	return errs.join()
}

// checkTokens reports ways to name a token that a sweep does not know.
func (c sweepCase) checkTokens() error {
	for _, r := range []tokenRef{c.Target, c.Versus} {
		if r.How != "" && r.How != byText && r.How != byID {
			return engine.Errorf(engine.BadRequest, "sweep", "a token is named by %q, which a sweep does not know", r.How).
				Try("use the same version of neuronsteer on both sides")
		}
	}
	return nil
}

// nth names one of the prompts or texts of a sweep.
func nth(what string, i int) string { return fmt.Sprintf("%s %d", what, i+1) }
