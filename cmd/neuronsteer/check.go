package main

import (
	"context"
	"errors"
	"flag"
	"io"

	"github.com/neuronsteer/neuronsteer/internal/golden"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

func check(ctx context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	model := f.String("model", "", "`NAME` or path of the model to compare, whatever the folder says")
	against := f.Bool("against-transformers", false, "compare each model folder `DIR` with what Python's transformers computes for it")
	dirs, err := words(f, args)
	if err != nil {
		return err
	}
	if *against {
		return againstTransformers(ctx, dirs, out)
	}
	if len(dirs) == 0 {
		return engine.Errorf(steer.BadSetting, "check", "name at least one folder with golden.json").
			Try("type: neuronsteer check testdata/golden/tiny-llama")
	}
	ok, err := golden.Run(ctx, dirs, golden.Options{Model: *model, Open: target, Out: out})
	if err != nil {
		return err
	}
	if !ok {
		return errFailed
	}
	return nil
}

// target opens a model for the check, with no store between: every number is computed.
func target(ctx context.Context, ref string) (*golden.Target, error) {
	r, err := local.NewRunner(ref)
	if err != nil {
		return nil, err
	}
	l, err := r.Loaded(ctx)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return &golden.Target{Model: steer.New(ref, r), Engine: l.Engine, Text: l.Text, Close: func() { _ = r.Close() }}, nil
}
