package engine

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// checkByPrompt reports a gate by prompt that nothing decides while the prompt is read.
func checkByPrompt(task string, in seam.Decoding) error {
	for e := in.Generated; e != nil; e = e.Next {
		if e.Gate != nil && e.Gate.Prompt && gateOf(in.Edit, e.Gate) < 0 {
			return seam.Errorf(seam.BadSetting, task, "a gate by prompt of new text is none of the prompt's").Try("give the prompt's edit a stage with the same gate")
		}
	}
	return nil
}

// gateOf returns the number of a gate among those of an edit, or −1.
func gateOf(e *seam.Edit, g *seam.Gate) (n int) {
	for ; e != nil; e = e.Next {
		if e.Gate == g || e.Gate != nil && e.Gate.Site == g.Site && e.Gate.Above == g.Above && e.Gate.Prompt == g.Prompt && slices.Equal(e.Gate.Directions, g.Directions) {
			return n
		}
		if e.Gate != nil {
			n++
		}
	}
	return -1
}

// settled returns the edit of new text once the prompt is read: a stage whose gate is by prompt has none any more, and is neutral
// where the gate was shut after a layer, [L][G] the prompt's. An edit without such a gate is returned as it is.
func settled(c decoder.Config, prompt, e *seam.Edit, decisions [][]float32) *seam.Edit {
	if !byPrompt(e) {
		return e
	}
	out := *e
	if e.Next != nil {
		out.Next = settled(c, prompt, e.Next, decisions)
	}
	if e.Gate == nil || !e.Gate.Prompt {
		return &out
	}
	gate, site := gateOf(prompt, e.Gate), e.Gate.Site
	out.Gate = nil
	shut := func(l int, at seam.Site) bool { // what comes before the site in its layer sees what was decided below
		if at < site {
			l--
		}
		return l < 0 || decisions[l][gate] == 0
	}
	keep := func(to *[]float32, at seam.Site, neutral float32) {
		if *to == nil {
			return
		}
		*to = slices.Clone(*to)
		n := len(*to) / c.Layers // B and T are 1
		for l := range c.Layers {
			if shut(l, at) {
				copy((*to)[l*n:], slices.Repeat([]float32{neutral}, n))
			}
		}
	}
	for _, f := range fieldsOf(c, nil, formHeadAdd|formOutMLP|formOutResidual) {
		switch f.name {
		case "Scale":
			keep(&out.Scale, seam.Neurons, f.neutral)
		case "Add":
			keep(&out.Add, seam.Neurons, f.neutral)
		case "Lo":
			keep(&out.Lo, seam.Neurons, f.neutral)
		case "Hi":
			keep(&out.Hi, seam.Neurons, f.neutral)
		case "MLP":
			keep(&out.MLP, seam.MLP, f.neutral)
		case "Residual":
			keep(&out.Residual, seam.Residual, f.neutral)
		case "Heads":
			keep(&out.Heads, seam.Attention, f.neutral)
		case "HeadAdd":
			keep(&out.HeadAdd, seam.Attention, f.neutral)
		case "OutMLP":
			keep(&out.OutMLP, seam.MLP, f.neutral)
		case "OutResidual":
			keep(&out.OutResidual, seam.Residual, f.neutral)
		}
	}
	out.Puts = leftOf(e.Puts, shut)
	return &out
}
