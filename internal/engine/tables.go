package engine

import (
	"math"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
)

// maxTables bounds how many batch shapes keep their tables.
const maxTables = 16

// newTables keeps the rotary tables and masks of the batch shapes [B,T] last used, in the order of decoder.Tables. They
// are repeated to their full shape on the host, because the Go backend broadcasts slowly.
func newTables(c decoder.Config, be compute.Backend) *lru[[2]int, []*tensors.Tensor] {
	return newLRU(maxTables, func(k [2]int) ([]*tensors.Tensor, error) { return makeTables(c, be, k[0], 0, k[1]) },
		func(ts []*tensors.Tensor) {
			for _, t := range ts {
				t.MustFinalizeAll()
			}
		})
}

// makeTables uploads the tables of b prompts of t positions from start on; the mask is left out where start is not 0.
func makeTables(c decoder.Config, be compute.Backend, b, start, t int) (out []*tensors.Tensor, err error) {
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
	if start == 0 {
		put(c.CausalMask(b, t), b*c.KVHeads, c.Group()*t, t)
	}
	if err != nil {
		for _, x := range out {
			x.MustFinalizeAll()
		}
		return nil, err
	}
	return out, nil
}
