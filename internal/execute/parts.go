package execute

import (
	"context"
	"encoding/json"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// part runs a request that this one is made of and decodes its body. Its warnings are this one's too, and its phases are, under
// its name.
func part[B any](ctx context.Context, e *env, name string, s message.Settings) (body B, ts tensors, err error) {
	rec, err := partRecord(ctx, e, name, s)
	if err != nil {
		return body, nil, err
	}
	if err := json.Unmarshal(rec.Header.Body, &body); err != nil {
		return body, nil, engine.Mistake(engine.Internal, "a part of the result cannot be read: %v", err)
	}
	return body, rec.Tensors, nil
}

// partRecord is part for a body that package steer decodes.
func partRecord(ctx context.Context, e *env, name string, s message.Settings) (steer.Record, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return steer.Record{}, engine.Mistake(engine.Internal, "settings cannot be written as JSON: %v", err)
	}
	k := s.Kind()
	rec, err := e.parts.Run(ctx, steer.Request{Kind: k.Name, Version: k.Version, Settings: b}, e.within(name))
	if err == nil {
		e.warn(rec.Header.Warnings...)
	}
	return rec, err
}

// within emits the events of a part.
func (e *env) within(name string) func(steer.Event) {
	return func(v steer.Event) {
		v.Phase = name + ": " + v.Phase
		e.emit(v)
	}
}
