package execute

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/fence"
	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A row is one kind of request: what it is called, and how it is computed.
type row struct {
	message.Kind
	run func(context.Context, *env, steer.Request) (steer.Record, error)
}

// kinds is every kind of request that this version can run.
var kinds = table(
	kind(runAttribute),
	kind(runBaseline),
	kind(runBehavior),
	kind(runCalibrate),
	kind(runCapture),
	kind(runContrast),
	kind(runControlVector),
	kind(runDecompose),
	kind(runEdges),
	kind(runEvidence),
	kind(runFaithfulness),
	kind(runGenerate),
	kind(runGenerateEach),
	kind(runInfo),
	kind(runLogitLens),
	kind(runMeanActivations),
	kind(runMethods),
	kind(runPatch),
	kind(runPlan),
	kind(runPredict),
	kind(runProfiles),
	kind(runStability),
	kind(runSweep),
	kind(runTokens),
	kind(runTopActivations),
	kind(runUnembed),
	kind(runUniversal),
	kind(runWrites),
)

func table(rows ...row) map[string]row {
	out := map[string]row{}
	for _, r := range rows {
		out[r.Name] = r
	}
	return out
}

// Kinds names every kind of request, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

// tensors are the arrays of a record, by name.
type tensors = map[string]steer.Tensor

// kind makes a row of what computes the body and the tensors of one kind. Around it, once for all of them: the settings are
// decoded and checked, alone and against the model; a panic becomes a mistake; body and warnings become a record.
func kind[S message.Settings](run func(context.Context, *env, S) (any, tensors, error)) row {
	var none S
	return row{none.Kind(), func(ctx context.Context, e *env, r steer.Request) (steer.Record, error) {
		var s S
		if err := r.Decode(&s); err != nil {
			return steer.Record{}, err
		}
		if err := errors.Join(s.Check(), fits(s, e.Shape())); err != nil {
			return steer.Record{}, err
		}
		body, ts, err := guard(ctx, e, s, run)
		if err != nil {
			return steer.Record{}, err
		}
		b, err := json.Marshal(body)
		if err != nil {
			return steer.Record{}, engine.Mistake(engine.Internal, "a result cannot be written as JSON: %v", err)
		}
		return steer.Record{Header: steer.Header{Warnings: e.warnings, Body: b}, Tensors: ts}, nil
	}}
}

// fits reports settings that mean another model: neurons, vectors or layers that this one does not have.
func fits(s message.Settings, shape engine.Shape) error {
	if f, ok := s.(message.Fitting); ok {
		return f.Fits(shape)
	}
	return nil
}

// guard turns a panic, which is a defect of this program, into a mistake of the code Internal: a process that serves many
// requests outlives one of them.
func guard[S any](ctx context.Context, e *env, s S, run func(context.Context, *env, S) (any, tensors, error)) (body any, ts tensors, err error) {
	err = fence.Call(func() (err error) {
		body, ts, err = run(ctx, e, s)
		return err
	})
	if p := (*fence.Panic)(nil); errors.As(err, &p) {
		err = engine.Mistake(engine.Internal, "a defect of neuronsteer: %v at %s", p, place(p.Stack)).
			Try("report it with the task that shows it; other tasks are not affected")
	}
	return body, ts, err
}

// env is what a request is computed with.
type env struct {
	engine.Engine
	task     string // for hints
	text     engine.Tokenizer
	parts    steer.Runner // answers requests that this one is made of
	pace     *Pace        // of Engine
	emit     func(steer.Event)
	again    func(context.Context, engine.Engine, steer.Runner, steer.Request) (steer.Record, error) // RunWith, on another engine
	warnings []engine.Warning
}

// warn adds warnings to the record, each sentence once.
func (e *env) warn(ws ...engine.Warning) {
	for _, w := range ws {
		if !slices.Contains(e.warnings, w) {
			e.warnings = append(e.warnings, w)
		}
	}
}

// quiet is e without events: of passes that are a small part of a phase, which counts otherwise.
func (e *env) quiet() *env {
	q := *e
	q.emit = func(steer.Event) {}
	return &q
}

// progress turns an engine's progress into events of a phase.
func (e *env) progress(phase string) func(done, total int) {
	return func(done, total int) { e.emit(steer.Event{Phase: phase, Done: done, Total: total}) }
}
