package execute

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// edits are the interventions of every pass, alone, and after them each patch as a stage of its own.
func (c patchCase) edits(list [][]engine.Neuron) []*engine.Edit {
	T := 1
	if c.from > 0 || c.to.rows > 1 || slices.ContainsFunc(c.is, func(i message.Intervention) bool {
		return i.Scope != message.GeneratedOnly && (i.Positions != nil || i.Rows > 1 || (i.SkipBOS && c.bos))
	}) {
		T = c.length
	}
	s := &sheet{shape: c.shape, t: T}
	for _, i := range c.is {
		if i.Scope != message.GeneratedOnly {
			s.apply(i, c.length, c.bos)
		}
	}
	whole := s.edit()
	out := []*engine.Edit{whole}
	for _, units := range list {
		patch := &engine.Edit{B: 1, T: T}
		for _, u := range units {
			for t := c.from; t < T; t++ {
				p := engine.Put{Neuron: u, Position: t}
				if !u.Head { // whose factor is 0
					p.Value = c.at(u, t)
				}
				patch.Puts = append(patch.Puts, p)
			}
		}
		out = append(out, followed(whole, patch))
	}
	return out
}

// followed returns an edit with another after its stages.
func followed(e, by *engine.Edit) *engine.Edit {
	if e == nil {
		return by
	}
	out := *e
	out.Next = followed(e.Next, by)
	return &out
}
