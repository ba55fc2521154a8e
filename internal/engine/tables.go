package engine

import (
	"math"

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

// newTables keeps the rotary tables and masks of the batch shapes [B,T] last used, in the order of decoder.Tables. They
// are repeated to their full shape on the host, because the Go backend broadcasts slowly.
func newTables(c decoder.Config, be compute.Backend) *lru[tableKey, []*tensors.Tensor] {
	kept := newLRU(maxTables, func(k tableKey) ([]*tensors.Tensor, error) { return makeTables(c, be, k.b, 0, k.t, k.block) },
		func(ts []*tensors.Tensor) {
			for _, t := range ts {
				t.MustFinalizeAll()
			}
		})
	kept.once = func(k tableKey) bool { return k.b*c.Heads*(k.block*k.block+k.t*c.HeadDim) > maxMask }
	return kept
}

// makeTables uploads the tables of b prompts of t positions from start on, which attend block positions at a time; with block
// 0 the mask is left out.
func makeTables(c decoder.Config, be compute.Backend, b, start, t, block int) (out []*tensors.Tensor, err error) {
	put := func(data []float32, dims ...int) {
		if err != nil {
			return
		}
		var x *tensors.Tensor
		if x, err = newTensor(be, data, dims...); err == nil {
			out = append(out, x)
		}
	}
	qc, qs := c.RopeTable(b, start, t, c.Heads, 1/math.Sqrt(float64(c.HeadDim)))
	kc, ks := c.RopeTable(b, start, t, c.KVHeads, 1)
	put(qc, b, t, c.Heads, c.HeadDim)
	put(qs, b, t, c.Heads, c.HeadDim)
	put(kc, b, t, c.KVHeads, c.HeadDim)
	put(ks, b, t, c.KVHeads, c.HeadDim)
	if block > 0 {
		put(c.CausalMask(b, block), b*c.KVHeads, c.Group()*block, block)
	}
	if err != nil {
		for _, x := range out {
			x.MustFinalizeAll()
		}
		return nil, err
	}
	return out, nil
}
