package main

import (
	"context"
	"fmt"
	"io"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/steer"
)

func pull(ctx context.Context, args []string, out io.Writer) error {
	f := flags("pull", out)
	if err := f.Parse(args); err != nil {
		return err
	}
	if f.NArg() != 1 {
		return steer.Errorf(steer.BadSetting, "pull", "name one model").Try("neuronsteer pull smollm2-135m-instruct")
	}
	path, err := checkpoint.Pull(ctx, f.Arg(0), func(line string) { fmt.Fprintln(out, line) })
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "ready:", path)
	return nil
}
