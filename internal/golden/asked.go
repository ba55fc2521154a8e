package golden

import (
	"context"
	"encoding/json"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
)

// asked is a task whose settings are given: a file asks for prompts of ids, which no text need stand for.
type asked[T any] struct {
	model    *steer.Model
	settings message.Settings
	result   func(fetch func() steer.Record) T
}

// Model implements steer.Task.
func (a asked[T]) Model() *steer.Model { return a.model }

// Request implements steer.Task.
func (a asked[T]) Request() (steer.Request, error) {
	if err := a.settings.Check(); err != nil {
		return steer.Request{}, err
	}
	b, err := json.Marshal(a.settings)
	k := a.settings.Kind()
	return steer.Request{Kind: k.Name, Version: k.Version, Settings: b}, err
}

// Result implements steer.Task.
func (a asked[T]) Result(fetch func() steer.Record) T { return a.result(fetch) }

// run computes the result.
func (a asked[T]) run(ctx context.Context) (T, error) {
	rec, err := steer.Fetch(ctx, a, nil)
	return a.result(func() steer.Record { return rec }), err
}
