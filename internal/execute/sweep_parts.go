package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
)

// inParts asks for the parts of a sweep, so that what a store has of it, when the rest was canceled, is not computed again.
func (s sweeping) inParts(ctx context.Context, e *env, parts []message.SweepPart, got *sweepResponse) error {
	q, before, total := *e, 0, 0
	for _, p := range parts {
		total += s.passesOf(p)
	}
	q.emit = func(v steer.Event) {
		if v.Phase == "sweep: sweep" {
			e.emit(steer.Event{Phase: "sweep", Done: before + min(v.Done, v.Total), Total: total})
		}
	}
	e.emit(steer.Event{Phase: "sweep", Total: total})
	if s.Prompted != "" {
		got.prompted = make([]float32, 3*got.n)
	}
	for _, p := range parts {
		_, ts, err := part[message.SweepBody](ctx, &q, "sweep", p.Settings)
		if err != nil {
			return err
		}
		got.join(p, ts)
		before += s.passesOf(p)
		e.emit(steer.Event{Phase: "sweep", Done: before, Total: total})
	}
	e.warn(q.warnings...)
	return nil
}

// passesOf returns how many passes a part tells of, but that of one prompt serves several cases.
func (s sweeping) passesOf(p message.SweepPart) int {
	one := sweeping{SweepSettings: p.Settings}
	n := len(one.passes(1 + s.Controls))
	if p.Settings.Prompted != "" {
		n++
	}
	return n * len(p.Cases)
}

// join writes a part where it stands in the whole.
func (r *sweepResponse) join(p message.SweepPart, ts tensors) {
	n := len(p.Cases)
	for j, at := range p.Cases {
		for name, to := range map[string][]float32{"difference": r.difference, "target": r.target, "versus": r.versus} {
			for m := range p.Settings.Multipliers {
				for c := range r.c {
					to[((p.From+m)*r.c+c)*r.n+at] = ts[name].Data[(m*r.c+c)*n+j]
				}
			}
		}
		for name, to := range map[string][]float32{"unsteered": r.unsteered, "prompted": r.prompted} {
			if from := ts[name].Data; from != nil {
				for k := range 3 {
					to[k*r.n+at] = from[k*n+j]
				}
			}
		}
	}
}
