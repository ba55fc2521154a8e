package engine

import (
	"cmp"
	"errors"
	"fmt"
	"sort"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/internal/memory"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// A demand is what a call will take of memory at the most, known from its shape before anything is allocated. The weights
// are not part of it: they are there.
type demand struct {
	b, t  int                  // prompts, and positions of the longest
	unit  string               // what b counts; "" is prompts
	more  string               // what else makes it large, for people; "" is nothing
	bytes func(b, t int) int64 // of a call of another shape, so that the error can say what would fit
}

// lend takes the memory of a call from what the process may use, waiting for calls that are under way. It is the one place
// where a request is found too large, whatever the task.
func (s *scope) lend(d demand) error {
	if d.bytes == nil {
		return nil
	}
	need := d.bytes(d.b, d.t)
	giveBack, err := s.e.lend(s.ctx, need)
	if short, ok := errors.AsType[*memory.Short](err); ok {
		return d.tooLarge(s.task, short, s.e.cfg.Positions)
	}
	if err != nil {
		return err
	}
	s.giveBack, s.large = giveBack, need >= s.e.limits.large
	return nil
}

// tooLarge is the mistake of a call that does not fit, with what would.
func (d demand) tooLarge(task string, short *memory.Short, positions int) error {
	what := fmt.Sprintf("a prompt of %d tokens", d.t)
	unit := cmp.Or(d.unit, "prompts")
	if d.unit != "" {
		what = fmt.Sprintf("%d %s", d.b, d.unit)
	} else if d.b > 1 {
		what = fmt.Sprintf("%d prompts of up to %d tokens at a time", d.b, d.t)
	}
	if d.more != "" {
		what += " with " + d.more
	}
	e := seam.Errorf(seam.TooLarge, task, "%s: %v", what, short)
	most := func(n int, bytes func(n int) int64) int { // the largest up to n that fits
		return sort.Search(n, func(i int) bool { return bytes(i+1) > short.Free })
	}
	if n := most(d.b-1, func(n int) int64 { return d.bytes(n, d.t) }); n > 0 {
		return e.Try("give at most %d %s at a time, or end other programs", n, unit)
	}
	if n := most(min(d.t-1, positions), func(n int) int64 { return d.bytes(1, n) }); n > 0 {
		return e.Try("about %d tokens would fit: shorten the prompt, or end other programs", n)
	}
	return e.Try("not even one token fits: end other programs, or take a smaller model")
}

// The sizes below are in numbers of four bytes. What a graph holds while it runs was measured (TestDemand does so): a
// backend frees what nothing needs any more, and runs what it can at the same time.

// working is what the graph of a group holds beside its inputs and outputs.
func (e *Engine) working(b, t int, edited, backward bool, block int) int64 {
	c, rows := e.cfg, int64(b)*int64(t)
	n := rows*int64(8*c.Neurons+8*c.Width+8*(c.Heads+2*c.KVHeads)*c.HeadDim) + 2<<20
	if edited {
		n += rows * int64(6*c.Neurons+2*c.Width)
	}
	scores := int64(b) * int64(c.Heads) * int64(block) * int64(t)
	of := int64(8)
	if backward {
		of = 14
	}
	if c.AttentionCap > 0 {
		of += of / 2
	}
	return n + of*scores
}

// editing is what the inputs of an edit take: its fields of a group of layers, and the neutral ones once.
func (e *Engine) editing(ed *seam.Edit, b, t int) (n int64) {
	if ed == nil {
		return 0
	}
	rows := int64(1)
	if ed.B > 1 {
		rows *= int64(b)
	}
	if ed.T > 1 {
		rows *= int64(t)
	}
	for _, f := range fieldsOf(e.cfg, ed) {
		if f.data == nil {
			n += rows * int64(f.n)
		} else {
			n += rows * int64(f.n) * int64(e.groups[0].len())
		}
	}
	return n
}

// tables are rotary angles and a mask, and that of the queries that go on from the last layer, which are no more than a block.
func (e *Engine) tabling(b, t, block int) int64 {
	c := e.cfg
	return 2*tableNumbers(c, b, t, block) + int64(b)*int64(c.Heads)*int64(block)*int64(t)
}

// forwardBytes is the demand of a forward pass.
func (e *Engine) forwardBytes(in seam.Forward) func(b, t int) int64 {
	return func(b, t int) int64 {
		c, rows, g := e.cfg, int64(b)*int64(t), int64(e.groups[0].len())
		block := e.blockRows(b, t)
		var captured, outputs int64 // of all layers, and of a group on the device
		site := func(s seam.Site, layer int64) {
			if in.Capture&s != 0 {
				captured += int64(c.Layers) * layer
				outputs += g * layer
			}
		}
		site(seam.Neurons, rows*int64(c.Neurons))
		site(seam.Residual, rows*int64(c.Width))
		site(seam.MLP, rows*int64(c.Width))
		if in.Capture&seam.Attention != 0 {
			block = t
		}
		site(seam.Attention, int64(c.Heads)*rows*int64(t))
		logits := 2 * int64(b) * int64(c.Vocab)
		if in.AllLogits {
			logits = (rows + 4*min(rows, manyRows)) * int64(c.Vocab)
		}
		return 4 * (captured + logits + e.tabling(b, t, block) + e.editing(in.Edit, b, t) + 3*rows*int64(c.Width) +
			outputs + e.working(b, t, in.Edit != nil, false, block))
	}
}

// wanted names what makes a forward pass large.
func wanted(in seam.Forward) string {
	switch {
	case in.Capture&seam.Attention != 0:
		return "attention patterns"
	case in.AllLogits:
		return "logits at every position"
	case in.Capture != 0:
		return "activations of every layer"
	}
	return ""
}

// variantsBytes is the demand of edits on prompts, which go in batches.
func (e *Engine) variantsBytes(prompts int, edits []*seam.Edit) func(b, t int) int64 {
	var all *seam.Edit // the fields of any
	for _, ed := range edits {
		if ed == nil {
			continue
		}
		if all == nil {
			all = &seam.Edit{B: 2, T: 1}
		}
		all.T = max(all.T, ed.T)
		grow := func(to *[]float32, from []float32) {
			if from != nil {
				*to = []float32{}
			}
		}
		grow(&all.Scale, ed.Scale)
		grow(&all.Add, ed.Add)
		grow(&all.Lo, ed.Lo)
		grow(&all.Hi, ed.Hi)
		grow(&all.MLP, ed.MLP)
		grow(&all.Residual, ed.Residual)
	}
	return func(_, t int) int64 {
		b := min(prompts*len(edits), max(1, variantRows/t))
		return e.forwardBytes(seam.Forward{Edit: all})(b, t) + 4*2*int64(b)*int64(t)*int64(e.cfg.Width)
	}
}

// attributeBytes is the demand of an attribution with n terms for each prompt.
func (e *Engine) attributeBytes(rules decoder.Rules, in seam.Attribution, terms int) func(b, t int) int64 {
	return func(b, t int) int64 {
		c, rows, block := e.cfg, int64(b)*int64(t), e.blockRows(b, t)
		edited := in.Edit != nil
		layer := int64(c.TapeSize(e.tapeForm(rules, in.Edit, b, t), b, t, b*t))
		kept := e.keptTapes(4 * layer)
		tapes := layer * int64(c.Layers-e.groups[kept].from)
		if kept > 0 { // the backend lets a tape go when the next one is made
			tapes = max(tapes, 2*layer*int64(e.groups[0].len()))
		}
		scores := int64(c.Layers) * rows * int64(c.Neurons)
		n := min(int64(terms), rows)
		metric := n*rows + 2*n*int64(c.Width) + 2*int64(b)*int64(c.Vocab)
		if in.LogProb {
			metric += 4 * min(n, headRows) * int64(c.Vocab)
		}
		group := int64(e.groups[0].len()) * (rows*int64(c.Neurons) + 2*rows*int64(c.Heads))
		return 4 * (scores + metric + e.tabling(b, t, block) + e.editing(in.Edit, b, t) + int64(kept+3)*rows*int64(c.Width) + tapes +
			group + e.working(b, t, edited, true, block))
	}
}

// decodeBytes is the demand of reading a prompt and keeping the keys and values of reserve more positions.
func (e *Engine) decodeBytes(in seam.Decoding) func(b, t int) int64 {
	return func(_, t int) int64 {
		return 4*e.caching(t+in.Reserve) + e.forwardBytes(seam.Forward{Edit: in.Edit})(1, t) +
			4*int64(e.groups[0].len())*2*int64(t)*int64(e.cfg.KVHeads*e.cfg.HeadDim) + 4*int64(e.cfg.Layers)*e.editing(in.Generated, 1, 1)
	}
}

// caching is what keys and values of n positions take.
func (e *Engine) caching(n int) int64 {
	c := e.cfg
	n += cacheStep
	return int64(n) * int64(2*c.Layers*c.KVHeads*c.HeadDim+2*c.Heads*len(windows(c, n)))
}
