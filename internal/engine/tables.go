package engine

import (
	"errors"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// Of how many batch shapes the tables are kept, and of how large ones, in numbers.
const (
	maxTables = 16
	maxMask   = 4 << 20
)

// tableKey is the shape of a batch [B,T], how many positions attend at a time, and whether every slot is a row.
type tableKey struct {
	b, t, block int
	whole       bool
}

// tables are the rotary tables and masks of a batch: of each kind of attention that the model has.
type tables struct {
	ropes  [][]*tensors.Tensor     // of each of Config.Ropes: QCos, QSin, KCos, KSin
	masks  map[int]*tensors.Tensor // by window
	ragged []*tensors.Tensor       // what decoder.Ragged has, or nothing
}

// kinds is how the layers of a group attend; it is part of what names an executable.
type kinds [maxGroup]decoder.Attention

// kinds returns how the layers of a group attend to t positions.
func (e *Engine) kinds(g group, t int) (k kinds) {
	for l := g.from; l < g.to; l++ {
		k[l-g.from] = e.cfg.Attention(l, t)
	}
	return k
}

// needs lists the rotary tables and the windows of n layers, each once, in the order in which a graph takes them.
func (k kinds) needs(n int) (ropes, windows []int) {
	for _, a := range k[:n] {
		if a.Rope >= 0 && !slices.Contains(ropes, a.Rope) {
			ropes = append(ropes, a.Rope)
		}
		if !slices.Contains(windows, a.Window) {
			windows = append(windows, a.Window)
		}
	}
	return ropes, windows
}

// of returns what n layers need, flat.
func (t tables) of(k kinds, n int) (all []*tensors.Tensor) {
	ropes, windows := k.needs(n)
	for _, i := range ropes {
		all = append(all, t.ropes[i]...)
	}
	for _, w := range windows {
		all = append(all, t.masks[w])
	}
	return append(all, t.ragged...)
}

// list returns all tensors.
func (t tables) list() (all []*tensors.Tensor) {
	for _, r := range t.ropes {
		all = append(all, r...)
	}
	for _, m := range t.masks {
		all = append(all, m)
	}
	return all
}

func (t tables) free() {
	for _, x := range t.list() {
		x.MustFinalizeAll()
	}
}

// windows lists how far the layers of a model see of t positions, each once, in their order.
func windows(c decoder.Config, t int) (all []int) {
	for l := range c.Layers {
		if w := c.Attention(l, t).Window; !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

// newTables keeps the tables of the batch shapes [B,T] last used: the masks, and where every slot is a row the rotary ones.
// They are repeated to their full shape on the host, because backends broadcast slowly.
func newTables(c decoder.Config, be compute.Backend) *lru[tableKey, tables] {
	kept := newLRU(maxTables, func(k tableKey) (tables, error) {
		var at []int
		if k.whole {
			for i := range k.b * k.t {
				at = append(at, i%k.t)
			}
		}
		return makeTables(c, be, k.t, k.block, at)
	}, tables.free)
	kept.once = func(k tableKey) bool { return tableNumbers(c, k.b, k.t, k.block) > maxMask }
	return kept
}

// tableNumbers is how many numbers tables hold at most.
func tableNumbers(c decoder.Config, b, t, block int) int64 {
	n := 2 * int64(len(c.Ropes)) * int64(b) * int64(t) * int64((c.Heads+c.KVHeads)*c.HeadDim)
	for _, w := range windows(c, t) {
		before := decoder.Before(decoder.Attention{Window: w}, t, block)
		n += int64(block) * int64(before+block)
	}
	return n
}

// makeTables uploads the masks of prompts of up to t positions, which attend block positions at a time, none with block 0;
// and the rotary tables of rows at the positions at, none where there are none.
func makeTables(c decoder.Config, be compute.Backend, t, block int, at []int) (out tables, err error) {
	put := func(data []float32, dims ...int) (x *tensors.Tensor) {
		if err == nil {
			x, err = newTensor(be, data, dims...)
		}
		return x
	}
	out.masks = map[int]*tensors.Tensor{}
	for _, r := range c.Ropes {
		if len(at) == 0 {
			break
		}
		qc, qs := decoder.RopeTable(r, at, c.Heads, c.QueryScale)
		kc, ks := decoder.RopeTable(r, at, c.KVHeads, 1)
		n := len(at)
		out.ropes = append(out.ropes, []*tensors.Tensor{put(qc, n, c.Heads, c.HeadDim), put(qs, n, c.Heads, c.HeadDim),
			put(kc, n, c.KVHeads, c.HeadDim), put(ks, n, c.KVHeads, c.HeadDim)})
	}
	if block > 0 {
		for _, w := range windows(c, t) {
			mask := decoder.Mask(decoder.Attention{Window: w}, t, block)
			out.masks[w] = put(mask, 1, 1, block, len(mask)/block)
		}
	}
	if err != nil {
		for _, x := range out.list() {
			if x != nil {
				x.MustFinalizeAll()
			}
		}
		return tables{}, err
	}
	return out, nil
}

// table returns the tables of a pass; done says that they are needed no more.
func (s *scope) table(p pass) (tb tables, done func(), err error) {
	in := p.batch
	key := tableKey{in.b, in.t, s.e.blockRows(in.b, in.t), !in.ragged()}
	if p.capture&seam.Attention != 0 {
		key.block = in.t // patterns are wanted whole
	}
	kept, leave, err := s.e.tables.get(key)
	if err != nil {
		return tables{}, nil, internal(s.task, err)
	}
	if key.whole {
		return kept, leave, nil
	}
	own, err := makeTables(s.e.cfg, s.e.backend, in.t, 0, in.at)
	if err != nil {
		leave()
		return tables{}, nil, internal(s.task, err)
	}
	s.own(own.list()...)
	if tb.ragged, err = s.ragged(in); err != nil {
		leave()
		return tables{}, nil, err
	}
	tb.ropes, tb.masks = own.ropes, kept.masks
	return tb, func() { s.free(append(own.list(), tb.ragged...)...); leave() }, nil
}

// ragged uploads which rows are at which slots of attention; see decoder.Ragged.
func (s *scope) ragged(in batch) ([]*tensors.Tensor, error) {
	slots, rows, own := make([]int32, in.b*in.t), make([]int32, in.r()), make([]float32, in.b*in.t)
	for i, of := range in.rows {
		for t := range in.t {
			at := i*in.t + t
			slots[at] = of[0] // of a slot after the prompt any row will do
			if t < len(of) {
				slots[at], rows[of[t]], own[at] = of[t], int32(at), 1
			}
		}
	}
	a, err1 := upload(s, slots, len(slots))
	b, err2 := upload(s, rows, len(rows))
	c, err3 := upload(s, own, len(own), 1)
	return []*tensors.Tensor{a, b, c}, errors.Join(err1, err2, err3)
}
