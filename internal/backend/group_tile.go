package backend

import (
	"slices"
	"unsafe"
)

// A place is where a row of a value begins: in a storage, or in the worker's scratch memory.
type place struct {
	store  int // −1: in the scratch memory
	base   int // bytes
	dims   []int
	rows   []int // bytes
	size   int   // of an element
	step   int
	width  int
	linear int // bytes from row to row, where dims has at most one axis
}

// An op is an operation of a group as it runs.
type op struct {
	fn    rowFunc
	n     int
	dst   place
	args  []place
	whole bool // rows that follow one another are one long row to it
}

// A tile is what a worker computes before it goes on: some rows or, where they are long, a part of one. Each operation goes over the
// whole tile before the next one does.
type tile struct {
	c         *call
	s         *scratch
	temp      unsafe.Pointer
	row, rows int
	col, cols int // cols is 0 where rows are not divided
}

// follows reports whether rows of n elements follow one another without gaps.
func (p *place) follows(n int) bool {
	return p.width == n && p.step == 1 && len(p.dims) == 0 && p.linear == n*p.size
}

// run computes an operation's part of a tile.
func (o *op) run(t *tile) {
	if cap(t.s.args) < len(o.args) {
		t.s.args = make([]operand, len(o.args))
	}
	in := t.s.args[:len(o.args)]
	n, rows, long := o.n, t.rows, 1
	if t.cols > 0 {
		n = min(t.cols, n-t.col)
	} else if o.whole {
		n, rows, long = n*rows, 1, rows
	}
	for r := range rows {
		for k := range o.args {
			p := &o.args[k]
			in[k] = operand{p.pointer(t, r), p.step, p.width * long}
		}
		o.fn(t.s, n, o.dst.pointer(t, r), in)
	}
}

// pointer returns where row r of a tile begins, or its part.
func (p *place) pointer(t *tile, r int) unsafe.Pointer {
	if p.store < 0 {
		return unsafe.Add(t.temp, p.base+r*p.linear)
	}
	row := t.row + r
	at := p.base + row*p.linear + t.col*p.step*p.size
	for i, v := range slices.Backward(p.dims) {
		at += row % v * p.rows[i]
		row /= v
	}
	return unsafe.Add(t.c.ptr[p.store], at)
}
