package engine

import (
	"context"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/steer"
)

// Forward runs a batch of prompts; see [steer.Engine].
func (e *Engine) Forward(ctx context.Context, in steer.Forward, progress func(done, total int)) (res steer.ForwardResult, err error) {
	const task = "forward"
	defer fence(task, &err)
	leave, err := e.enter(ctx, task)
	if err != nil {
		return res, err
	}
	defer leave()
	b, err := e.batch(task, in.IDs)
	if err != nil {
		return res, err
	}
	if err := checkEdit(task, e.cfg, in.Edit, b.b, b.t); err != nil {
		return res, err
	}
	s := e.scope(ctx, task)
	defer s.close()
	m := meter{total: len(e.groups) + 1, report: progress}

	kind := plainGraph
	var neurons [][]float32
	if in.AllNeurons {
		kind, neurons = neuronGraph, b.layers(e.cfg.Layers, e.cfg.Neurons)
	}
	x, err := s.layers(kind, decoder.RelP, b, in.Edit, &m, func(g group, out []*tensors.Tensor) error {
		for i, h := range out { // none for plainGraph
			if err := b.scatter(neurons, g.from+i, e.cfg.Neurons, h); err != nil {
				return internal(task, err)
			}
		}
		s.free(out...)
		return nil
	})
	if err != nil {
		return res, err
	}
	rows, lens := b.last(), make([]int, b.b)
	for i := range lens {
		lens[i] = 1
	}
	if in.AllLogits {
		rows, lens = b.real(), b.lens
	}
	logits, err := s.logits(x, rows, lens)
	if err != nil {
		return res, err
	}
	m.step()
	return steer.ForwardResult{Logits: logits, Neurons: neurons}, nil
}

// layers embeds a batch and runs it through all layers; each is called with what a group's graph gives beside the
// residual stream. It returns the residual stream after the last layer.
func (s *scope) layers(kind graphKind, rules decoder.Rules, b batch, edit *steer.Edit, m *meter,
	each func(g group, out []*tensors.Tensor) error) (*tensors.Tensor, error) { // → [R,D]
	e := s.e
	tb, done, err := e.tables.get([2]int{b.b, b.t})
	if err != nil {
		return nil, internal(s.task, err)
	}
	defer done()
	edits, err := s.edit(edit, b.t)
	if err != nil {
		return nil, err
	}
	x, err := s.embed(b.ids)
	if err != nil {
		return nil, err
	}
	for _, g := range e.groups {
		key := graphKey{kind, rules, edit != nil, g.len(), [2]int{b.b, b.t}}
		out, err := s.run(key, []*tensors.Tensor{x}, tb, e.weights.layers(g, false), g.of(edits))
		if err != nil {
			return nil, err
		}
		s.free(x)
		x = out[0] // [R,D]
		if err := each(g, out[1:]); err != nil {
			return nil, err
		}
		m.step()
	}
	for _, l := range edits {
		s.free(l...)
	}
	return x, nil
}

// embed looks up token ids.
func (s *scope) embed(ids []int32) (*tensors.Tensor, error) { // → [R,D]
	t, err := upload(s, ids, len(ids))
	if err != nil {
		return nil, err
	}
	out, err := s.run(graphKey{kind: embedGraph, shape: [2]int{len(ids)}}, []*tensors.Tensor{s.e.weights.embed, t})
	if err != nil {
		return nil, err
	}
	s.free(t)
	return out[0], nil
}

// logits returns the logits at rows of x, dealt out to the prompts: lens[i] rows to prompt i, [lens[i],V] each.
func (s *scope) logits(x *tensors.Tensor, rows []int32, lens []int) ([][]float32, error) {
	w := s.e.weights
	r, err := upload(s, rows, len(rows))
	if err != nil {
		return nil, err
	}
	out, err := s.run(graphKey{kind: logitsGraph, shape: [2]int{x.Shape().Dim(0), len(rows)}}, []*tensors.Tensor{x, r, w.final}, w.pieces)
	if err != nil {
		return nil, err
	}
	all := make([][]float32, len(lens))
	err = read(out[0], func(data []float32) {
		for i, n := range lens {
			all[i] = append([]float32(nil), data[:n*s.e.cfg.Vocab]...)
			data = data[n*s.e.cfg.Vocab:]
		}
	})
	if err != nil {
		return nil, internal(s.task, err)
	}
	s.free(r, out[0])
	return all, nil
}
