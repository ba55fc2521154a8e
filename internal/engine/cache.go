package engine

import (
	"errors"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
)

// cache is the keys and values of the positions so far. The host writes into it: the Go backend has no operation that
// updates a part of a tensor.
type cache struct {
	e     *Engine
	len   int                     // positions written
	cap   int                     // S
	kv    []*tensors.Tensor       // keys [K,C,S] and values [K,S,C] of layer 0, of layer 1, …
	masks map[int]*tensors.Tensor // [K,G,S] by window: of all layers that have it
}

// cacheStep is what capacities are a multiple of, so that few shapes are compiled.
const cacheStep = 64

func newCache(e *Engine, n int) (*cache, error) {
	c := &cache{e: e}
	if err := c.room(n); err != nil {
		c.free()
		return nil, err
	}
	return c, nil
}

// room makes sure that n positions fit. Capacity doubles, up to the model's positions.
func (c *cache) room(n int) error {
	if n <= c.cap {
		return nil
	}
	cfg := c.e.cfg
	s := min(max((n+cacheStep-1)/cacheStep*cacheStep, 2*c.cap), cfg.Positions)
	next := &cache{e: c.e, cap: s, masks: map[int]*tensors.Tensor{}}
	for i := range 2 * cfg.Layers {
		dims := []int{cfg.KVHeads, cfg.HeadDim, s} // keys
		if i%2 == 1 {
			dims = []int{cfg.KVHeads, s, cfg.HeadDim} // values
		}
		t, err := tensors.FromShapeForBackend(c.e.backend, 0, shapes.Make(dtypes.Float32, dims...))
		if err != nil {
			next.free()
			return err
		}
		next.kv = append(next.kv, t)
		c.e.live.Add(1)
		if c.len == 0 {
			continue
		}
		err = copyInto(t, c.kv[i], func(dst, src []float32) {
			if i%2 == 0 { // a row for each head and component
				for r := range cfg.KVHeads * cfg.HeadDim {
					copy(dst[r*s:], src[r*c.cap:][:c.len])
				}
				return
			}
			for h := range cfg.KVHeads { // a block for each head
				copy(dst[h*s*cfg.HeadDim:], src[h*c.cap*cfg.HeadDim:][:c.len*cfg.HeadDim])
			}
		})
		if err != nil {
			next.free()
			return err
		}
	}
	hidden := make([]float32, cfg.Heads*s)
	for i := range hidden {
		hidden[i] = decoder.Hidden
	}
	for _, w := range windows(cfg, next.reach()) {
		m, err := newTensor(c.e.backend, hidden, cfg.KVHeads, cfg.Group(), s)
		if err != nil {
			next.free()
			return err
		}
		next.masks[w] = m
		c.e.live.Add(1)
	}
	if err := next.advance(c.len); err != nil {
		next.free()
		return err
	}
	c.free()
	*c = *next
	return nil
}

// growth is the demand of one more position.
func (c *cache) growth() demand {
	if c.len < c.cap {
		return demand{}
	}
	n := min(2*c.cap, c.e.cfg.Positions)
	return demand{b: 1, t: n, more: "keys and values kept", bytes: func(int, int) int64 { return 4 * c.e.caching(n) }}
}

// copyInto calls f with the numbers of two tensors.
func copyInto(dst, src *tensors.Tensor, f func(dst, src []float32)) error {
	var inner error
	err := read(src, func(x []float32) {
		inner = tensors.MutableFlatData(dst, func(y []float32) { f(y, x) })
	})
	if err != nil {
		return err
	}
	return inner
}

// write puts the keys and values of n positions of a layer at position at: those of one prompt of keys and values
// [B·K,n,C]. They count once advance is called.
func (c *cache) write(layer, at, n, prompt int, keys, values *tensors.Tensor) error {
	k, d := c.e.cfg.KVHeads, c.e.cfg.HeadDim
	from := prompt * k * n * d
	err := copyInto(c.kv[2*layer], keys, func(dst, src []float32) {
		for h := range k {
			for t := range n {
				for i, v := range src[from+(h*n+t)*d:][:d] {
					dst[(h*d+i)*c.cap+at+t] = v
				}
			}
		}
	})
	if err != nil {
		return err
	}
	return copyInto(c.kv[2*layer+1], values, func(dst, src []float32) {
		for h := range k {
			copy(dst[(h*c.cap+at)*d:], src[from+h*n*d:][:n*d])
		}
	})
}

// reach is how many positions a step may see: those of the cache, and its own.
func (c *cache) reach() int { return c.cap + 1 }

// advance makes the next n positions visible, and hides those that a window no longer reaches from the position after them.
func (c *cache) advance(n int) error {
	var errs []error
	for w, mask := range c.masks {
		errs = append(errs, tensors.MutableFlatData(mask, func(m []float32) {
			for h := range c.e.cfg.Heads {
				row := m[h*c.cap:][:c.len+n]
				clear(row[c.len:])
				if w > 0 {
					for i := range max(0, c.len+n-w+1) {
						row[i] = decoder.Hidden
					}
				}
			}
		}))
	}
	c.len += n
	return errors.Join(errs...)
}

// of returns the caches of a group's layers.
func (c *cache) of(g group) []*tensors.Tensor { return c.kv[2*g.from : 2*g.to] }

func (c *cache) free() {
	all := c.kv
	for _, m := range c.masks {
		all = append(all, m)
	}
	for _, t := range all {
		t.MustFinalizeAll()
	}
	c.e.live.Add(-int64(len(all)))
	c.kv, c.masks = nil, nil
}
