package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// center is what a circuit is scaled around, h' = r + x·(h − r), where that is not zero.
type center struct {
	shape engine.Shape
	all   []float32   // r of every neuron [L,F], the same at every position; nil: none
	at    [][]float32 // r at every position of each prompt [L,T,F]; nil: none
	skip  bool        // a real BOS is left unscaled
	gate  *message.Gate
}

// center computes means over the sweep's prompts or those that it names, or draws one of them for each.
func (s sweeping) center(ctx context.Context, e *env, in sweepInput) (c center, err error) {
	c = center{shape: e.Shape(), skip: s.SkipBOS, gate: s.Gate}
	if s.Ablation == "" {
		return c, nil
	}
	f := faithful{message.FaithfulnessSettings{Ablation: s.Ablation, Patches: s.Patches, AlignEnd: s.AlignEnd, Seed: s.Seed, Edits: s.Edits}}
	var prompts faithfulInput
	for i, ids := range in.prompts {
		ts, err := tokensOf(e, ids)
		if err != nil {
			return c, err
		}
		prompts.cases, prompts.patch = append(prompts.cases, ts), append(prompts.patch, nil)
		prompts.about = append(prompts.about, in.cases[in.byPrompt[i][0]])
	}
	if prompts.patches, err = f.readPatches(e); err != nil {
		return c, err
	}
	if err := f.positionsMean(prompts); err != nil {
		return c, err
	}
	d, err := f.donors(ctx, e, prompts)
	if err != nil {
		return c, err
	}
	for i, ids := range in.prompts {
		to, err := d.group(ctx, e, faithfulGroup{cases: []int{i}, prompts: [][]int32{ids}, about: prompts.about[i : i+1]})
		if err != nil {
			return c, err
		}
		if s.Ablation == message.AblateToken {
			c.all = to.of(0)[engine.Neurons]
			return c, nil
		}
		c.at = append(c.at, to.of(0)[engine.Neurons])
	}
	return c, nil
}

// everywhere appends what brings neurons that were scaled by x around a mean that is the same at every position.
func (c center) everywhere(list []message.Intervention, neurons []engine.Neuron, x float64) []message.Intervention {
	if c.all == nil {
		return list
	}
	rest := make(message.Numbers, len(c.all))
	for _, n := range neurons {
		at := n.Layer*c.shape.Neurons + n.Index
		rest[at] = float32((1 - x) * float64(c.all[at]))
	}
	return append(list, message.Intervention{Op: message.OpAddEach, Values: rest, Scope: message.Everywhere, SkipBOS: c.skip, Gate: c.gate})
}

// edit composes the interventions of each prompt, then brings the neurons, which they scaled by x, around what they are to be
// there.
func (c center) edit(shape engine.Shape, list []message.Intervention, neurons []engine.Neuron, x float64, in sweepInput) *engine.Edit {
	each := make([]*engine.Edit, len(in.prompts))
	for b, T := range in.lengths {
		sh := &sheet{shape: shape, t: T}
		for _, i := range list {
			if i.Scope != message.GeneratedOnly {
				sh.apply(i, T, in.bos[b])
			}
		}
		from := 0
		if c.skip && in.bos[b] {
			from = 1
		}
		last := sh.stage(message.Intervention{Op: message.OpSet, Gate: c.gate}) // which scales them
		for _, n := range neurons {
			for t := from; t < T; t++ {
				last.prepare()
				last.plus(last.at(n, t), float32((1-x)*float64(c.at[b][(n.Layer*T+t)*shape.Neurons+n.Index])))
			}
		}
		each[b] = sh.edit()
	}
	return stack(shape, each, in.lengths)
}
