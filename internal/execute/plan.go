package execute

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runPlan counts what a request would cost by running it on an engine that computes nothing ([rehearsal]), so that no kind says
// its cost twice. What depends on numbers, such as how long a search goes on, is what made-up numbers give.
func runPlan(ctx context.Context, e *env, s message.PlanSettings) (any, tensors, error) {
	b := message.PlanBody{Of: s.Of}
	p, err := e.pace.of(ctx, e.Engine)
	if err != nil {
		return nil, nil, err
	}
	r := &rehearsal{real: e.Engine, pace: p, favorite: ordinary(e.text)}
	rec := &recital{env: e, engine: r.engine()}
	_, err = rec.run(ctx, steer.Request{Kind: s.Of, Version: s.Version, Settings: s.Settings})
	switch {
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case err != nil && r.cost == (cost{}): // wrong settings, before any pass
		return nil, nil, err
	case err != nil: // made-up numbers are not always enough
		b.Until = err.Error()
		e.warn(engine.Warning{Code: "unforeseen", Text: "What comes after these passes depends on numbers that only the model has: this is the least that it costs."})
	}
	c := r.cost
	b.Parts, b.Forward, b.Backward, b.Steps, b.Tokens, b.Seconds = rec.stored, c.forward, c.backward, c.steps, c.tokens, c.seconds
	return b, nil, nil
}

// recital runs requests on the engine of a rehearsal. Those that others are made of are asked of the store first: a
// result that is kept costs nothing, and its numbers are real.
type recital struct {
	*env
	engine engine.Engine
	stored int
}

func (r *recital) run(ctx context.Context, q steer.Request) (steer.Record, error) {
	return r.again(ctx, r.engine, steer.RunnerFunc(r.part), q)
}

func (r *recital) part(ctx context.Context, q steer.Request, _ func(steer.Event)) (steer.Record, error) {
	if k, ok := r.parts.(steer.Keeper); ok {
		if rec, ok := k.Kept(ctx, q); ok {
			r.stored++
			return rec, nil
		}
	}
	return r.run(ctx, q)
}

// ordinary returns a token that ends nothing.
func ordinary(text engine.Tokenizer) int32 {
	ends := text.Ends()
	for id := int32(0); ; id++ {
		t, ok := text.Token(id)
		if !ok {
			return 0
		}
		if !t.Special && !slices.Contains(ends, id) {
			return id
		}
	}
}
