package engine

import (
	"errors"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
)

// An edge is a source and a target, by their places in the result.
type edge struct{ source, target int }

// wires are the inputs of an edgesGraph that say what enters, and where edges leave from.
type wires struct {
	key     edgesKey
	neurons []edge // of each number of decoder.Traced.Neurons
	heads   []edge // and of Heads; a source of −1 is the value of a target that is a head
	pulled  []int  // of each row of Pulled, the place of the target
	in      []*tensors.Tensor
}

// wire uploads what a layer needs for the targets of a descent.
func (t *tracer) wire(d descent, gx *tensors.Tensor) (w wires, err error) {
	c := t.s.e.cfg
	put := func(data []int32) {
		x, perr := upload(t.s, data, len(data))
		w.in, err = append(w.in, x), errors.Join(err, perr)
	}
	b := d.batch()
	k := &w.key
	k.direct, k.targets, k.above, k.rows, k.ragged = t.direct, b.b, rowsIn(d.above), b.r(), b.ragged()
	keys := make([]int32, b.b*c.KVHeads)
	for i := range keys {
		keys[i] = int32(i % c.KVHeads)
	}
	put(b.ids)
	put(keys)
	if k.ragged {
		r, rerr := t.s.ragged(b)
		w.in, err = append(w.in, r...), errors.Join(err, rerr)
	}
	if k.above > 0 {
		w.in = append(w.in, gx)
		put(b.ids[:k.above])
	}

	// What enters.
	neurons, heads := d.entering(false), d.entering(true)
	k.neurons, k.heads = len(neurons), len(heads)
	if k.neurons > 0 {
		var n, p, self []int32
		for _, x := range neurons {
			n, p, self = append(n, int32(x.Index)), append(p, int32(x.Position)), append(self, int32(x.Position*c.Neurons+x.Index))
		}
		put(n)
		put(p)
		put(self)
	}
	if k.rows > k.above {
		enter := slices.Repeat([]int32{int32(k.neurons)}, k.rows-k.above)
		for i, x := range neurons {
			enter[x.from+x.Position-k.above] = int32(i)
		}
		put(enter)
	}
	if k.heads > 0 {
		width := c.Heads * c.HeadDim
		seeds, enter := make([]float32, k.heads*width), slices.Repeat([]int32{int32(k.heads)}, k.rows)
		for i, x := range heads {
			copy(seeds[i*width+x.Index*c.HeadDim:], x.seed)
			enter[x.from+x.Position] = int32(i)
		}
		s, serr := upload(t.s, seeds, k.heads, width)
		w.in, err = append(w.in, s), errors.Join(err, serr)
		put(enter)
	}

	// Where edges leave from.
	var from, of, fromRow, fromHead, pulled []int32
	rows := map[int]int{} // with direct, the place of a row among those whose neurons are asked for
	for _, s := range t.sources[d.layer] {
		n := t.in.Sources[s]
		if n.Head {
			continue
		}
		for _, x := range d.above {
			if n.Position >= x.rows {
				continue
			}
			row := x.from + n.Position
			if k.direct {
				if _, ok := rows[row]; !ok {
					rows[row], fromRow = len(rows), append(fromRow, int32(row))
				}
				row = rows[row]
			}
			from, of = append(from, int32(row*c.Neurons+n.Index)), append(of, int32(n.Position*c.Neurons+n.Index))
			w.neurons = append(w.neurons, edge{s, x.place})
		}
	}
	for _, x := range d.all {
		read := func(source, position, head int) {
			if position < x.rows {
				fromHead = append(fromHead, int32((x.from+position)*c.Heads+head))
				w.heads = append(w.heads, edge{source, x.place})
			}
		}
		if own := x.Head && x.Layer == d.layer; own {
			read(-1, x.Position, x.Index)
			continue
		}
		for _, s := range t.sources[d.layer] {
			if n := t.in.Sources[s]; n.Head {
				read(s, n.Position, n.Index)
			}
		}
		for _, h := range t.asked[d.layer] {
			if n := t.in.Targets[h]; n.Position < x.rows {
				pulled, w.pulled = append(pulled, int32(x.from+n.Position)), append(w.pulled, h)
			}
		}
	}
	k.from, k.fromRow, k.fromHead, k.pulled = len(from), len(fromRow), len(fromHead), len(pulled)
	for _, data := range [][]int32{from, of, fromRow, fromHead, pulled} {
		if len(data) > 0 {
			put(data)
		}
	}
	return w, err
}
