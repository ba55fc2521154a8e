package message

import (
	"errors"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// FaithfulnessSettings is a faithfulness curve as a message.
type FaithfulnessSettings struct {
	Ranked     []engine.Neuron `json:"ranked"` // distinct, the first kept first
	Counts     []int           `json:"counts"` // of units kept, rising; each at most the number of ranked ones
	Cases      []PatchCase     `json:"cases"`
	Ablation   string          `json:"ablation"`
	Patches    []Prompt        `json:"patches"`    // what means and draws are over; none: the cases' own prompts
	AlignEnd   bool            `json:"alignEnd"`   // positions of unequal prompts stand on one another from the end
	KeepFirst  bool            `json:"keepFirst"`  // nothing is ablated at the first position
	Controls   int             `json:"controls"`   // random rankings
	Active     bool            `json:"active"`     // which are of units about as active
	Embeddings bool            `json:"embeddings"` // are ablated where no unit is kept
	Transplant bool            `json:"transplant"` // also puts the units' activations into the counterfactual prompts
	Seed       uint64          `json:"seed"`       // of controls, draws and resamples
	Edits      []Intervention  `json:"edits"`      // hold in every pass
}

// PatchCase is a measured prompt with the prompt that its activations are patched from.
type PatchCase struct {
	SweepCase
	Patch *Prompt `json:"patch,omitempty"`
}

// What a unit that is not kept is set to.
const (
	AblateMean     = "mean"     // its mean over prompts, at each position
	AblateToken    = "token"    // its mean over all tokens of the prompts, one number
	AblateZero     = "zero"     // nothing
	AblatePatch    = "patch"    // what it is on the case's own counterfactual prompt, at each position
	AblateResample = "resample" // what it is on one of the prompts, drawn for each case, at each position
)

// Kind implements Settings.
func (FaithfulnessSettings) Kind() Kind { return Kind{"faithfulness", "faithfulness", 2} }

// Check implements Settings.
func (s FaithfulnessSettings) Check() error { return errors.Join(s.CheckRanking(), s.checkCases()) }

// Fits implements Fitting.
func (s FaithfulnessSettings) Fits(shape engine.Shape) error {
	return errors.Join(CheckNeurons(shape, s.Ranked), CheckInterventions(shape, s.Edits))
}

// CheckRanking reports the mistakes of everything but the prompts.
func (s FaithfulnessSettings) CheckRanking() error {
	var errs []error
	bad := func(hint, format string, args ...any) {
		errs = append(errs, engine.Mistake(engine.BadSetting, format, args...).Try("%s", hint))
	}
	if !slices.Contains([]string{AblateMean, AblateToken, AblateZero, AblatePatch, AblateResample}, s.Ablation) {
		errs = append(errs, engine.Mistake(engine.BadRequest, "unknown ablation %q", s.Ablation).Try(engine.TryOneVersion))
	}
	if len(s.Ranked) == 0 {
		bad("give scores, or a circuit of some neurons", "nothing is ranked, so there is nothing to keep")
	}
	seen := make(map[engine.Neuron]bool, len(s.Ranked))
	for _, n := range s.Ranked {
		if seen[n] {
			errs = append(errs, engine.Mistake(engine.BadRequest, "%v is ranked twice", n).Try(engine.TryOneVersion))
			break
		}
		seen[n] = true
	}
	if len(s.Counts) == 0 {
		bad("use Sizes(20, 100)", "there is no size")
	}
	for i, k := range s.Counts {
		switch {
		case k < 0 || k > len(s.Ranked):
			bad("use sizes up to the number of ranked units", "the size %d is not between 0 and the %d units that are ranked", k, len(s.Ranked))
		case i > 0 && s.Counts[i-1] >= k:
			bad("give every size once", "the size %d comes after %d", k, s.Counts[i-1])
		}
	}
	if s.Controls < 0 || s.Controls > maxControls {
		bad("use Controls(19)", "Controls(%d) is not between 0 and %d", s.Controls, maxControls)
	}
	if s.Active && s.Controls == 0 {
		bad("add Controls(19)", "EquallyActive says which random units the controls are of, but there are none")
	}
	if s.Embeddings && s.Ablation != AblatePatch {
		bad("use Ablation(PatchAblation), or leave WithEmbeddings out", "the ablation %q takes nothing from a prompt that could be read in place of the example's", s.Ablation)
	}
	if s.Embeddings && s.KeepFirst {
		bad("leave one of them out", "KeepFirst keeps what WithEmbeddings ablates: the first token")
	}
	if (s.Ablation == AblateZero || s.Ablation == AblatePatch) && len(s.Patches) > 0 {
		bad("leave PatchPrompts out, or use MeanAblation or ResampleAblation", "the ablation %q takes nothing from patch prompts", s.Ablation)
	}
	if s.AlignEnd && !s.byPosition() && !s.Transplant {
		bad("leave AlignEnd out", "the ablation %q means the same at every position, so there is nothing to align", s.Ablation)
	}
	return errors.Join(errs...)
}

// byPosition reports whether what a unit is set to differs from position to position.
func (s FaithfulnessSettings) byPosition() bool {
	return s.Ablation != AblateZero && s.Ablation != AblateToken
}

// checkCases reports the mistakes of the prompts that can be seen without a tokenizer.
func (s FaithfulnessSettings) checkCases() error {
	if len(s.Cases) == 0 {
		return engine.Mistake(engine.BadSetting, "there are no examples").
			Try(`give some: steer.NewExamples(steer.Example{Prompt: "The sky is", Target: " blue", Versus: " red"})`)
	}
	if n := float64(len(s.Cases)) * float64(2*len(s.Counts)+2) * float64(1+max(s.Controls, 0)); n > maxPasses {
		return engine.Mistake(engine.BadSetting, "%d prompts × %d sizes × %d rankings are more than %d passes", len(s.Cases), len(s.Counts), 1+s.Controls, maxPasses).
			Try("use fewer controls, sizes or prompts")
	}
	var errs Mistakes
	for i, c := range s.Cases {
		m := Metric{Target: c.Target, Versus: c.Versus, Positions: []int{-1}}
		errs.Add(ExampleName(i), errors.Join(c.Prompt.check(), c.checkTokens(), m.check()))
		if c.Patch != nil {
			errs.Add(ExampleName(i)+", its patch prompt", c.Patch.check())
		} else if s.Ablation == AblatePatch || s.Transplant {
			errs.Add(ExampleName(i), engine.Mistake(engine.BadSetting, "it has no patch prompt to take activations from").
				Try(`give one: steer.Example{Prompt: "The key", Target: " is", Versus: " are", Patch: "The keys"}`))
		}
	}
	for i, p := range s.Patches {
		errs.Add(Nth("patch prompt", i), p.check())
	}
	return errs.Join()
}

// FaithfulnessBody is the part of a faithfulness curve's record that is not tensors. The tensors hold the metric of every
// case, with the ranking as row 0 of 1+R and the random ones after it:
//
//	full, empty          [N]        the model as it is, and with every unit ablated: with embeddings, on the counterfactual prompts
//	kept, ablated        [K,1+R,N]  all units ablated but the first k, and only those ablated
//	control              [N]        the model as it is on the counterfactual prompts; with a transplant only
//	transplanted         [K,1+R,N]  those prompts with the first k units as they are on the case's own; likewise
type FaithfulnessBody struct {
	Shape      engine.Shape  `json:"shape"`
	Neurons    int           `json:"neurons"` // ranked
	Heads      int           `json:"heads"`   // ranked
	Counts     []int         `json:"counts"`
	Ablation   string        `json:"ablation"`
	Patches    int           `json:"patches"` // prompts that means and draws are over; 0 where there is nothing to take
	KeepFirst  bool          `json:"keepFirst"`
	Controls   int           `json:"controls"`
	Active     bool          `json:"active"`
	Embeddings bool          `json:"embeddings"`
	Transplant bool          `json:"transplant"`
	Seed       uint64        `json:"seed"`
	Cases      []SweepPrompt `json:"cases"`
}

// Tensors implements Body.
func (b *FaithfulnessBody) Tensors() map[string][]int {
	K, R, N := len(b.Counts), 1+b.Controls, len(b.Cases)
	out := map[string][]int{"full": {N}, "empty": {N}, "kept": {K, R, N}, "ablated": {K, R, N}}
	if b.Transplant {
		out["control"], out["transplanted"] = []int{N}, []int{K, R, N}
	}
	return out
}

// Universe returns how many units of the model can be kept or ablated: all neurons where neurons are ranked, all heads where
// heads are.
func (b *FaithfulnessBody) Universe() int {
	n := 0
	if b.Neurons > 0 {
		n += b.Shape.Layers * b.Shape.Neurons
	}
	if b.Heads > 0 {
		n += b.Shape.Layers * b.Shape.Heads
	}
	return n
}

// finiteShare reports whether a percentage of units means anything.
func finiteShare(p float64) bool { return !math.IsNaN(p) && p >= 0 && p <= 100 }

// CountsOf returns how many of n units are meant by percentages, the decimals dropped as in upstream, with sizes given
// outright: rising, each once.
func CountsOf(n int, sizes []int, percentages []float64) ([]int, error) {
	out := slices.Clone(sizes)
	for _, p := range percentages {
		if !finiteShare(p) {
			return nil, engine.Mistake(engine.BadSetting, "%v %% is not between 0 and 100", p).Try("use Percentages(1, 10, 100)")
		}
		out = append(out, int(p/100*float64(n)+1e-9)) // 29 % of 100 is to be 29
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
