package engine

import (
	"context"
	"math"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// Outputs returns W_down of a layer as [F,D]; see [steer.Engine]. It is a copy.
func (e *Engine) Outputs(layer int) (out []float32, err error) {
	const task = "outputs"
	defer fence(task, &err)
	leave, err := e.enter(context.Background(), task)
	if err != nil {
		return nil, err
	}
	defer leave()
	if layer < 0 || layer >= e.cfg.Layers {
		return nil, seam.Errorf(seam.BadSetting, task, "there is no layer %d in a model of %d", layer, e.cfg.Layers).Try("use 0 to %d", e.cfg.Layers-1)
	}
	d, f := e.cfg.Width, e.cfg.Neurons
	out = make([]float32, f*d)
	err = e.weights.rows(e.weights.parts[layer][decoder.Down], func(i int, row []float32) { // [D,F]
		for j, v := range row {
			out[j*d+i] = v
		}
	})
	if err != nil {
		return nil, internal(task, err)
	}
	return out, nil
}

// Unembed returns W_U·x for each x; see [steer.Engine].
func (e *Engine) Unembed(ctx context.Context, xs [][]float32, norm bool) (out [][]float32, err error) {
	const task = "unembed"
	defer fence(task, &err)
	leave, err := e.enter(ctx, task)
	if err != nil {
		return nil, err
	}
	defer leave()
	d := e.cfg.Width
	for i, x := range xs {
		if len(x) != d {
			return nil, seam.Errorf(seam.BadSetting, task, "vector %d has %d numbers, the model's width is %d", i, len(x), d).Try("give %d numbers", d)
		}
		for j, v := range x {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				return nil, seam.Errorf(seam.NotFinite, task, "number %d of vector %d is %v", j, i, v).Try("use finite numbers")
			}
		}
	}
	s, err := e.scope(ctx, task, demand{b: len(xs), t: 1, unit: "vectors", bytes: func(b, _ int) int64 { return 4 * int64(b+3*headRows) * int64(e.cfg.Vocab) }})
	if err != nil {
		return nil, err
	}
	defer s.close()
	for from := 0; from < len(xs); from += headRows {
		part := xs[from:min(from+headRows, len(xs))]
		rows, flat := make([]int32, len(part)), make([]float32, 0, len(part)*d)
		for i, x := range part {
			rows[i] = int32(i)
			flat = append(flat, x...)
		}
		x, err := upload(s, flat, len(part), d)
		if err != nil {
			return nil, err
		}
		var z [][]float32
		if norm {
			z, err = s.logits(x, rows, ones(len(part)))
		} else {
			z, err = s.unembed(x)
		}
		if err != nil {
			return nil, err
		}
		s.free(x)
		out = append(out, z...)
	}
	return out, nil
}

// unembed returns W_U x of each row of x [N,D], without the final norm.
func (s *scope) unembed(x *tensors.Tensor) ([][]float32, error) {
	n := x.Shape().Dim(0)
	out, err := s.run(graphKey{kind: unembedGraph, shape: [3]int{n}}, []*tensors.Tensor{x, s.e.weights.head})
	if err != nil {
		return nil, err
	}
	return s.deal(out[0], ones(n))
}

// logits returns the logits at rows of x, dealt out to the prompts: lens[i] rows to prompt i, [lens[i],V] each.
func (s *scope) logits(x *tensors.Tensor, rows []int32, lens []int) ([][]float32, error) {
	if len(rows) <= manyRows {
		return s.logitsOf(x, rows, lens)
	}
	var all [][]float32
	for i, n := range lens { // a prompt at a time, and of it so many rows
		z := make([]float32, 0, n*s.e.cfg.Vocab)
		for part := range slices.Chunk(rows[:n], manyRows) {
			y, err := s.logitsOf(x, part, []int{len(part)})
			if err != nil {
				return nil, err
			}
			z = append(z, y[0]...)
		}
		all, rows = append(all, z), rows[lens[i]:]
	}
	return all, nil
}

// manyRows is how many rows of logits [n,V] are on the device at once where positions are many: more cost no less each.
const manyRows = 256

func (s *scope) logitsOf(x *tensors.Tensor, rows []int32, lens []int) ([][]float32, error) {
	return s.logitsBy(logitsGraph, x, rows, lens)
}

// rawLogits returns the logits at rows of x before their cap [V] each.
func (s *scope) rawLogits(x *tensors.Tensor, rows []int32) ([][]float32, error) {
	return s.logitsBy(rawGraph, x, rows, ones(len(rows)))
}

func (s *scope) logitsBy(kind graphKind, x *tensors.Tensor, rows []int32, lens []int) ([][]float32, error) {
	w := s.e.weights
	r, err := upload(s, rows, len(rows))
	if err != nil {
		return nil, err
	}
	out, err := s.run(graphKey{kind: kind, shape: [3]int{x.Shape().Dim(0), len(rows)}}, []*tensors.Tensor{x, r, w.final, w.head})
	if err != nil {
		return nil, err
	}
	s.free(r)
	return s.deal(out[0], lens)
}

// logitsAt returns the logits of some tokens at rows of x [len(tokens)] each, for which it takes as many rows of the output matrix.
func (s *scope) logitsAt(x *tensors.Tensor, rows, tokens []int32) ([][]float32, error) {
	w := s.e.weights
	r, err := upload(s, rows, len(rows))
	if err != nil {
		return nil, err
	}
	of, err := upload(s, tokens, len(tokens))
	if err != nil {
		return nil, err
	}
	out, err := s.run(graphKey{kind: someGraph, shape: [3]int{x.Shape().Dim(0), len(rows), len(tokens)}}, []*tensors.Tensor{x, r, w.final, w.head, of})
	if err != nil {
		return nil, err
	}
	s.free(r, of)
	var all [][]float32
	bad := -1
	err = read(out[0], func(data []float32) {
		bad = notFiniteAt(data)
		for z := range slices.Chunk(data, len(tokens)) {
			all = append(all, slices.Clone(z))
		}
	})
	if err != nil {
		return nil, internal(s.task, err)
	}
	if s.free(out...); bad >= 0 { // the residual stream was looked at before
		return nil, s.badLogit(tokens[bad%len(tokens)])
	}
	return all, nil
}

// badLogit is the error of a logit that is not finite.
func (s *scope) badLogit(id int32) error {
	return seam.Errorf(seam.NotFinite, s.task, "the output matrix gives id %d a logit that is not a finite number", id).Try(seam.TryCheck)
}

// deal copies rows of logits to prompts and frees them.
func (s *scope) deal(z *tensors.Tensor, lens []int) ([][]float32, error) {
	all, bad := make([][]float32, len(lens)), -1
	err := read(z, func(data []float32) {
		bad = notFiniteAt(data)
		for i, n := range lens {
			all[i] = append([]float32(nil), data[:n*s.e.cfg.Vocab]...)
			data = data[n*s.e.cfg.Vocab:]
		}
	})
	if err != nil {
		return nil, internal(s.task, err)
	}
	s.free(z)
	if bad >= 0 { // the residual stream was looked at before
		return nil, s.badLogit(int32(bad % s.e.cfg.Vocab))
	}
	return all, nil
}
