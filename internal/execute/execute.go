package execute

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Run runs a request on an engine and a tokenizer. It is how every Runner that computes does it; the header's model,
// identity and tool are the caller's to fill in. emit may be nil.
func Run(ctx context.Context, e engine.Engine, text engine.Tokenizer, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
	return RunWith(ctx, e, text, nil, nil, r, emit)
}

// RunWith is Run for a request that may be made of others, such as a stability analysis of several attributions. It asks parts
// for them: a store around this function, so that what is there is not computed again. Without one, nil, they are computed here.
// The pace is the engine's, which learns from what is run; nil: plans measure.
func RunWith(ctx context.Context, e engine.Engine, text engine.Tokenizer, parts steer.Runner, p *Pace, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
	k, ok := kinds[r.Kind]
	if !ok {
		return steer.Record{}, engine.Errorf(engine.BadRequest, r.Kind, "unknown kind of request; this version runs %v", slices.Sorted(maps.Keys(kinds)))
	}
	if r.Version != k.Version {
		return steer.Record{}, engine.Errorf(engine.BadRequest, k.Task, "the request has version %d, this program runs version %d", r.Version, k.Version).
			Try(engine.TryOneVersion)
	}
	if emit == nil {
		emit = func(steer.Event) {}
	}
	if err := ctx.Err(); err != nil {
		return steer.Record{}, err
	}
	if parts == nil {
		parts = steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			return RunWith(ctx, e, text, nil, p, r, emit)
		})
	}
	again := func(ctx context.Context, other engine.Engine, parts steer.Runner, r steer.Request) (steer.Record, error) {
		return RunWith(ctx, other, text, parts, nil, r, nil)
	}
	with := e
	if p == nil {
		p = &Pace{}
	} else if r.Kind != (message.PlanSettings{}).Kind().Name {
		p.busy(1)
		defer p.busy(-1)
		with = p.watch(e)
	}
	rec, err := k.run(ctx, &env{Engine: with, pace: p, task: k.Task, text: vocabulary{text, e.Shape().Vocab}, parts: parts, emit: emit, again: again}, r)
	if err != nil {
		err = engine.Prefix(k.Task, err)
		if ctx.Err() != nil && !errors.Is(err, ctx.Err()) {
			err = fmt.Errorf("%w (%w)", err, ctx.Err())
		}
		return steer.Record{}, err
	}
	if err := ctx.Err(); err != nil { // ended by the last event
		return steer.Record{}, err
	}
	rec.Header.Request = r
	rec.Header.Engine = e.Name()
	return rec, nil
}
