package engine

import (
	"fmt"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// maxSquares bounds the sum of squares of a row of the residual stream, a third of what float32 holds. Beyond that the next
// norm divides by an infinity and makes zeros of the row: everything after it would be finite and mean nothing.
const maxSquares = 1e38

// check is what is asked of the residual stream after a group of layers.
type check struct {
	group
	batch  batch
	picks  *picks // the rows that go on from the last layer; nil: all
	edited bool
	place  func(i int) seam.Place // of a prompt of the batch; nil: i is its number
}

func (p pass) check(g group) check {
	return check{group: g, batch: p.batch, picks: p.picks, edited: len(p.edits) > 0, place: p.place}
}

// overflown returns the first prompt of the batch whose residual stream x float32 does not hold, or −1: [R,D], or [N,D] of the
// rows that go on.
func (k check) overflown(x *tensors.Tensor) (prompt int, err error) {
	prompt = -1
	of, r := k.batch.after(k.picks), x.Shape().Dim(0)
	if r != of.r { // fewer go on than there are
		of = k.batch.after(nil)
	}
	err = read(x, func(x []float32) {
		d := len(x) / r
		bad := make([]bool, r)
		found := false
		for i := range r {
			sum := 0.
			for _, v := range x[i*d:][:d] {
				sum += float64(v) * float64(v)
			}
			bad[i] = !(sum <= maxSquares) // also a NaN
			found = found || bad[i]
		}
		if found {
			prompt = slices.IndexFunc(of.rows, func(rows []int32) bool {
				return slices.ContainsFunc(rows, func(r int32) bool { return r >= 0 && bad[r] })
			})
		}
	})
	return prompt, err
}

// finite reports a residual stream y that float32 does not hold after a group of layers; x is the stream before them. The
// layer is looked for only when there is one to find: single then runs the layers one by one.
func (s *scope) finite(k check, x, y *tensors.Tensor, single func(l int, x *tensors.Tensor) (*tensors.Tensor, error)) error {
	row, err := k.overflown(y)
	if err != nil {
		return internal(s.task, err)
	}
	if row < 0 {
		return nil
	}
	at, err := k.overflown(x)
	if err != nil {
		return internal(s.task, err)
	}
	if at >= 0 { // only the embeddings get here unchecked
		return s.notFinite(k, -1, at)
	}
	for l := k.from; l < k.to-1; l++ {
		z, err := single(l, x)
		if err != nil {
			return err
		}
		x = z // the scope frees all of them soon
		if at, err = k.overflown(x); err != nil {
			return internal(s.task, err)
		}
		if at >= 0 {
			return s.notFinite(k, l, at)
		}
	}
	return s.notFinite(k, k.to-1, row)
}

// notFinite is the error of a row of the batch in which a layer, or the embedding at −1, gives numbers beyond float32.
func (s *scope) notFinite(k check, layer, row int) error {
	place := seam.Place{Edit: -1, Prompt: row}
	if k.place != nil {
		place = k.place(row)
	}
	place.Layer = layer
	where, of := "the embedding", ""
	if layer >= 0 {
		where = fmt.Sprintf("layer %d", layer)
	}
	if k.batch.b > 1 {
		of = fmt.Sprintf(" in prompt %d", place.Prompt)
	}
	e := seam.Errorf(seam.NotFinite, s.task, "%s gives numbers that are not finite, or too large to go on with%s", where, of)
	e.Place = &place
	if k.edited {
		return e.Try(seam.TryLessOrCheck)
	}
	return e.Try(seam.TryCheck)
}

// single runs one layer of a pass after the other, from a layer on before which the gates have decided this.
func (s *scope) single(p pass, tb tables, edits *editor, from int, decided *tensors.Tensor) func(l int, x *tensors.Tensor) (*tensors.Tensor, error) {
	open := decided
	return func(l int, x *tensors.Tensor) (*tensors.Tensor, error) {
		if l == from {
			open = decided
		}
		g := group{l, l + 1}
		ed, own, err := edits.layers(g.from, g.to)
		if err != nil {
			return nil, err
		}
		plain := pass{kind: plainGraph, rules: decoder.RelP, batch: p.batch}
		key := plain.key(s.e, g, edits)
		out, err := s.run(key, []*tensors.Tensor{x}, tb.of(key.kinds, 1), s.e.weights.layers(g), ed, edits.gatesAt(open))
		if err != nil {
			return nil, err
		}
		if open != nil {
			open = out[1]
		}
		s.free(own...)
		return out[0], nil
	}
}

// notFiniteAt returns the first index of a NaN or an infinity, or −1.
func notFiniteAt(x []float32) int {
	from := 0
	for ; from+8 <= len(x); from += 8 { // eight at a time: what is finite is 0 less itself
		v := (*[8]float32)(x[from:])
		if (v[0]-v[0])+(v[1]-v[1])+(v[2]-v[2])+(v[3]-v[3])+(v[4]-v[4])+(v[5]-v[5])+(v[6]-v[6])+(v[7]-v[7]) != 0 {
			break
		}
	}
	at := slices.IndexFunc(x[from:], func(v float32) bool { return v-v != 0 })
	if at < 0 {
		return at
	}
	return from + at
}
