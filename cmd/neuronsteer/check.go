package main

import (
	"context"
	"errors"
	"io"

	"github.com/neuronsteer/neuronsteer/internal/golden"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

func check(ctx context.Context, args []string, out io.Writer) error {
	f := flags("check", out)
	model := f.String("model", "", "model to compare, whatever the folder says")
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() == 0 {
		return steer.Errorf(steer.BadSetting, "check", "name at least one folder with golden.json").
			Try("neuronsteer check testdata/golden/tiny-llama")
	}
	ok, err := golden.Run(ctx, f.Args(), golden.Options{Model: *model, Open: target, Out: out})
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
