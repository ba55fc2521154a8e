package main

import (
	"context"
	"flag"
	"fmt"
	"io"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func pull(ctx context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	names, err := words(f, args)
	if err != nil {
		return err
	}
	if len(names) != 1 {
		return engine.Errorf(steer.BadSetting, "pull", "name one model").Try("type: neuronsteer pull smollm2-135m-instruct")
	}
	path, err := checkpoint.Pull(ctx, names[0], func(line string) { fmt.Fprintln(out, line) })
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "ready:", path)
	return nil
}
