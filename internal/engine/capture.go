package engine

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// captured lists what is captured of a layer whose residual stream afterwards is y. That of the last layer of a group is
// left out: the graph gives it anyway.
func captured(what seam.Site, t decoder.Tape, y *graph.Node, last bool) (out []*graph.Node) {
	if what&seam.Neurons != 0 {
		out = append(out, t.Neurons()) // [R,F]
	}
	if what&seam.Residual != 0 && !last {
		out = append(out, y) // [R,D]
	}
	if what&seam.MLP != 0 {
		out = append(out, t.MLP()) // [R,D]
	}
	if what&seam.Attention != 0 {
		out = append(out, t.Pattern()) // [B·K, G·T, T]
	}
	if what&seam.Heads != 0 {
		out = append(out, t.Heads()) // [R, H·C]
	}
	return out
}

// catch is where the captures of a call go, a slice for each prompt.
type catch struct {
	what seam.Site
	each spread
	b    batch
	c    decoder.Config
	res  *seam.ForwardResult
}

// newCatch allocates what is asked for.
func newCatch(what seam.Site, each spread, b batch, c decoder.Config, res *seam.ForwardResult) catch {
	if what&seam.Neurons != 0 {
		res.Neurons = b.layers(c.Layers, c.Neurons)
	}
	if what&seam.Residual != 0 {
		res.Residual = b.layers(c.Layers, c.Width)
	}
	if what&seam.MLP != 0 {
		res.MLP = b.layers(c.Layers, c.Width)
	}
	if what&seam.Embedding != 0 {
		res.Embedding = b.layers(1, c.Width)
	}
	if what&seam.Heads != 0 {
		res.Heads = b.layers(c.Layers, c.Heads*c.HeadDim)
	}
	if what&seam.Attention != 0 {
		for _, n := range b.lens {
			res.Attention = append(res.Attention, make([]float32, c.Layers*c.Heads*n*n))
		}
	}
	return catch{what, each, b, c, res}
}

// scatter copies a layer's rows [R,F]. Passes look for what is not finite by themselves.
func (k catch) scatter(dst [][]float32, layer, f int, rows *tensors.Tensor) error {
	_, err := k.b.scatter(k.each, dst, layer, f, rows)
	return err
}

// embedding takes the entry of the residual stream [R,D].
func (k catch) embedding(x *tensors.Tensor) error {
	if k.what&seam.Embedding == 0 {
		return nil
	}
	return k.scatter(k.res.Embedding, 0, k.c.Width, x)
}

// group takes what the graph of a group gives: x after its last layer, and captured of every layer.
func (k catch) group(g group, x *tensors.Tensor, out []*tensors.Tensor) error {
	next := func() *tensors.Tensor { t := out[0]; out = out[1:]; return t }
	for l := g.from; l < g.to; l++ {
		if k.what&seam.Neurons != 0 {
			if err := k.scatter(k.res.Neurons, l, k.c.Neurons, next()); err != nil {
				return err
			}
		}
		if k.what&seam.Residual != 0 {
			y := x
			if l < g.to-1 {
				y = next()
			}
			if err := k.scatter(k.res.Residual, l, k.c.Width, y); err != nil {
				return err
			}
		}
		if k.what&seam.MLP != 0 {
			if err := k.scatter(k.res.MLP, l, k.c.Width, next()); err != nil {
				return err
			}
		}
		if k.what&seam.Attention != 0 {
			if err := k.pattern(l, next()); err != nil {
				return err
			}
		}
		if k.what&seam.Heads != 0 {
			if err := k.scatter(k.res.Heads, l, k.c.Heads*k.c.HeadDim, next()); err != nil {
				return err
			}
		}
	}
	return nil
}

// pattern copies the attention patterns of a layer, [B,H,T,T] in memory, without the padding.
func (k catch) pattern(layer int, p *tensors.Tensor) error {
	return read(p, func(x []float32) {
		h, t := k.c.Heads, k.b.t
		for i, n := range k.b.lens {
			to := k.res.Attention[i][layer*h*n*n:] // [H,n,n] of this layer
			for row := range h * n {
				copy(to[row*n:][:n], x[((i*h+row/n)*t+row%n)*t:][:n])
			}
		}
	})
}
