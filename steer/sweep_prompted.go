package steer

// Prompted measures the unsteered model on the same prompts with an instruction in them, beside the curve: what a plain
// instruction does is the baseline that steering is to beat (AxBench, arXiv 2501.17148). In a chat the instruction stands
// before what the user says, with an empty line between; a raw prompt becomes the beginning of the answer to a user who says
// the instruction; and where the model has no chat template, the instruction stands before the prompt. The same tokens are
// measured as without it. Interventions of With hold in that pass too.
func (t SweepTask) Prompted(instruction string) SweepTask {
	t.prompted, t.instructs = instruction, true
	return t
}

// Prompted returns the instruction and the response of the unsteered model to the prompts with it, Change being from the
// prompts without it, paired by prompt; both are zero where the task did not ask. [Dose.FromPrompted] says how far each
// multiplier lies from it.
func (c Curve) Prompted() (instruction string, response Dose) {
	return c.body().Prompted, c.stats().prompted
}

// PromptedBand returns the mean difference of the unsteered model after the instruction, in logits, with its 95 % interval
// over prompts; ok is false where the task did not ask.
func (c Curve) PromptedBand() (mean, lo, hi float64, ok bool) {
	d := c.stats().prompted.Difference
	return d.Value, d.Lo, d.Hi, d.N > 0
}
