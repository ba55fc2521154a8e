package engine

import (
	"context"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// variantRows bounds the rows B·T of a batch of variants, so that memory is bounded whatever is asked for. The Go backend
// gains nothing from more.
const variantRows = 256

// Variants runs every edit on every prompt; see [steer.Engine]. each must not close the engine.
func (e *Engine) Variants(ctx context.Context, ids [][]int32, edits []*seam.Edit, tokens []int32, each func(edit, prompt int, logits []float32) error,
	progress func(done, total int)) (err error) {
	const task = "variants"
	v := variants{e: e, ids: ids, edits: edits, tokens: tokens, each: each}
	defer fence(task, &err)
	leave, err := e.enter(ctx, task)
	if err != nil {
		return err
	}
	defer leave()
	all, err := e.batch(task, ids)
	if err != nil {
		return err
	}
	if len(edits) == 0 {
		return seam.Errorf(seam.BadSetting, task, "there is no edit").Try("give at least one; nil is the model as it is")
	}
	for _, id := range v.tokens {
		if err := e.checkID(task, id); err != nil {
			return err
		}
	}
	for _, ed := range edits {
		if err := checkEdit(task, e.cfg, ed, all.b, all.t); err != nil {
			return err
		}
		v.extents = append(v.extents, extentOf(e.cfg, ed))
	}
	var parts []part
	for _, of := range sameGates(edits) {
		parts = append(parts, v.parts(of)...)
	}
	m := &meter{report: progress}
	for _, p := range parts {
		m.total += v.steps(p)
	}
	s, err := e.scope(ctx, task, demand{b: 1, t: all.t, bytes: e.variantsBytes(len(ids), edits, v.shapes(parts))})
	if err != nil {
		return err
	}
	defer s.close()
	for _, p := range parts {
		if err := v.run(s, p, m); err != nil {
			return err
		}
	}
	return nil
}

// variants is one call of Variants.
type variants struct {
	e       *Engine
	ids     [][]int32
	edits   []*seam.Edit
	extents []extent // of each
	each    func(edit, prompt int, logits []float32) error
	tokens  []int32 // whose logits are wanted; none: those of all
}

// run computes one part: the prompts as they are, as far as a batch of edits needs them, and from there each batch.
func (v variants) run(s *scope, p part, m *meter) error {
	o, err := v.original(s, p)
	if err != nil {
		return err
	}
	for _, b := range p.batches {
		if err := o.reach(b.enters, m); err != nil {
			return err
		}
		if err := v.runBatch(o, p, b, m); err != nil {
			return err
		}
	}
	o.free()
	return nil
}

// runBatch runs a batch of edits from where the first of them enters.
func (v variants) runBatch(o *original, p part, edits editBatch, m *meter) error {
	s, n := o.s, len(p.prompts)
	b := v.batch(p, edits)
	steered := pass{kind: plainGraph, rules: decoder.RelP, batch: b, picks: v.e.pick(b, b.lastOnly()),
		place: func(i int) seam.Place { return seam.Place{Edit: edits.edits[i/n], Prompt: p.prompts[i%n]} }}
	for _, i := range edits.edits {
		for _, prompt := range p.prompts {
			row := editRow{edit: v.edits[i]}
			if row.edit != nil && row.edit.B > 1 {
				row.prompt = prompt
			}
			steered.edits = append(steered.edits, row)
		}
	}
	var from []int32 // of each row of the batch that of the prompt as it is
	for i, rows := range b.rows {
		for t, r := range rows {
			if int(r) == len(from) {
				from = append(from, o.batch.rows[i%n][t])
			}
		}
	}
	x, err := o.enter(steered, edits.enters, from, m)
	if err != nil {
		return err
	}
	none := func(group, *tensors.Tensor, []*tensors.Tensor) error { return nil }
	edited, plain := v.above(edits)
	if x, err = s.layers(steered, edited, x, m, none); err != nil {
		return err
	}
	steered.edits = nil
	if x, err = s.layers(steered, plain, x, m, none); err != nil {
		return err
	}
	rows := b.after(steered.picks).last()
	z, err := v.logits(s, x, rows)
	if err != nil {
		return err
	}
	s.free(x)
	for k, logits := range z {
		if err := s.ctx.Err(); err != nil { // a call may have ended it
			return err
		}
		if err := v.each(edits.edits[k/n], p.prompts[k%n], logits); err != nil {
			return err
		}
	}
	m.step()
	return nil
}

// logits returns what is wanted of the logits at rows of x.
func (v variants) logits(s *scope, x *tensors.Tensor, rows []int32) ([][]float32, error) { // → [V] each, or [len(tokens)]
	if len(v.tokens) > 0 {
		return s.logitsAt(x, rows, v.tokens)
	}
	return s.logits(x, rows, ones(len(rows)))
}

// batch is the prompts of a part under each of some edits, those under one edit together. Before an edit's first position, rows are
// those of the prompts as they are, which all edits share.
func (v variants) batch(p part, edits editBatch) batch {
	var prompts [][]int32
	var kinds, from []int
	for _, k := range edits.edits {
		e := v.edits[k]
		kind := len(kinds)
		for _, i := range p.prompts {
			if e != nil && (e.B > 1 || byPrompt(e)) { // each prompt has an edit of its own
				kind = len(kinds)
			}
			prompts, kinds, from = append(prompts, v.ids[i]), append(kinds, kind), append(from, v.extents[k].position)
		}
	}
	return newBatchFrom(prompts, kinds, from)
}
