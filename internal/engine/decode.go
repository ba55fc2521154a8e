package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// session continues one prompt; it implements [steer.Decoder].
type session struct {
	e      *Engine
	cache  *cache
	edit   []*tensors.Tensor // of every layer at the generated positions, flat; nil: none
	owned  []*tensors.Tensor // the distinct tensors of edit
	form   editForm          // of edit
	logits []float32         // [V]
	closed bool

	generated *seam.Edit // what edit is of
}

// Decode reads a prompt and keeps its keys and values; see [steer.Engine].
func (e *Engine) Decode(ctx context.Context, in seam.Decoding) (dec seam.Decoder, err error) {
	const task = "decode"
	defer fence(task, &err)
	leave, err := e.enter(ctx, task)
	if err != nil {
		return nil, err
	}
	defer leave()
	b, err := e.batch(task, [][]int32{in.IDs})
	if err != nil {
		return nil, err
	}
	if in.Reserve < 0 || in.Reserve > e.cfg.Positions-b.t {
		return nil, seam.Errorf(seam.PromptTooLong, task, "%d tokens and %d new ones do not fit the model's %d positions", b.t, in.Reserve, e.cfg.Positions).
			Try("ask for at most %d new tokens", e.cfg.Positions-b.t)
	}
	if err := checkEdit(task, e.cfg, in.Edit, 1, b.t); err != nil {
		return nil, err
	}
	if err := checkEdit(task, e.cfg, in.Generated, 1, 1); err != nil {
		return nil, err
	}
	if err := checkByPrompt(task, in); err != nil {
		return nil, err
	}
	want := demand{b: 1, t: b.t, bytes: e.decodeBytes(in)}
	if in.Reserve > 0 {
		want.more = fmt.Sprintf("%d new ones", in.Reserve)
	}
	s, err := e.scope(ctx, task, want)
	if err != nil {
		return nil, err
	}
	defer s.close()
	c, err := newCache(e, b.t+in.Reserve)
	if err != nil {
		return nil, internal(task, err)
	}
	d := &session{e: e, cache: c, generated: in.Generated}
	begun := false
	defer func() {
		if !begun { // also after a panic
			d.free()
		}
	}()
	x, err := s.embed(b.ids)
	if err != nil {
		return nil, err
	}
	p := pass{kind: cacheGraph, rules: decoder.RelP, batch: b, edits: rowsOf(in.Edit), picks: e.pick(b, b.lastOnly())}
	var decisions [][]float32 // of the gates at the last position, after each layer [L][G]
	x, err = s.layers(p, e.groups, x, &meter{}, func(g group, _ *tensors.Tensor, out []*tensors.Tensor) error {
		n := len(out) / g.len()
		for i := range g.len() {
			if err := c.write(g.from+i, 0, b.t, 0, out[n*i], out[n*i+1]); err != nil {
				return internal(task, err)
			}
			if n == 2 {
				continue
			}
			gates := out[n*i+2].Shape().Dim(1)
			if err := read(out[n*i+2], func(x []float32) { decisions = append(decisions, slices.Clone(x[len(x)-gates:])) }); err != nil {
				return internal(task, err)
			}
		}
		s.free(out...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := c.advance(b.t); err != nil {
		return nil, internal(task, err)
	}
	logits, err := s.logits(x, b.after(p.picks).last(), []int{1})
	if err != nil {
		return nil, err
	}
	d.logits = logits[0]
	d.generated = settled(e.cfg, in.Edit, in.Generated, decisions)
	d.form = ownForm(d.generated)
	generated, err := s.editor(rowsOf(d.generated), onePosition)
	if err != nil {
		return nil, err
	}
	if d.edit, _, err = generated.layers(0, e.cfg.Layers); err != nil {
		return nil, err
	}
	seen := map[*tensors.Tensor]bool{} // a neutral field is shared by all layers
	for _, t := range d.edit {
		if !seen[t] {
			seen[t] = true
			d.owned = append(d.owned, t)
		}
	}
	s.keep(d.owned...)
	begun = true
	return d, nil
}

// Logits returns [V] at the last position so far.
func (d *session) Logits() []float32 { return d.logits }

// Close frees the cache. Closing twice is fine.
func (d *session) Close() {
	d.e.open.RLock() // not while the backend goes
	defer d.e.open.RUnlock()
	d.free()
}

func (d *session) free() {
	if d.closed {
		return
	}
	d.closed = true
	if d.e.closed { // the backend went with all its memory
		return
	}
	for _, t := range d.owned {
		t.MustFinalizeAll()
	}
	d.e.live.Add(-int64(len(d.owned)))
	d.cache.free()
}
