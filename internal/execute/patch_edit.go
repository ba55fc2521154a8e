package execute

import (
	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// edits returns what makes the edit of each pass: the interventions of every pass, alone (0), and after them patch k − 1 as a
// stage of its own.
func (c patchCase) edits(list [][]engine.Neuron) func(k int) *engine.Edit {
	T := 1
	if c.from > 0 || c.to.rows > 1 || byPosition(c.is, c.bos) {
		T = c.length
	}
	s := &sheet{shape: c.shape, t: T}
	for _, i := range c.is {
		if i.Scope != message.GeneratedOnly {
			s.apply(i, c.length, c.bos)
		}
	}
	whole := s.edit()
	return func(k int) *engine.Edit {
		if k == 0 {
			return whole
		}
		patch, heads := &engine.Edit{B: 1, T: T}, &sheet{shape: c.shape, t: T}
		for _, u := range list[k-1] {
			for t := c.from; t < T; t++ {
				p := engine.Put{Neuron: u, Position: t}
				if !u.Head {
					p.Value = c.at(u, t)
				} else if z := c.headAt(u, t); z != nil { // added to what the factor 0 leaves
					heads.addHead(u, t, z)
				}
				patch.Puts = append(patch.Puts, p)
			}
		}
		patch.HeadAdd = heads.headAdd
		return followed(whole, patch)
	}
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
