package engine

import (
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// original is the prompts of a part as they are, run as far as edits have entered. Edits come in the order of their entries.
type original struct {
	s      *scope
	pass                   // of the prompts
	at     entry           // where it has come to
	x      *tensors.Tensor // the stream before a layer: that of at, or where it is at neurons the one after it [R,D]
	mid, h *tensors.Tensor // where it is at neurons: what the MLP adds to [R,D], and the neurons [R,F]
}

// original begins with the embeddings.
func (v variants) original(s *scope, p part) (*original, error) {
	var ids [][]int32
	for _, i := range p.prompts {
		ids = append(ids, v.ids[i])
	}
	b, err := v.e.batch(s.task, ids)
	if err != nil {
		return nil, err
	}
	b = b.shared(make([]int, b.b))
	o := &original{s: s, pass: pass{kind: plainGraph, rules: decoder.RelP, batch: b,
		place: func(i int) seam.Place { return seam.Place{Edit: p.batches[0].edits[0], Prompt: p.prompts[i]} }}}
	o.x, err = s.embed(b.ids)
	return o, err
}

// stepsTo counts the steps from one entry to another.
func (e *Engine) stepsTo(at *entry, to entry) (n int) {
	if *at == to {
		return 0
	}
	from := at.layer()
	if at.atNeurons() {
		from++
	}
	*at = to
	if n = len(between(e.groups, from, to.layer())); to.atNeurons() {
		n++
	}
	return n
}

// reach goes on to an entry.
func (o *original) reach(to entry, m *meter) (err error) {
	if o.at == to {
		return nil
	}
	from := o.at.layer()
	if o.at.atNeurons() {
		from++
		o.s.free(o.mid, o.h)
	}
	o.at = to
	none := func(group, *tensors.Tensor, []*tensors.Tensor) error { return nil }
	if o.x, err = o.s.layers(o.pass, between(o.s.e.groups, from, to.layer()), o.x, m, none); err != nil || !to.atNeurons() {
		return err
	}
	g := group{to.layer(), to.layer() + 1}
	tb, done, err := o.s.table(o.pass)
	if err != nil {
		return err
	}
	defer done()
	key := o.key(o.s.e, g, nil)
	key.kind = neuronsGraph
	out, err := o.s.run(key, []*tensors.Tensor{o.x}, tb.of(key.kinds, 1), o.s.e.weights.layers(g))
	if err != nil {
		return err
	}
	if err := o.s.finite(o.check(g), o.x, out[0], nil); err != nil {
		return err
	}
	o.s.free(o.x)
	o.x, o.mid, o.h = out[0], out[1], out[2]
	m.step()
	return nil
}

// enter begins a pass where the original is, each of its rows from one of the original's: it returns the stream before the layer
// of the entry, or after it where that is at its neurons.
func (o *original) enter(p pass, at entry, from []int32, m *meter) (*tensors.Tensor, error) { // → [R',D]
	s := o.s
	if !at.atNeurons() {
		return s.rows(o.x, from)
	}
	g := group{at.layer(), at.layer() + 1}
	edits, err := s.editor(p.edits, p.batch)
	if err != nil {
		return nil, err
	}
	ed, own, err := edits.layers(g.from, g.to)
	if err != nil {
		return nil, err
	}
	index, err := upload(s, from, len(from))
	if err != nil {
		return nil, err
	}
	key := p.key(s.e, g, edits)
	key.kind, key.shape = downGraph, [3]int{o.batch.r(), len(from)}
	out, err := s.run(key, []*tensors.Tensor{o.mid, o.h, index}, s.e.weights.layers(g), ed)
	if err != nil {
		return nil, err
	}
	k := p.check(g)
	k.picks = nil // they are of the last layer
	if row, err := k.overflown(out[0]); err != nil {
		return nil, internal(s.task, err)
	} else if row >= 0 {
		return nil, s.notFinite(k, g.from, row)
	}
	s.free(append(own, index)...)
	edits.free()
	m.step()
	return out[0], nil
}

// rows returns a copy of rows of x.
func (s *scope) rows(x *tensors.Tensor, of []int32) (y *tensors.Tensor, err error) { // [R,D], [R'] → [R',D]
	d := x.Shape().Dim(1)
	data := make([]float32, 0, len(of)*d)
	if err := read(x, func(x []float32) {
		for _, r := range of {
			data = append(data, x[int(r)*d:][:d]...)
		}
	}); err != nil {
		return nil, internal(s.task, err)
	}
	return upload(s, data, len(of), d)
}

func (o *original) free() {
	o.s.free(o.x)
	if o.at.atNeurons() {
		o.s.free(o.mid, o.h)
	}
}
