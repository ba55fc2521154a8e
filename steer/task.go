package steer

import (
	"context"
	"sync"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Task describes a computation and does nothing yet. Every method that changes a setting returns a changed copy, so a
// half-described task can be forked freely.
//
// Run(ctx) of the concrete type is the step that computes and the only one that can fail.
type Task[T any] interface {
	// Model returns the model that the task is about.
	Model() *Model
	// Request turns the task into a message. It reports all mistakes that can be seen without a tokenizer at once.
	// A circuit that is still lazy is computed here.
	Request() (Request, error)
	// Result builds the result around a function that gives the record. It does not call the function.
	Result(fetch func() Record) T
}

// run is the body of every task's Run method.
func run[T any](ctx context.Context, t Task[T]) (T, error) {
	rec, err := Fetch(ctx, t, nil)
	if err != nil {
		var zero T
		return zero, err
	}
	return t.Result(func() Record { return rec }), nil
}

// Fetch turns the task into a request and runs it on the task's model. Most callers want the task's own Run.
func Fetch[T any](ctx context.Context, t Task[T], emit func(Event)) (Record, error) {
	r, err := t.Request()
	if err != nil {
		return Record{}, err
	}
	if t.Model() == nil || t.Model().runner == nil {
		return Record{}, engine.Errorf(engine.BadSetting, r.Kind, "the task belongs to no model").Try(`describe it on one: m, err := local.Open(ctx, "teaching")`)
	}
	if emit == nil {
		emit = func(Event) {}
	}
	return t.Model().runner.Run(ctx, r, emit)
}

// Lazy returns the task's result at once and computes it when a method first needs its numbers. fetch gets the record or
// does not return: a notebook's shows a card and ends the cell (gonbext.Run). It is called once, by whoever comes first.
func Lazy[T any](t Task[T], fetch func() Record) T {
	return t.Result(sync.OnceValue(fetch))
}
