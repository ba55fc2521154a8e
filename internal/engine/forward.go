package engine

import (
	"context"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// Forward runs a batch of prompts; see [steer.Engine].
func (e *Engine) Forward(ctx context.Context, in seam.Forward, progress func(done, total int)) (res seam.ForwardResult, err error) {
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
	s, err := e.scope(ctx, task, demand{b: b.b, t: b.t, more: wanted(in), bytes: e.forwardBytes(in)})
	if err != nil {
		return res, err
	}
	defer s.close()
	m := meter{total: len(e.groups) + 1, report: progress}
	var out seam.ForwardResult
	kept := newCatch(in.Capture, b, e.cfg, &out)
	x, err := s.embed(b.ids)
	if err != nil {
		return res, err
	}
	if err := kept.embedding(x); err != nil {
		return res, internal(task, err)
	}
	p := pass{kind: plainGraph, rules: decoder.RelP, b: b.b, t: b.t, lens: b.lens, edits: rowsOf(in.Edit), capture: in.Capture}
	x, err = s.layers(p, e.groups, x, &m, func(g group, x *tensors.Tensor, out []*tensors.Tensor) error {
		if err := kept.group(g, x, out); err != nil {
			return internal(task, err)
		}
		s.free(out...)
		return nil
	})
	if err != nil {
		return res, err
	}
	rows, lens := b.last(), ones(b.b)
	if in.AllLogits {
		rows, lens = b.real(), b.lens
	}
	if out.Logits, err = s.logits(x, rows, lens); err != nil {
		return res, err
	}
	m.step()
	return out, nil
}

// pass is how a batch goes through layers.
type pass struct {
	kind    graphKind
	rules   decoder.Rules
	b, t    int       // the batch's shape
	lens    []int     // [B], without padding
	edits   []editRow // none, one for all, or one for each of B
	capture seam.Site
	keep    bool                     // the streams before each group: each has been given them
	place   func(row int) seam.Place // of a row of the batch; nil: the row is the prompt's number
}

// table returns the tables of a pass; done says that they are needed no more.
func (s *scope) table(p pass) (tb tables, done func(), err error) {
	key := tableKey{p.b, p.t, s.e.blockRows(p.b, p.t)}
	if p.capture&seam.Attention != 0 {
		key.block = p.t // patterns are wanted whole
	}
	if tb, done, err = s.e.tables.get(key); err != nil {
		return tables{}, nil, internal(s.task, err)
	}
	return tb, done, nil
}

// layers runs groups of layers on the residual stream x, which it frees unless the pass keeps its inputs; each is called
// with the stream after a group and with what its graph gives beside that. It returns the stream after the last group.
func (s *scope) layers(p pass, groups []group, x *tensors.Tensor, m *meter, // [R,D]
	each func(g group, x *tensors.Tensor, out []*tensors.Tensor) error) (*tensors.Tensor, error) { // → [R,D]
	e, shape := s.e, [2]int{p.b, p.t}
	tb, done, err := s.table(p)
	if err != nil {
		return nil, err
	}
	defer done()
	edits := s.editor(p.edits, p.t)
	for _, g := range groups {
		ed, own, err := edits.layers(g.from, g.to)
		if err != nil {
			return nil, err
		}
		key := graphKey{kind: p.kind, rules: p.rules, edited: edits != nil, layers: g.len(), kinds: e.kinds(g, p.t), shape: shape, capture: p.capture}
		out, err := s.run(key, []*tensors.Tensor{x}, tb.of(key.kinds, g.len()), e.weights.layers(g), ed)
		if err != nil {
			return nil, err
		}
		s.free(own...)
		if err := s.finite(p.check(g), x, out[0], s.single(p, tb, edits)); err != nil {
			return nil, err
		}
		if !p.keep {
			s.free(x)
		}
		x = out[0] // [R,D]
		if err := each(g, x, out[1:]); err != nil {
			return nil, err
		}
		m.step()
	}
	if edits != nil {
		for _, t := range edits.neutral {
			s.free(t)
		}
	}
	return x, nil
}

// ones returns n ones: one row of logits for each prompt.
func ones(n int) []int {
	x := make([]int, n)
	for i := range x {
		x[i] = 1
	}
	return x
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
