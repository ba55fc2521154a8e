package engine

import (
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
)

// Of how many batch shapes the tables are kept, and of how large ones, in numbers.
const (
	maxTables = 16
	maxMask   = 4 << 20
)

// tableKey is the shape of a batch [B,T] and how many positions attend at a time.
type tableKey struct{ b, t, block int }

// tables are the rotary tables and masks of a batch: of each kind of attention that the model has.
type tables struct {
	ropes [][]*tensors.Tensor     // of each of Config.Ropes: QCos, QSin, KCos, KSin
	masks map[int]*tensors.Tensor // by window
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
	return all
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

// newTables keeps the tables of the batch shapes [B,T] last used. They are repeated to their full shape on the host, because
// the Go backend broadcasts slowly.
func newTables(c decoder.Config, be compute.Backend) *lru[tableKey, tables] {
	kept := newLRU(maxTables, func(k tableKey) (tables, error) { return makeTables(c, be, k.b, 0, k.t, k.block) }, tables.free)
	kept.once = func(k tableKey) bool { return tableNumbers(c, k.b, k.t, k.block) > maxMask }
	return kept
}

// tableNumbers is how many numbers tables hold.
func tableNumbers(c decoder.Config, b, t, block int) int64 {
	n := 2 * int64(len(c.Ropes)) * int64(b) * int64(t) * int64((c.Heads+c.KVHeads)*c.HeadDim)
	for _, w := range windows(c, t) {
		before := decoder.Before(decoder.Attention{Window: w}, t, block)
		n += int64(b) * int64(c.Heads) * int64(block) * int64(before+block)
	}
	return n
}

// makeTables uploads the tables of b prompts of t positions from start on, which attend block positions at a time; with block
// 0 there are no masks.
func makeTables(c decoder.Config, be compute.Backend, b, start, t, block int) (out tables, err error) {
	put := func(data []float32, dims ...int) (x *tensors.Tensor) {
		if err == nil {
			x, err = newTensor(be, data, dims...)
		}
		return x
	}
	out.masks = map[int]*tensors.Tensor{}
	for _, r := range c.Ropes {
		qc, qs := decoder.RopeTable(r, b, start, t, c.Heads, c.QueryScale)
		kc, ks := decoder.RopeTable(r, b, start, t, c.KVHeads, 1)
		out.ropes = append(out.ropes, []*tensors.Tensor{put(qc, b, t, c.Heads, c.HeadDim), put(qs, b, t, c.Heads, c.HeadDim),
			put(kc, b, t, c.KVHeads, c.HeadDim), put(ks, b, t, c.KVHeads, c.HeadDim)})
	}
	if block > 0 {
		for _, w := range windows(c, t) {
			mask := c.Mask(decoder.Attention{Window: w}, b, t, block)
			n := c.Group() * block
			out.masks[w] = put(mask, b*c.KVHeads, n, len(mask)/(b*c.KVHeads*n))
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
