package engine

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
)

// cache is the keys and values of the positions so far. The host writes into it: the Go backend has no operation that
// updates a part of a tensor.
type cache struct {
	e    *Engine
	len  int               // positions written
	cap  int               // S
	kv   []*tensors.Tensor // keys and values of layer 0, of layer 1, …: [K,S,C] each
	mask *tensors.Tensor   // [K,G,S]
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
	next := &cache{e: c.e, cap: s}
	for i := range 2 * cfg.Layers {
		t, err := tensors.FromShapeForBackend(c.e.backend, 0, shapes.Make(dtypes.Float32, cfg.KVHeads, s, cfg.HeadDim))
		if err != nil {
			next.free()
			return err
		}
		next.kv = append(next.kv, t)
		if c.kv != nil {
			if err := copyRows(t, 0, s, c.kv[i], c.cap, c.len, cfg); err != nil {
				next.free()
				return err
			}
		}
	}
	hidden := make([]float32, cfg.Heads*s)
	for i := range hidden {
		hidden[i] = decoder.Hidden
	}
	var err error
	if next.mask, err = upload(c.e.backend, hidden, cfg.KVHeads, cfg.Group(), s); err != nil {
		next.free()
		return err
	}
	if err := next.advance(c.len); err != nil {
		next.free()
		return err
	}
	c.free()
	*c = *next
	return nil
}

// copyRows copies n positions of src [K,from,C] into dst [K,to,C] at position at.
func copyRows(dst *tensors.Tensor, at, to int, src *tensors.Tensor, from, n int, cfg decoder.Config) error {
	var inner error
	err := read(src, func(x []float32) {
		inner = tensors.MutableFlatData(dst, func(y []float32) {
			for h := range cfg.KVHeads {
				copy(y[(h*to+at)*cfg.HeadDim:][:n*cfg.HeadDim], x[h*from*cfg.HeadDim:])
			}
		})
	})
	if err != nil {
		return err
	}
	return inner
}

// write puts the keys and values of n positions [K,n,C] of a layer at position at. They count once advance is called.
func (c *cache) write(layer, at, n int, keys, values *tensors.Tensor) error {
	if err := copyRows(c.kv[2*layer], at, c.cap, keys, n, n, c.e.cfg); err != nil {
		return err
	}
	return copyRows(c.kv[2*layer+1], at, c.cap, values, n, n, c.e.cfg)
}

// advance makes the next n positions visible.
func (c *cache) advance(n int) error {
	err := tensors.MutableFlatData(c.mask, func(m []float32) {
		for h := range c.e.cfg.Heads {
			clear(m[h*c.cap+c.len:][:n])
		}
	})
	c.len += n
	return err
}

// of returns the caches of a group's layers.
func (c *cache) of(g group) []*tensors.Tensor { return c.kv[2*g.from : 2*g.to] }

func (c *cache) free() {
	for _, t := range c.kv {
		t.MustFinalizeAll()
	}
	c.kv = nil
	if c.mask != nil {
		c.mask.MustFinalizeAll()
		c.mask = nil
	}
}
