package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// together is how many sessions are stepped together: weights are read once for all of them, and beyond so many reading
// them is no longer what takes the time.
const together = 16

// Together implements seam.Stepper. Only the native backend gives a row of a product the same bits whatever rows are beside.
func (e *Engine) Together() int {
	if e.name == native {
		return together
	}
	return 1
}

// Step appends a token. After an error, also one of ctx, the session is as before the call.
func (d *session) Step(ctx context.Context, id int32) error {
	return d.e.StepTogether(ctx, []seam.Decoder{d}, []int32{id})
}

// StepTogether implements seam.Stepper.
func (e *Engine) StepTogether(ctx context.Context, sessions []seam.Decoder, ids []int32) (err error) {
	const task = "decode"
	defer fence(task, &err)
	leave, err := e.enter(ctx, task)
	if err != nil {
		return err
	}
	defer leave()
	if len(sessions) != len(ids) {
		return seam.Errorf(seam.BadSetting, task, "%d sessions and %d tokens", len(sessions), len(ids)).Try("give each session a token")
	}
	ds := make([]*session, len(sessions))
	for i, s := range sessions {
		d, ok := s.(*session)
		if !ok || d.e != e {
			return seam.Errorf(seam.BadSetting, task, "session %d is of another engine", i).Try("step it there")
		}
		if err := d.ready(ids[i]); err != nil {
			return err
		}
		ds[i] = d
	}
	s, err := e.scope(ctx, task, growth(e, ds))
	if err != nil {
		return err
	}
	defer s.close()
	for _, d := range ds {
		if err := d.cache.room(d.cache.len + 1); err != nil {
			return internal(task, err)
		}
	}
	var done []stepped
	for _, part := range inParts(ds, e.Together()) {
		st, err := s.step(picked(ds, part), picked(ids, part))
		if err != nil {
			return err
		}
		done = append(done, st)
	}
	for _, st := range done {
		if err := st.commit(); err != nil {
			return internal(task, err)
		}
	}
	return nil
}

// ready reports why a session cannot take a token.
func (d *session) ready(id int32) error {
	const task = "decode"
	if d.closed {
		return seam.Errorf(seam.BadSetting, task, "the session is closed").Try("start another")
	}
	if err := d.e.checkID(task, id); err != nil {
		return err.Try("use a token of this model")
	}
	if n := d.cache.len; n == d.e.cfg.Positions {
		return seam.Errorf(seam.PromptTooLong, task, "all %d positions of the model are used", n).Try("stop here, or start from a shorter prompt")
	}
	return nil
}

// growth is the demand of one more position of every session.
func growth(e *Engine, ds []*session) demand {
	var all demand
	for _, d := range ds {
		g := d.cache.growth()
		if g.bytes == nil {
			continue
		}
		all.b, all.t, all.more, all.unit = all.b+1, max(all.t, g.t), g.more, "sessions"
		all.bytes = func(b, t int) int64 { return 4 * int64(b) * e.caching(t) }
	}
	if all.b == 1 {
		all.unit = ""
	}
	return all
}

// inParts splits sessions into parts of at most n that one graph can step: with caches of one size, under one edit.
func inParts(ds []*session, n int) (parts [][]int) {
	type kind struct {
		cap       int
		generated *seam.Edit
	}
	last := map[kind]int{} // the part that is not full yet
	for i, d := range ds {
		k := kind{d.cache.cap, d.generated}
		at, ok := last[k]
		if !ok || len(parts[at]) >= n {
			at = len(parts)
			parts, last[k] = append(parts, nil), at
		}
		parts[at] = append(parts[at], i)
	}
	return parts
}

func picked[T any](list []T, places []int) []T {
	out := make([]T, len(places))
	for k, i := range places {
		out[k] = list[i]
	}
	return out
}

// stepped is what a step of alike sessions has computed.
type stepped struct {
	ds     []*session
	rows   [][]*tensors.Tensor // keys and values of the new positions [B·K,1,C] of each layer of each group
	logits [][]float32
}

// step computes the next position of alike sessions, and changes none of them.
func (s *scope) step(ds []*session, ids []int32) (st stepped, err error) {
	e := s.e
	at, prompts := make([]int, len(ds)), make([][]int32, len(ds))
	for i, d := range ds {
		at[i], prompts[i] = d.cache.len, ids[i:i+1]
	}
	tb, err := makeTables(e.cfg, e.backend, 1, 0, at)
	if err != nil {
		return st, internal(s.task, err)
	}
	s.own(tb.list()...)
	x, err := s.embed(ids) // [B,D]
	if err != nil {
		return st, err
	}
	st.ds = ds
	b := newBatch(prompts, nil)
	var open *tensors.Tensor // what gates have decided: nothing before the first layer [B,G]
	if n := ds[0].form.count(formGate); n > 0 {
		if open, err = upload(s, make([]float32, len(ds)*n), len(ds), n); err != nil {
			return st, err
		}
	}
	for _, g := range e.groups {
		from := open
		out, err := s.stepLayers(ds, g, tb, x, open)
		if err != nil {
			return st, err
		}
		single := func(l int, x *tensors.Tensor) (*tensors.Tensor, error) {
			out, err := s.stepLayers(ds, group{l, l + 1}, tb, x, from)
			if err != nil {
				return nil, err
			}
			if from != nil {
				from = out[1]
			}
			return out[0], nil
		}
		if err := s.finite(check{group: g, batch: b, edited: ds[0].edit != nil}, x, out[0], single); err != nil {
			return st, err
		}
		s.free(x)
		x, out = out[0], out[1:]
		if open != nil {
			s.free(open)
			open, out = out[0], out[1:]
		}
		st.rows = append(st.rows, out)
	}
	st.logits, err = s.logits(x, b.after(nil).last(), ones(len(ds)))
	return st, err
}

// stepLayers runs layers on the residual stream at the new positions [B,D]: they give it anew, what gates have decided, open being
// that before, and the positions' keys and values.
func (s *scope) stepLayers(ds []*session, g group, tb tables, x, open *tensors.Tensor) ([]*tensors.Tensor, error) {
	first := ds[0]
	var edit []*tensors.Tensor
	if first.edit != nil {
		n := first.form.fields()
		edit = slices.Clone(first.edit[n*g.from : n*g.to])
		if open != nil {
			edit = append(edit, open)
		}
	}
	key := graphKey{kind: stepGraph, form: first.form, layers: g.len(), kinds: s.e.kinds(g, first.cache.reach()), shape: [3]int{len(ds), first.cache.cap}}
	ropes, windows := key.kinds.needs(g.len())
	var turns, masks, caches []*tensors.Tensor
	for _, i := range ropes {
		turns = append(turns, tb.ropes[i]...)
	}
	for _, w := range windows {
		for _, d := range ds {
			masks = append(masks, d.cache.masks[w])
		}
	}
	for l := g.from; l < g.to; l++ {
		for _, d := range ds {
			caches = append(caches, d.cache.of(group{l, l + 1})...)
		}
	}
	return s.run(key, []*tensors.Tensor{x}, turns, masks, s.e.weights.layers(g), edit, caches)
}

// commit writes the new positions into the caches.
func (st stepped) commit() error {
	for n, d := range st.ds {
		c := d.cache
		for i, g := range c.e.groups {
			for j := range g.len() {
				if err := c.write(g.from+j, c.len, 1, n, st.rows[i][2*j], st.rows[i][2*j+1]); err != nil {
					return fmt.Errorf("session %d: %w", n, err)
				}
			}
		}
		if err := c.advance(1); err != nil {
			return err
		}
		d.logits = st.logits[n]
	}
	return nil
}
