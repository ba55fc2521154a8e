package steertest_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

type runner func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error)

// runnerFaults names a fault by the part of the suite that must see it.
func runnerFaults() map[string]runner {
	var calls atomic.Int64
	return map[string]runner{
		"same_request": func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			rec, err := next.Run(ctx, r, emit)
			rec.Header.Warnings = append(slices.Clone(rec.Header.Warnings), engine.Warning{Code: time.Now().String(), Text: "time"})
			return rec, err
		},
		"header": func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			rec, err := next.Run(ctx, r, emit)
			rec.Header.Engine = ""
			return rec, err
		},
		"events": func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			return next.Run(ctx, r, func(e steer.Event) {
				if e.Total > 0 {
					e.Done = e.Total - e.Done
				}
				if emit != nil {
					emit(e)
				}
			})
		},
		"events_of_a_generation": func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			return next.Run(ctx, r, func(e steer.Event) {
				if e.Token += "!"; emit != nil {
					emit(e)
				}
			})
		},
		"nil_emit": func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			emit(steer.Event{Phase: "load", Done: 1, Total: 1})
			return next.Run(ctx, r, emit)
		},
		"canceled_before": func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			return next.Run(context.WithoutCancel(ctx), r, emit)
		},
		"canceled_during": func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			if err := ctx.Err(); err != nil {
				return steer.Record{}, err
			}
			return next.Run(context.WithoutCancel(ctx), r, emit)
		},
		"deadline": func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			rec, err := next.Run(ctx, r, emit)
			if errors.Is(err, context.DeadlineExceeded) {
				err = errors.New("late")
			}
			return rec, err
		},
		"mistakes_cross": func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			rec, err := next.Run(ctx, r, emit)
			if es := engine.Mistakes(err); len(es) > 1 {
				err = es[0]
			}
			return rec, err
		},
		"unknown_requests": func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			if r.Kind == "generate" {
				r.Version = 1
			}
			return next.Run(ctx, r, emit)
		},
		"concurrent_requests": func(ctx context.Context, next steer.Runner, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			defer calls.Add(-1)
			if calls.Add(1) > 1 {
				return steer.Record{}, errors.New("busy")
			}
			time.Sleep(time.Millisecond)
			return next.Run(ctx, r, emit)
		},
	}
}

func modelWith(fault runner) *steer.Model {
	next := steertest.NewModel().Runner()
	return steer.New("broken", steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		return fault(ctx, next, r, emit)
	}))
}
