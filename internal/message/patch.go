package message

import (
	"errors"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// PatchSettings is exact activation patching as a message: what is patched is every unit on its own, and pairs of some.
type PatchSettings struct {
	Units     []engine.Neuron `json:"units"`     // distinct, by place; with no Sample and none of these all neurons
	Sample    int             `json:"sample"`    // further neurons, drawn, as many in one layer as in another
	Pairs     []engine.Neuron `json:"pairs"`     // units that are also patched two by two: distinct, by place, some of Units
	Cases     []PatchCase     `json:"cases"`     // prompts, each with what is measured
	Ablation  string          `json:"ablation"`  // what a unit is set to
	Patches   []Prompt        `json:"patches"`   // what means and draws are over; none: the cases' own prompts
	AlignEnd  bool            `json:"alignEnd"`  // positions of unequal prompts stand on one another from the end
	KeepFirst bool            `json:"keepFirst"` // nothing is patched at the first position
	Seed      uint64          `json:"seed"`      // of the sample, draws and resamples
	Edits     []Intervention  `json:"edits"`     // hold in every pass
	Part      *PatchPart      `json:"part,omitempty"`
}

// PatchPart says which of the parts of a patching a request is: a part is asked for, and kept, on its own.
type PatchPart struct {
	Index int `json:"index"` // from 0
	Of    int `json:"of"`    // as PatchSettings.Parts says
}

// Kind implements Settings.
func (PatchSettings) Kind() Kind { return Kind{"patch", "patch", 1} }

// Sizes of a part: of how many patches it is, and of how many parts a patching of all neurons.
const (
	patchesOfPart = 128
	partsOfAll    = 256
)

// Parts returns in how many parts a patching is computed, which its settings alone say.
func (s PatchSettings) Parts() int {
	n := len(s.Units) + s.Sample + len(s.Pairs)*(len(s.Pairs)-1)/2
	if n == 0 {
		return partsOfAll
	}
	return (n + patchesOfPart - 1) / patchesOfPart
}

// Faithful is the settings of a faithfulness curve that reads the same prompts and sets units to the same values.
func (s PatchSettings) Faithful() FaithfulnessSettings {
	ranked := s.Units
	if len(ranked) == 0 {
		ranked = []engine.Neuron{{}}
	}
	return FaithfulnessSettings{
		Ranked: ranked, Counts: []int{1}, Cases: s.Cases, Ablation: s.Ablation, Patches: s.Patches, AlignEnd: s.AlignEnd, KeepFirst: s.KeepFirst, Seed: s.Seed, Edits: s.Edits,
	}
}

// Check implements Settings.
func (s PatchSettings) Check() error {
	var errs []error
	bad := func(hint, format string, args ...any) {
		errs = append(errs, engine.Mistake(engine.BadSetting, format, args...).Try("%s", hint))
	}
	for what, list := range map[string][]engine.Neuron{"units": s.Units, "pairs": s.Pairs} {
		for i := 1; i < len(list); i++ {
			if ByPlace(list[i-1], list[i]) >= 0 {
				errs = append(errs, engine.Mistake(engine.BadRequest, "of the %s %v comes after %v", what, list[i], list[i-1]).Try(engine.TryOneVersion))
				break
			}
		}
	}
	for _, u := range s.Pairs {
		if !slices.Contains(s.Units, u) {
			errs = append(errs, engine.Mistake(engine.BadRequest, "%v is patched in pairs, but not alone", u).Try(engine.TryOneVersion))
			break
		}
	}
	if s.Sample < 0 {
		bad("use Sample(500)", "Sample(%d) is no number of neurons", s.Sample)
	}
	if len(s.Pairs) > maxPaired {
		bad("give the strongest: TopK(20)", "%d units are more than %d to patch two by two", len(s.Pairs), maxPaired)
	}
	if p := s.Part; p != nil && (p.Of != s.Parts() || p.Index < 0 || p.Index >= p.Of) {
		errs = append(errs, engine.Mistake(engine.BadRequest, "there is no part %d of %d of %d", p.Index, p.Of, s.Parts()).Try(engine.TryOneVersion))
	}
	return errors.Join(append(errs, s.Faithful().Check())...)
}

// maxPaired bounds the units that are patched two by two.
const maxPaired = 1000

// Fits implements Fitting.
func (s PatchSettings) Fits(shape engine.Shape) error {
	var errs []error
	most := shape.Layers * shape.Neurons
	for _, u := range s.Units {
		if !u.Head {
			most--
		}
	}
	if s.Sample > most && s.Sample > 0 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "Sample(%d) asks for more than the %d other neurons of this model", s.Sample, most).Try("use Sample(500)"))
	}
	return errors.Join(append(errs, CheckNeurons(shape, s.Units), CheckInterventions(shape, s.Edits))...)
}

// PatchBody is the part of a patching's record that is not tensors. The tensors hold the metric of every case:
//
//	full     [N]    the model as it is
//	patched  [S,N]  each patch on its own: the units by place, then pairs
//	share.i  [U,T]  of case i: (h − p)/h of each unit at each position, h its activation and p what it is set to; 0 where h is 0,
//	                1 of a head that is set to zero, 0 of any other
//	heads.i  [W,4]  of case i and each head that is set to anything but zero: what the metric loses to first order under each
//	                of engine.Rules, Σ_t ⟨z_t − p_t, ∂m/∂z_t⟩; absent without such heads
type PatchBody struct {
	Shape     engine.Shape       `json:"shape"`
	Units     []engine.Neuron    `json:"units"` // U
	Pairs     [][2]engine.Neuron `json:"pairs"` // S − U
	Ablation  string             `json:"ablation"`
	KeepFirst bool               `json:"keepFirst"`
	Seed      uint64             `json:"seed"`
	Cases     []SweepPrompt      `json:"cases"`
}

// ShareOf names the tensor of the shares that the patches of case i take away.
func ShareOf(i int) string { return fmt.Sprintf("share.%d", i) }

// ForetoldOf names the tensor of what the slopes of case i foretell of heads.
func ForetoldOf(i int) string { return fmt.Sprintf("heads.%d", i) }

// Vectors returns the heads that are set to anything but zero: W of them, which a score times a share says nothing about.
func (b *PatchBody) Vectors() (out []engine.Neuron) {
	for _, u := range b.Units {
		if u.Head && b.Ablation != AblateZero {
			out = append(out, u)
		}
	}
	return out
}

// Tensors implements Body.
func (b *PatchBody) Tensors() map[string][]int {
	N, U := len(b.Cases), len(b.Units)
	out := map[string][]int{"full": {N}, "patched": {U + len(b.Pairs), N}}
	for i, c := range b.Cases {
		out[ShareOf(i)] = []int{U, c.Tokens}
		if w := len(b.Vectors()); w > 0 {
			out[ForetoldOf(i)] = []int{w, len(engine.Rules())}
		}
	}
	return out
}
