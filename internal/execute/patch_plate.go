package execute

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A plate is an edit that is used again and again, one patch after another: an edit has a number for every neuron at every
// position, of which a patch changes a few, and filling in the rest anew takes as long as a good part of a pass.
type plate struct {
	whole *sheet
	sheet *sheet // the stage of the patches, which comes last
	none  bool   // nothing holds in every pass, so that no patch is no edit
	undo  []func()
}

// plate returns the interventions of every pass as an edit that takes patches.
func (c patchCase) plate() *plate {
	rows := 1
	if c.from > 0 || c.to.rows > 1 || slices.ContainsFunc(c.is, func(i message.Intervention) bool {
		return i.Scope != message.GeneratedOnly && (i.Positions != nil || i.Rows > 1 || (i.SkipBOS && c.bos))
	}) {
		rows = c.length
	}
	s := &sheet{shape: c.shape, t: rows}
	for _, i := range c.is {
		if i.Scope != message.GeneratedOnly {
			s.apply(i, c.length, c.bos)
		}
	}
	none := s.edit() == nil
	return &plate{whole: s, sheet: s.plain(), none: none}
}

// with returns the edit with a patch in place of the one before; of no unit it is that of every pass alone.
func (p *plate) with(c patchCase, patch []engine.Neuron) *engine.Edit {
	for _, f := range p.undo {
		f()
	}
	p.undo = p.undo[:0]
	s := p.sheet
	if len(patch) == 0 && p.none {
		return nil
	}
	for _, u := range patch {
		for t := c.from; t < s.t; t++ {
			if u.Head {
				s.scaleHead(u, t, 1)
				j := (u.Layer*s.t+t)*c.shape.Heads + u.Index
				was := s.heads[j]
				p.undo = append(p.undo, func() { s.heads[j] = was })
				s.heads[j] = 0
				continue
			}
			s.prepare()
			j := s.at(u, t)
			scale, add, lo, hi := s.scale[j], s.add[j], s.lo[j], s.hi[j]
			p.undo = append(p.undo, func() { s.scale[j], s.add[j], s.lo[j], s.hi[j] = scale, add, lo, hi })
			s.set(j, c.at(u, t))
		}
	}
	return p.whole.edit()
}
