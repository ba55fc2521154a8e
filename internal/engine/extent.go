package engine

import (
	"math"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// An extent is how far an edit reaches: below it, above it and before it everything is as it is without the edit, bit for bit.
type extent struct {
	enters   entry // the first place that it changes
	top      int   // the layer after the last one that it changes
	position int   // the first position that it changes
}

// An entry is a place that passes begin at: before a layer, or at its neurons, which is after its attention. They are in the
// order in which a pass comes to them.
type entry int

func before(layer int) entry    { return entry(2 * layer) }
func atNeurons(layer int) entry { return entry(2*layer + 1) }

func (e entry) layer() int      { return int(e / 2) }
func (e entry) atNeurons() bool { return e%2 == 1 }

// nowhere is the extent of no edit. A pass of it runs the last layer: of the prompts' last positions alone.
func nowhere(c decoder.Config) extent { return extent{before(c.Layers - 1), 0, math.MaxInt} }

// extentOf returns how far an edit that was checked reaches. With a gate it enters before a layer, and in it the first layer that
// a gate decides in is one that it changes.
func extentOf(c decoder.Config, e *seam.Edit) extent {
	x := nowhere(c)
	if e == nil {
		return x
	}
	gated := false
	for stage := e; stage != nil; stage = stage.Next {
		gated = gated || stage.Gate != nil
	}
	for stage := e; stage != nil; stage = stage.Next {
		for _, f := range fieldsOf(c, stage, stageForm(stage)) {
			if f.data == nil || f.name == "Times" {
				continue
			}
			at := atNeurons
			if gated || f.name == "Heads" || f.name == "HeadAdd" {
				at = before
			}
			x.grow(c, e, f, at)
		}
		for _, p := range stage.Puts {
			at := atNeurons(p.Layer)
			if gated || p.Head {
				at = before(p.Layer)
			}
			x.enters, x.top, x.position = min(x.enters, at), max(x.top, p.Layer+1), min(x.position, p.Position)
		}
	}
	if gated && byPrompt(e) { // what a prompt's last position decides acts at all of them
		x.position = 0
	}
	return x
}

// grow extends it by what a field changes. Numbers that can extend it no further are not looked at.
func (x *extent) grow(c decoder.Config, e *seam.Edit, f editField, at func(layer int) entry) {
	b, t := e.B, e.T
	if f.fixed {
		b, t = 1, 1
	}
	for k := range b {
		for l := range c.Layers {
			for p := range t {
				if at(l) >= x.enters && l < x.top && p >= x.position {
					break
				}
				if !f.changes(((k*c.Layers+l)*t + p) * f.n) {
					continue
				}
				x.enters, x.position = min(x.enters, at(l)), min(x.position, p)
				if x.top = max(x.top, l+1); t == 1 {
					x.position = 0
				}
			}
		}
	}
}

// changes reports whether the field is not neutral at one position of a layer, which begins with number i.
func (f editField) changes(i int) bool {
	for _, v := range f.data[i:][:f.n] {
		if v != f.neutral {
			return true
		}
	}
	return false
}
