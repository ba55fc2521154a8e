package gonbext

import (
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Run returns the task's result at once and computes it when a method first needs its numbers. A mistake in the task, or a
// failure, then shows one card and ends the cell; Run itself cannot fail.
//
// Use the task's own Run(ctx) for an error to handle.
func Run[T any](t steer.Task[T]) T {
	return runAt(t, caller())
}

// runAt is Run for a line that is known.
func runAt[T any](t steer.Task[T], at site) T {
	return steer.Lazy(t, func() steer.Record { return here.fetch(at, t) })
}

// A job is a task whatever its result.
type job interface {
	Model() *steer.Model
	Request() (steer.Request, error)
}

// fetch gets the record of a job, with progress, or ends the process.
func (p *process) fetch(at site, j job) steer.Record {
	m := j.Model()
	if m == nil || m.Runner() == nil {
		p.fail(engine.Errorf(steer.UnknownModel, "model", "the task has no model").Try(`var m = nb.Model("teaching")`), at)
	}
	r, err := j.Request() // computes the circuits that the task needs, each with a progress of its own
	if err != nil {
		p.fail(err, at)
	}
	ctx := p.context()
	p.busy.RLock()
	g := p.track(r.Kind)
	rec, err := m.Runner().Run(ctx, r, g.event)
	g.end(rec, err)
	p.busy.RUnlock()
	if err != nil {
		p.fail(err, at)
	}
	p.used.add(rec)
	return rec
}
