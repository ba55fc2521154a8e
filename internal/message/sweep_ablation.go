package message

import (
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// checkAblation reports what keeps a circuit from being scaled around something other than zero.
func (s SweepSettings) checkAblation() error {
	var errs []error
	bad := func(hint, format string, args ...any) {
		errs = append(errs, engine.Mistake(engine.BadSetting, format, args...).Try("%s", hint))
	}
	byPosition := s.Ablation == AblateMean || s.Ablation == AblateResample
	if !slices.Contains([]string{"", AblateMean, AblateToken, AblateResample}, s.Ablation) {
		bad("use MeanAblation, TokenMeanAblation or ResampleAblation, or leave Ablation out: multipliers scale toward zero", "a sweep knows no ablation %q", s.Ablation)
	}
	if i := slices.IndexFunc(s.Neurons, IsHead); s.Ablation != "" && i >= 0 {
		bad("leave Ablation out, or heads: circuit.Minus(circuit.Heads())", "%v is an attention head, whose output is many numbers; it is scaled toward zero alone", s.Neurons[i])
	}
	if s.Ablation == "" && len(s.Patches) > 0 {
		bad("add Ablation(steer.MeanAblation), or leave PatchPrompts out", "PatchPrompts says what means are over, but there are none")
	}
	if s.AlignEnd && !byPosition {
		bad("leave AlignEnd out", "nothing of this sweep goes from position to position")
	}
	if s.Beside && byPosition {
		bad("use TokenMeanAblation, or leave SideEffects out", "a mean at each position of these prompts means nothing in the texts of SideEffects")
	}
	var list Mistakes
	for i, p := range s.Patches {
		list.Add(Nth("patch prompt", i), p.check())
	}
	return errors.Join(append(errs, list.Join())...)
}
