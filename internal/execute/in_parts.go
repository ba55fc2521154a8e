package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A whole is a request that is made of others of its own kind, each of which is a request that could be made by hand. They are asked for
// one after the other, so that what a store has of them, when the rest was stopped, is not computed again. The parts end where the
// whole would end a batch, so that their numbers are those of a run in one go, to the last bit.
type whole[S message.Settings] struct {
	name  string      // of the parts' phases
	phase string      // that counts, of the parts and of the whole
	parts []S         // fewer than two: it is computed in one go
	steps func(S) int // how much of the phase a part is
}

// inParts runs the parts; join puts part i where it stands in the whole. It returns their warnings, which tell of a part's prompts.
func inParts[B any, S message.Settings](ctx context.Context, e *env, w whole[S], join func(i int, b B, ts tensors)) ([]engine.Warning, error) {
	q, before, total := *e, 0, 0
	q.warnings = nil
	for _, p := range w.parts {
		total += w.steps(p)
	}
	e.emit(steer.Event{Phase: w.phase, Total: total})
	for i, p := range w.parts {
		n := w.steps(p)
		q.emit = func(v steer.Event) {
			if v.Phase == w.name+": "+w.phase && v.Total > 0 {
				e.emit(steer.Event{Phase: w.phase, Done: before + v.Done*n/v.Total, Total: total})
			}
		}
		b, ts, err := part[B](ctx, &q, w.name, p)
		if err != nil {
			return nil, err
		}
		join(i, b, ts)
		before += n
		e.emit(steer.Event{Phase: w.phase, Done: before, Total: total})
	}
	return q.warnings, nil
}
