package steer

import "slices"

// Ablation sets what the multiplier 0 leaves of the circuit, in place of zero: its mean (MeanAblation, TokenMeanAblation) or what
// it is on another prompt (ResampleAblation). A multiplier x then scales the difference from that, h' = r + x·(h − r), so that 1 is
// the unsteered model still. What is left at zero no prompt may ever have shown; means keep a circuit within what it does.
func (t SweepTask) Ablation(a Ablation) SweepTask { t.ablation = a; return t }

// PatchPrompts sets the prompts that the means of Ablation are over and that ResampleAblation draws from; without any they are
// the prompts that are measured.
func (t SweepTask) PatchPrompts(texts ...string) SweepTask {
	t.patches = append(slices.Clone(t.patches), texts...)
	return t
}

// AlignEnd lets prompts differ in length under MeanAblation and ResampleAblation, as FaithfulnessTask.AlignEnd does.
func (t SweepTask) AlignEnd() SweepTask { t.alignEnd = true; return t }
