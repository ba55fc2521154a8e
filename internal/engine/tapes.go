package engine

import (
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
)

// tapes are what the backward pass needs of the forward pass. Of a long prompt only those of the last groups are kept. The
// groups before them are run again, each when the backward pass comes to it, from the residual stream before it: that is
// a hundredth of its tape.
type tapes struct {
	s     *scope
	pass  pass // of the kind tapeGraph
	kept  int  // the first group whose tape is kept
	to    int  // groups up to it are run
	again bool // a tape may be asked for more than once: its input stays
	meter *meter

	inputs []*tensors.Tensor   // [R,D] before each group below kept
	tapes  [][]*tensors.Tensor // of each group from kept on
}

// record runs the groups forward, and returns the residual stream after the last one. It frees x where nothing needs it.
func (r *tapes) record(x *tensors.Tensor) (*tensors.Tensor, error) { // [R,D] → [R,D]
	groups := r.s.e.groups[:r.to]
	below := r.pass
	below.kind, below.rules, below.keep = plainGraph, decoder.RelP, true
	r.inputs = append(r.inputs, x)
	x, err := r.s.layers(below, groups[:min(r.kept, r.to)], x, r.meter, func(_ group, x *tensors.Tensor, _ []*tensors.Tensor) error {
		r.inputs = append(r.inputs, x)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r.s.layers(r.pass, groups[min(r.kept, r.to):], x, r.meter, func(_ group, _ *tensors.Tensor, out []*tensors.Tensor) error {
		r.tapes = append(r.tapes, out)
		return nil
	})
}

// of returns the tape of a group. The caller frees it.
func (r *tapes) of(i int) (tape []*tensors.Tensor, err error) {
	if i >= r.kept {
		return r.tapes[i-r.kept], nil
	}
	p := r.pass
	p.keep = r.again
	y, err := r.s.layers(p, r.s.e.groups[i:i+1], r.inputs[i], r.meter, func(_ group, _ *tensors.Tensor, out []*tensors.Tensor) error {
		tape = out
		return nil
	})
	if err != nil {
		return nil, err
	}
	r.s.free(y)
	return tape, nil
}
