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
	b = b.sharedUnder(in.Edit)
	s, err := e.scope(ctx, task, demand{b: b.b, t: b.t, more: wanted(in), bytes: e.forwardBytes(in)})
	if err != nil {
		return res, err
	}
	defer s.close()
	m := meter{total: len(e.groups) + 1, report: progress}
	var out seam.ForwardResult
	kept := newCatch(in.Capture, e.spread, b, e.cfg, &out)
	x, err := s.embed(b.ids)
	if err != nil {
		return res, err
	}
	if err := kept.embedding(x); err != nil {
		return res, internal(task, err)
	}
	p := pass{kind: plainGraph, rules: decoder.RelP, batch: b, edits: rowsOf(in.Edit), capture: in.Capture}
	if !in.AllLogits && in.Capture&^seam.Embedding == 0 {
		p.picks = e.pick(b, b.lastOnly())
	}
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
	rows, lens := b.after(p.picks).last(), ones(b.b)
	if in.AllLogits {
		rows, lens = b.all(), b.lens
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
	batch   batch
	edits   []editRow // none, one for all, or one for each of B
	capture seam.Site
	apart   []*tensors.Tensor      // the row of each token [·]: a tapeGraph gives each its own; nil: they have. And where few go on theirs
	picks   *picks                 // the rows that go on from the last layer; nil: all
	keep    bool                   // the streams before each group: each has been given them
	place   func(i int) seam.Place // of a prompt of the batch; nil: i is its number
	decided decided                // keeps what gates have decided before each group; nil: nobody needs it again
}

// decided is what the gates of an edit have decided before a layer [R,G], where it is known: before the first nothing is.
type decided map[int]*tensors.Tensor

// tapeForm is the form of the edit of a pass as its tapes have it, which know of no gates: they are done.
func (p pass) tapeForm() editForm {
	form := []byte(formOf(p.edits))
	for i := range form {
		form[i] &= formOutMLP | formOutResidual
	}
	return editForm(form)
}

// layers runs groups of layers on the residual stream x, which it frees unless the pass keeps its inputs; each is called
// with the stream after a group and with what its graph gives beside that. It returns the stream after the last group: after the
// last layer that of the rows which the pass picks.
func (s *scope) layers(p pass, groups []group, x *tensors.Tensor, m *meter, // [R,D]
	each func(g group, x *tensors.Tensor, out []*tensors.Tensor) error) (*tensors.Tensor, error) { // → [R,D], or [N,D]
	e := s.e
	tb, done, err := s.table(p)
	if err != nil {
		return nil, err
	}
	defer done()
	edits, err := s.editor(p.edits, p.batch)
	if err != nil {
		return nil, err
	}
	open := edits.opening()
	if len(groups) > 0 && p.decided[groups[0].from] != nil {
		open = p.decided[groups[0].from]
	}
	for _, g := range groups {
		ed, own, err := edits.layers(g.from, g.to)
		if err != nil {
			return nil, err
		}
		ed = append(ed, edits.gatesAt(open)...)
		key := p.key(e, g, edits)
		var picked []*tensors.Tensor
		if key.picked != [2]int{} {
			if picked, err = s.picked(p.picks, p.batch); err != nil {
				return nil, err
			}
		}
		out, err := s.run(key, []*tensors.Tensor{x}, tb.of(key.kinds, g.len()), picked, e.weights.layers(g), ed, p.more(key))
		if err != nil {
			return nil, err
		}
		s.free(own...)
		s.free(picked...)
		y, rest := out[0], out[1:]
		from := open
		if open != nil {
			open, rest = rest[0], rest[1:]
		}
		if before := x; key.picked != [2]int{} { // the rows that do not go on are seen a last time
			if key.before() {
				before, rest = rest[0], rest[1:]
			}
			if err := s.finite(p.check(group{g.from, g.to - 1}), x, before, s.single(p, tb, edits, g.from, from)); err != nil {
				return nil, err
			}
			if key.before() {
				s.free(before)
			}
		}
		if err := s.finite(p.check(g), x, y, s.single(p, tb, edits, g.from, from)); err != nil {
			return nil, err
		}
		if !p.keep {
			s.free(x)
		}
		x = y
		if p.decided != nil {
			p.decided[g.to] = open
		} else if from != edits.opening() {
			s.free(from)
		}
		if err := each(g, x, rest); err != nil {
			return nil, err
		}
		m.step()
	}
	if p.decided == nil && open != edits.opening() {
		s.free(open)
	}
	edits.free()
	return x, nil
}

// key names the executable of a group.
func (p pass) key(e *Engine, g group, edits *editor) graphKey {
	key := graphKey{kind: p.kind, rules: p.rules, form: edits.formOf(), edits: edits != nil && edits.rows != nil, apart: p.kind == tapeGraph && p.apart != nil,
		layers: g.len(), kinds: e.kinds(g, p.batch.t), shape: p.batch.shape(), capture: p.capture}
	if g.to == e.cfg.Layers {
		key.picked = p.picks.size()
	}
	return key
}

// more lists the inputs of an executable beside those that all have.
func (p pass) more(key graphKey) []*tensors.Tensor {
	if !key.apart {
		return nil
	}
	if key.picked == [2]int{} {
		return p.apart[:1]
	}
	return p.apart
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
	out, err := s.run(graphKey{kind: embedGraph, shape: [3]int{len(ids)}}, []*tensors.Tensor{s.e.weights.embed, t})
	if err != nil {
		return nil, err
	}
	s.free(t)
	return out[0], nil
}
