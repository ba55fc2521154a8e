package engine

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
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
	if n := sort.Search(d.b-1, func(i int) bool { return d.bytes(i+1, d.t) > short.Free }); n > 0 {
		return e.Try("give at most %d %s at a time, or end other programs", n, unit)
	}
	for n := min(d.t-1, positions); n > 0; n -= 1 + n/64 { // of shorter prompts more may go at a time, so that bytes may fall where n rises
		if d.bytes(1, n) <= short.Free {
			return e.Try("about %d tokens would fit: shorten the prompt, or end other programs", n)
		}
	}
	return e.Try("not even one token fits: end other programs, or take a smaller model")
}

// The sizes below are in numbers of four bytes. What a graph holds while it runs was measured (TestDemand does so): a
// backend frees what nothing needs any more, and GoMLX's runs what it can at the same time.

// working is what the graphs of a group hold beside their inputs and outputs: those of a forward pass, and those of a backward
// pass beside it, for the memory of the first is kept for the next call. A layer attends, and then runs its neurons.
func (e *Engine) working(b, t int, ed *seam.Edit, backward bool, block int) int64 {
	if e.name != native {
		return e.workingAtOnce(b, t, ed != nil, backward, block)
	}
	c, rows := e.cfg, int64(b)*int64(t)
	width, neurons, queries, keys := rows*int64(c.Width), rows*int64(c.Neurons), rows*int64(c.Heads*c.HeadDim), rows*int64(c.KVHeads*c.HeadDim)
	seen := 0 // keys, by the queries of a block
	for _, w := range windows(c, t) {
		if w == 0 {
			w = t
		}
		seen = max(seen, min(t, block+w-1))
	}
	scores := int64(b) * int64(c.Heads) * int64(block) * int64(seen)
	forward, back := 3*scores, 5*scores
	if c.AttentionCap > 0 {
		back += 2 * scores
	}
	own, more := 3*neurons, int64(0)
	if ed != nil {
		form := ownForm(ed)
		stages, vectors := int64(len(form)), int64(form.count(formOutMLP)+form.count(formOutResidual)+form.count(formGate))
		own, more = (4+2*stages)*neurons, (stages+2*vectors)*width
		if form.has(formGate) {
			own += 2 * neurons
		}
		forward += int64(form.count(formHeadAdd)) * queries
		if b > 1 && (ed.B > 1 || ed.T > 1) { // each row's part of it is looked up
			more += int64(form.count(formHeadAdd))*queries + stages*(4*neurons+2*width+rows*int64(c.Heads)) + vectors*max(width, neurons)
		}
	}
	n := 3*width + more + max(own, 3*(queries+2*keys)+forward)
	if backward {
		n += 6*width + max(4*neurons, 8*queries+2*keys+back)
	}
	return rounded(n)
}

// making is what graphs take while they are made, and what each worker packs.
func making() int64 { return 3<<19 + int64(runtime.GOMAXPROCS(0))<<16 }

// workingAtOnce is working on a backend that runs what it can at the same time.
func (e *Engine) workingAtOnce(b, t int, edited, backward bool, block int) int64 {
	c, rows := e.cfg, int64(b)*int64(t)
	n := rows*int64(8*c.Neurons+8*c.Width+8*(c.Heads+2*c.KVHeads)*c.HeadDim) + 1<<20
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

// rounded is what memory for n numbers takes: a backend rounds sizes up by an eighth at the most, so that they are used again.
func rounded(n int64) int64 { return n + n/12 }

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
	for stage := ed; stage != nil; stage = stage.Next {
		for _, f := range fieldsOf(e.cfg, stage, stageForm(stage)) {
			if f.data == nil && len(f.puts) == 0 {
				n += rows * int64(f.n)
			} else {
				n += rows * int64(f.n) * int64(e.groups[0].len())
			}
		}
	}
	return rounded(n) + rows*int64(max(e.cfg.Neurons, e.cfg.Width)) // and one on its way
}

// tables are rotary angles and a mask, and that of the queries that go on from the last layer, which are no more than a block.
func (e *Engine) tabling(b, t, block int) int64 {
	return 2*tableNumbers(e.cfg, b, t, block) + int64(b)*int64(block)*int64(t)
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
		site(seam.Heads, rows*int64(c.Heads*c.HeadDim))
		logits := 2 * int64(b) * int64(c.Vocab)
		if in.AllLogits {
			logits = (rows + 3*min(rows, manyRows)) * int64(c.Vocab)
		}
		return 4 * (making() + captured + logits + e.tabling(b, t, block) + e.editing(in.Edit, b, t) + 3*rows*int64(c.Width) +
			outputs + e.working(b, t, in.Edit, false, block))
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

// variantsBytes is the demand of edits on prompts, which go in batches of the shapes [B,T].
func (e *Engine) variantsBytes(prompts int, edits []*seam.Edit, shapes [][2]int) func(b, t int) int64 {
	var all *seam.Edit // the fields of any, stage by stage
	for _, ed := range edits {
		at, t := &all, 1
		if ed != nil {
			t = ed.T
		}
		for ; ed != nil; ed, at = ed.Next, &(*at).Next {
			grown(at, ed)
		}
		for stage := all; stage != nil; stage = stage.Next {
			stage.T = max(stage.T, t)
		}
	}
	rows := 1
	for _, x := range shapes {
		rows = max(rows, x[0]*x[1])
	}
	return func(_, t int) int64 {
		b := min(prompts*len(edits), max(1, rows/t))
		var kept, largest int64 // memory of batches of other shapes
		for _, x := range shapes {
			n := e.working(x[0], min(x[1], t), all, false, e.blockRows(x[0], min(x[1], t)))
			kept, largest = kept+n, max(largest, n)
		}
		if plain := e.working(b, t, nil, false, e.blockRows(b, t)); b > 1 || largest-plain > largest/8 {
			kept += plain // and of layers without an edit, where theirs is of another size
		} else {
			kept += plain / 4 // the layer that is entered at its neurons has a few sizes of its own (measured)
		}
		kept = min(4*(kept-largest), pooled)
		original := int64(min(prompts, b)) * int64(t) * int64(3*e.cfg.Width+e.cfg.Neurons) // at the neurons of a layer
		return e.forwardBytes(seam.Forward{Edit: all})(b, t) + 4*(original+int64(b)*int64(t)*int64(2*e.cfg.Width+e.cfg.Neurons)) + kept
	}
}

// grown makes of at a stage that has the fields of both.
func grown(at **seam.Edit, ed *seam.Edit) {
	if *at == nil {
		*at = &seam.Edit{B: 2, T: 1}
	}
	all := *at
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
	if len(ed.Puts) > 0 {
		all.Puts = ed.Puts[:1]
	}
	grow(&all.Heads, ed.Heads)
	grow(&all.HeadAdd, ed.HeadAdd)
	grow(&all.OutMLP, ed.OutMLP)
	grow(&all.OutResidual, ed.OutResidual)
	if ed.Gate != nil && (all.Gate == nil || ed.Gate.Site == seam.Neurons) {
		all.Gate = ed.Gate
	}
}

// pooled is how many bytes a backend keeps for later calls, at the most.
const pooled = 256 << 20

// attributeBytes is the demand of an attribution with so many terms, all prompts' together; few is whether only the rows that
// are read go on from the last layer.
func (e *Engine) attributeBytes(rules decoder.Rules, in seam.Attribution, terms int, few bool) func(b, t int) int64 {
	return func(b, t int) int64 {
		c, rows, block := e.cfg, int64(b)*int64(t), e.blockRows(b, t)
		layer := int64(c.TapeSize(e.tapeForm(rules, in.Edit, b, t), b, t, b*t))
		kept := e.keptTapes(4 * layer)
		tapes := layer * int64(c.Layers-e.groups[kept].from)
		group := int64(e.groups[0].len()) * (rows*int64(c.Neurons) + 2*rows*int64(c.Heads))
		scores := int64(c.Layers) * rows * int64(c.Neurons+2*c.Heads) // and those of heads, and their sources
		if in.HeadSlopes {
			scores += int64(c.Layers) * rows * int64(c.Heads*c.HeadDim)
			group += int64(e.groups[0].len()) * rows * int64(c.Heads*c.HeadDim)
		}
		if few { // of the last layer there are keys, values and norms of all, and the rest of the rows that are read
			read := min(rows/int64(max(e.limits.few, 1)), int64(terms+b))
			tapes += layer*read/rows + rows*int64(2*c.KVHeads*c.HeadDim+2*c.Width) - layer
			scores -= (rows - read) * int64(c.Neurons) // the others are zeros that nobody writes
			group += 2 * rows * int64(c.Neurons)       // the last group's graph is of another size than the others: its memory is its own
		}
		if one := layer * int64(e.groups[0].len()); kept > 0 {
			if e.name != native || 4*one > pooled {
				one *= 2 // a tape that is let go is there until the next one is made
			}
			tapes = max(tapes, one)
		}
		n := min(int64(terms), rows)
		metric := n*rows + 2*n*int64(c.Width) + 2*int64(b)*int64(c.Vocab)
		if in.LogProb {
			metric += 4 * min(n, headRows) * int64(c.Vocab)
		}
		all := making() + scores + metric + e.tabling(b, t, block) + e.editing(in.Edit, b, t) + int64(kept+3)*rows*int64(c.Width) +
			rounded(tapes+group) + e.working(b, t, in.Edit, true, block)
		return 4 * (all + all/24) // what is let go of but not yet collected: up to a fiftieth was seen on a busy machine
	}
}

// edgesBytes is the demand of the edges into some targets, which go down together as far as limits.together says.
func (e *Engine) edgesBytes(rules decoder.Rules, in seam.Edges, targets int) func(b, t int) int64 {
	return func(_, t int) int64 {
		c, block := e.cfg, e.blockRows(1, t)
		form := e.tapeForm(rules, in.Edit, 1, t)
		one := int64(c.TapeSize(form, 1, t, t))
		kept := e.keptTapes(4 * one)
		tapes := one * int64(c.Layers-e.groups[kept].from)
		if kept > 0 {
			tapes = max(tapes, 2*one*int64(e.groups[0].len()))
		}
		b := min(targets, max(1, e.limits.together/t))
		copies := 2 * int64(c.TapeSize(form, b, t, b*t)) // and those of the layer above, of other sizes, which are kept for later
		found := int64(targets) * int64(len(in.Sources)+t+2*c.Layers)
		if n := int64(len(in.Outputs)); n > 0 {
			found += n * int64(t) * (2*int64(c.Width) + n) // their gradients after the last layer, and where they begin
		}
		return 4 * (making() + found + 2*int64(c.Vocab) + e.tabling(1, t, block) + e.editing(in.Edit, 1, t) + int64(kept+3)*int64(t)*int64(c.Width) +
			rounded(tapes+3*int64(b)*int64(t)*int64(c.Width)+copies) + e.working(b, t, in.Edit, true, block))
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
	n = min((n+cacheStep-1)/cacheStep*cacheStep, c.Positions)
	return int64(n) * int64(2*c.Layers*c.KVHeads*c.HeadDim+2*c.Heads*len(windows(c, n)))
}
