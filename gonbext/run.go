package gonbext

import (
	"cmp"

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
func (p *process) fetch(at site, j job) steer.Record { return p.fetchAll(at, "", []job{j})[0] }

// fetchAll gets the records of jobs, one after the other under one progress, or ends the process. Of several jobs the progress
// has a name of its own and counts them.
func (p *process) fetchAll(at site, name string, jobs []job) []steer.Record {
	requests := make([]steer.Request, len(jobs))
	for i, j := range jobs {
		m := j.Model()
		if m == nil || m.Runner() == nil {
			p.fail(engine.Errorf(steer.UnknownModel, "model", "the task has no model").Try(`var m = nb.Model("teaching")`), at)
		}
		var err error
		if requests[i], err = j.Request(); err != nil { // computes the circuits that the task needs, each with a progress of its own
			p.fail(err, at)
		}
	}
	ctx := p.context()
	p.busy.RLock()
	g := p.track(ctx, cmp.Or(name, requests[0].Kind), jobs[0].Model().Runner(), requests...)
	recs := make([]steer.Record, len(jobs))
	var err error
	for i, j := range jobs {
		emit := g.event
		if len(jobs) > 1 {
			emit = func(e steer.Event) {
				if e.Phase != "start" && e.Phase != "load" {
					e = steer.Event{Phase: "computing", Done: i, Total: len(jobs)}
				}
				g.event(e)
			}
		}
		if recs[i], err = j.Model().Runner().Run(ctx, requests[i], emit); err != nil {
			break
		}
	}
	g.end(recs[len(recs)-1], err)
	p.busy.RUnlock()
	if err != nil {
		p.fail(err, at)
	}
	for _, rec := range recs {
		p.used.add(rec)
	}
	return recs
}
