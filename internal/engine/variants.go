package engine

import (
	"cmp"
	"context"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// variantRows bounds the rows B·T of a batch of variants, so that memory is bounded whatever is asked for. The Go backend
// gains nothing from more.
const variantRows = 256

// Variants runs every edit on every prompt; see [steer.Engine]. The layers below the lowest edited one are run once for each
// prompt. each must not close the engine.
func (e *Engine) Variants(ctx context.Context, ids [][]int32, edits []*seam.Edit, each func(edit, prompt int, logits []float32) error,
	progress func(done, total int)) (err error) {
	const task = "variants"
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
	from := e.cfg.Layers // the lowest layer that an edit changes
	for _, ed := range edits {
		if err := checkEdit(task, e.cfg, ed, all.b, all.t); err != nil {
			return err
		}
		from = min(from, lowest(e.cfg, ed))
	}
	shared, steered := split(e.groups, from)
	v := variants{e, ids, edits, shared, steered, each}
	var parts []part
	for _, of := range sameGates(edits) {
		parts = append(parts, v.parts(of)...)
	}
	m := &meter{report: progress}
	for _, p := range parts {
		m.total += len(shared) + len(p.edits)*(len(steered)+1)
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
	shared  []group // which no edit changes: they are run once for each prompt
	steered []group // which are run for each prompt under each edit
	each    func(edit, prompt int, logits []float32) error
}

// split divides groups at a layer, and the group that it is in: that makes two executables more, and spares as many as all
// layers but one of a group in every batch.
func split(all []group, layer int) (below, above []group) {
	for _, g := range all {
		at := min(max(layer, g.from), g.to)
		if at > g.from {
			below = append(below, group{g.from, at})
		}
		if at < g.to {
			above = append(above, group{at, g.to})
		}
	}
	return below, above
}

// part is prompts that go together, and the edits, which take several batches.
type part struct {
	prompts []int
	edits   [][]int
}

// parts deals prompts out for some of the edits, the shortest first, so that attention has few slots of no token.
func (v variants) parts(of []int) (parts []part) {
	order := make([]int, len(v.ids))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(v.ids[a]), len(v.ids[b])) })
	for len(order) > 0 {
		n := 1
		fits := func(n int) bool { return n <= len(order) && n*len(v.ids[order[n-1]])*len(of) <= variantRows }
		for fits(n + 1) {
			n++
		}
		p := part{prompts: order[:n]}
		most := max(1, variantRows/(n*len(v.ids[order[n-1]]))) // edits of a batch
		for batch := range slices.Chunk(of, most) {
			p.edits = append(p.edits, batch)
		}
		parts, order = append(parts, p), order[n:]
	}
	return parts
}

// shapes lists the shapes [B,T] of the batches of parts, each once.
func (v variants) shapes(parts []part) (all [][2]int) {
	for _, p := range parts {
		for _, edits := range p.edits {
			x := [2]int{len(p.prompts) * len(edits), len(v.ids[p.prompts[len(p.prompts)-1]])}
			if !slices.Contains(all, x) {
				all = append(all, x)
			}
		}
	}
	return all
}

// run computes one part.
func (v variants) run(s *scope, p part, m *meter) error {
	var ids [][]int32
	for _, i := range p.prompts {
		ids = append(ids, v.ids[i])
	}
	b, err := v.e.batch(s.task, ids)
	if err != nil {
		return err
	}
	own := func(e *seam.Edit) bool { return e != nil && (e.B > 1 || byPrompt(e)) }
	if !slices.ContainsFunc(v.edits, own) {
		b = b.shared(make([]int, b.b))
	}
	x, err := s.embed(b.ids)
	if err != nil {
		return err
	}
	none := func(group, *tensors.Tensor, []*tensors.Tensor) error { return nil }
	plain := pass{kind: plainGraph, rules: decoder.RelP, batch: b,
		place: func(row int) seam.Place { return seam.Place{Edit: p.edits[0][0], Prompt: p.prompts[row]} }}
	if x, err = s.layers(plain, v.shared, x, m, none); err != nil {
		return err
	}
	for _, edits := range p.edits {
		y, err := s.repeat(x, len(edits)) // [E·R,D]: the prompts under one edit stand together
		if err != nil {
			return err
		}
		steered := pass{kind: plainGraph, rules: decoder.RelP, batch: b.repeat(len(edits)),
			place: func(row int) seam.Place { return seam.Place{Edit: edits[row/b.b], Prompt: p.prompts[row%b.b]} }}
		for _, i := range edits {
			for _, prompt := range p.prompts {
				row := editRow{edit: v.edits[i]}
				if row.edit != nil && row.edit.B > 1 {
					row.prompt = prompt
				}
				steered.edits = append(steered.edits, row)
			}
		}
		if len(v.steered) > 0 {
			steered.picks = v.e.pick(steered.batch, steered.batch.lastOnly())
		}
		if y, err = s.layers(steered, v.steered, y, m, none); err != nil {
			return err
		}
		rows := steered.batch.after(steered.picks).last()
		z, err := s.logits(y, rows, ones(len(rows)))
		if err != nil {
			return err
		}
		s.free(y)
		for k, logits := range z {
			if err := v.each(edits[k/b.b], p.prompts[k%b.b], logits); err != nil {
				return err
			}
		}
		m.step()
	}
	s.free(x)
	return nil
}

// repeat returns n copies of x, one after another.
func (s *scope) repeat(x *tensors.Tensor, n int) (*tensors.Tensor, error) { // [R,D] → [n·R,D]
	var y *tensors.Tensor
	r, d := x.Shape().Dim(0), x.Shape().Dim(1)
	var inner error
	err := read(x, func(data []float32) { y, inner = upload(s, slices.Repeat(data, n), n*r, d) })
	if err != nil {
		return nil, internal(s.task, err)
	}
	return y, inner
}
