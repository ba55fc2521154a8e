package engine

import (
	"context"
	"slices"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// Edges runs a prompt forward, and all targets backward together: each has the prompt's rows up to its own position, and begins
// in its own layer, so that the batch grows on the way down. See [steer.Engine] and decoder.Edges.
func (e *Engine) Edges(ctx context.Context, in seam.Edges, progress func(done, total int)) (res seam.EdgesResult, err error) {
	const task = "edges"
	defer func() {
		if err != nil {
			res = seam.EdgesResult{} // partial work is dropped
		}
	}()
	defer fence(task, &err)
	leave, err := e.enter(ctx, task)
	if err != nil {
		return res, err
	}
	defer leave()
	rules, err := rulesOf(task, in.Rule)
	if err != nil {
		return res, err
	}
	b, terms, err := e.checkEdges(task, in)
	if err != nil {
		return res, err
	}
	targets := e.targetsOf(in)
	asked := byLayer(in.Targets, isHead)
	whole := len(terms.prompt) > 0 // the metric is needed
	m := e.metricTarget(in)
	last, groups := 0, 0 // of what is read, the last position and the number of groups
	for _, t := range targets {
		last, groups = max(last, t.Position), max(groups, e.groupOf(t.Layer)+1)
	}
	if whole {
		last, groups = max(last, m.Position), len(e.groups)
	}
	tokens := b.lens[0]
	if byPrompt(in.Edit) {
		last = tokens - 1
	}
	b = newBatch([][]int32{in.IDs[:last+1]}, nil) // what comes after sees nobody
	s, err := e.scope(ctx, task, demand{b: 1, t: b.t, bytes: e.edgesBytes(rules, in, len(targets))})
	if err != nil {
		return res, err
	}
	defer s.close()

	t := tracer{s: s, in: in, rules: rules, batch: b, tokens: tokens, res: &res}
	t.allocate(len(targets))
	kept := min(e.keptTapes(4*int64(e.cfg.TapeSize(e.tapeForm(rules, in.Edit, 1, b.t), 1, b.t, b.t))), groups)
	runs := chunks(targets, e.limits.together)
	t.meter = &meter{total: groups + t.groupsOf(runs, kept), report: progress}
	if len(asked) > 0 {
		t.meter.total += len(e.groups) + kept
	}
	x, err := s.embed(b.ids)
	if err != nil {
		return res, err
	}
	if err := read(x, func(x []float32) { t.embedding = slices.Clone(x) }); err != nil {
		return res, internal(task, err)
	}
	p := pass{kind: tapeGraph, rules: rules.Tape(), batch: b, edits: rowsOf(in.Edit), decided: decided{}}
	t.tapes = tapes{s: s, pass: p, kept: kept, to: groups, again: true, meter: t.meter}
	if x, err = t.tapes.record(x); err != nil {
		return res, err
	}
	tb, done, err := s.table(p)
	if err != nil {
		return res, err
	}
	defer done()
	t.tables = tb
	if whole {
		if err := t.seed(x, terms, runs, &m); err != nil {
			return res, err
		}
		if err := t.answers(x, m.Node); err != nil {
			return res, err
		}
	}
	s.free(x)

	if len(asked) > 0 { // what the metric asks of the heads, on any way to it
		way := t
		way.asked, way.direct, way.res, way.gradients = asked, false, nil, map[int][]float32{}
		if err := way.descend(chunks([]traced{m}, 0)[0]); err != nil {
			return res, err
		}
		for _, run := range runs {
			for i := range run {
				if x := &run[i]; x.Head {
					x.seed = way.gradients[x.place]
				}
			}
		}
	}
	t.sources, t.direct = byLayer(in.Sources, func(seam.Node) bool { return true }), in.Direct
	for _, run := range runs {
		if err := t.descend(run); err != nil {
			return res, err
		}
	}
	return res, t.finish()
}
