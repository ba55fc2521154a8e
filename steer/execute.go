package steer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// An executor computes one kind of request.
type executor struct {
	version int
	run     func(context.Context, engine.Engine, engine.Tokenizer, Request, func(Event)) (Record, error)
}

// kinds is every kind of request that this version can run.
var kinds = map[string]executor{
	"attribute":        {attributeVersion, executeAttribute},
	"behavior":         {behaviorVersion, executeBehavior},
	"capture":          {captureVersion, executeCapture},
	"top-activations":  {topActivationsVersion, executeTopActivations},
	"contrast":         {contrastVersion, executeContrast},
	"control-vector":   {controlVectorVersion, executeControlVector},
	"decompose":        {decomposeVersion, executeDecompose},
	"baseline":         {baselineVersion, executeBaseline},
	"generate":         {generateVersion, executeGenerate},
	"mean-activations": {meanActivationsVersion, executeMeanActivations},
	"model":            {infoVersion, executeInfo},
	"predict":          {predictVersion, executePredict},
	"sweep":            {sweepVersion, executeSweep},
	"tokens":           {tokensVersion, executeTokens},
	"unembed":          {unembedVersion, executeUnembed},
	"universal":        {universalVersion, executeUniversal},
	"writes":           {writesVersion, executeWrites},
}

// Execute runs a request on an engine and a tokenizer. It is how every Runner that computes does it; the header's model,
// identity and tool are the caller's to fill in. emit may be nil.
func Execute(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	k, ok := kinds[r.Kind]
	if !ok {
		return Record{}, engine.Errorf(engine.BadRequest, r.Kind, "unknown kind of request; this version runs %v", slices.Sorted(maps.Keys(kinds)))
	}
	if r.Version != k.version {
		return Record{}, engine.Errorf(engine.BadRequest, r.Kind, "the request has version %d, this program runs version %d", r.Version, k.version).
			Try("use the same version of neuronsteer on both sides")
	}
	if emit == nil {
		emit = func(Event) {}
	}
	if err := ctx.Err(); err != nil {
		return Record{}, err
	}
	rec, err := k.run(ctx, e, vocabulary{text, e.Shape().Vocab}, r, emit)
	if err != nil {
		if ctx.Err() != nil && !errors.Is(err, ctx.Err()) {
			err = fmt.Errorf("%w (%w)", err, ctx.Err())
		}
		return Record{}, err
	}
	if err := ctx.Err(); err != nil { // ended by the last event
		return Record{}, err
	}
	rec.Header.Request = r
	rec.Header.Engine = e.Name()
	return rec, nil
}

// record encodes the body of a kind.
func record(body any, ws []Warning, tensors map[string]Tensor) (Record, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return Record{}, engine.Errorf(engine.Internal, "", "a result cannot be written as JSON: %v", err)
	}
	return Record{Header: Header{Warnings: ws, Body: b}, Tensors: tensors}, nil
}

// body decodes the body of a record that Execute made. A record that does not fit is a defect of whoever stored it; the
// zero value then shows as an empty result.
func body[T any](r Record) T {
	var b T
	if len(r.Header.Body) == 0 { // the zero value of a result
		return b
	}
	if err := json.Unmarshal(r.Header.Body, &b); err != nil {
		var zero T
		return zero
	}
	return b
}

// progress turns an engine's progress into events of a phase.
func progress(emit func(Event), phase string) func(done, total int) {
	return func(done, total int) { emit(Event{Phase: phase, Done: done, Total: total}) }
}
