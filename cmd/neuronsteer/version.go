package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"runtime"

	"github.com/neuronsteer/neuronsteer/internal/build"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

func version(_ context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	if err := none(f, args); err != nil {
		return err
	}
	id, err := build.OwnID()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "neuronsteer %s, %s, %s/%s, build %s\n", local.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, id)
	return nil
}
