package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// passesOfFaithfulPart is from how many passes, of a prompt under an edit, on a part of a curve ends.
const passesOfFaithfulPart = 128

// parts returns the cases of each of the curves that a long one is made of: some of its groups. There are none where what a case's
// units are set to depends on the other cases: means and draws over them, and random units about as active as theirs.
func (s faithful) parts(in faithfulInput) (out [][]int) {
	if s.Active || s.Ablation != message.AblateZero && s.Ablation != message.AblatePatch {
		return nil
	}
	passes := passesOfFaithfulPart
	for _, g := range s.groups(in) {
		if passes >= passesOfFaithfulPart {
			out, passes = append(out, nil), 0
		}
		last := &out[len(out)-1]
		*last = append(*last, g.cases...)
		passes += s.perCase() * len(g.cases)
	}
	return out
}

// inParts measures a long curve by its parts.
func (s faithful) inParts(ctx context.Context, e *env, in faithfulInput, parts [][]int) (any, tensors, error) {
	w := whole[message.FaithfulnessSettings]{name: "faithfulness", phase: "faithfulness", steps: func(p message.FaithfulnessSettings) int {
		return faithful{p}.perCase() * len(p.Cases)
	}}
	for _, cases := range parts {
		one := s.FaithfulnessSettings
		one.Cases = pick(s.Cases, cases)
		w.parts = append(w.parts, one)
	}
	N, patches := len(in.cases), 0
	joined := newFaithfulResponse(len(s.Counts), 1+s.Controls, N, s.Transplant).tensors()
	warnings, err := inParts(ctx, e, w, func(i int, b message.FaithfulnessBody, ts tensors) {
		patches += b.Patches
		for name, t := range ts {
			n := len(parts[i])
			for row := range len(t.Data) / n { // the last axis is the cases
				for k, at := range parts[i] {
					joined[name].Data[row*N+at] = t.Data[row*n+k]
				}
			}
		}
	})
	e.warn(warnings...)
	return s.body(e, in, patches), joined, err
}
