package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// inParts measures a long sweep by its parts.
func (s sweeping) inParts(ctx context.Context, e *env, parts []message.SweepPart, got *sweepResponse) error {
	if s.Prompted != "" {
		got.prompted = make([]float32, 3*got.n)
	}
	w := whole[message.SweepSettings]{name: "sweep", phase: "sweep", steps: sweepPasses}
	for _, p := range parts {
		w.parts = append(w.parts, p.Settings)
	}
	warnings, err := inParts(ctx, e, w, func(i int, _ message.SweepBody, ts tensors) { got.join(parts[i], ts) })
	e.warn(warnings...)
	return err
}

// sweepPasses returns how many passes a sweep tells of, but that of one prompt serves several cases.
func sweepPasses(settings message.SweepSettings) int {
	s := sweeping{SweepSettings: settings}
	n := len(s.passes(1 + s.Controls))
	if s.Prompted != "" {
		n++
	}
	return n * len(s.Cases)
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
