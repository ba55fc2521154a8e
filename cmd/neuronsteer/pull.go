package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

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
	ctx, stop := whileWatched(ctx)
	defer stop()
	path, err := checkpoint.Pull(ctx, names[0], func(line string) { fmt.Fprintln(out, line) })
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "ready:", path)
	return nil
}

// whileWatched ends a context when the terminal closes or nobody reads the output any more, which would otherwise end the
// program at once and leave what it has begun. Who starts it with nohup wants it to go on.
func whileWatched(ctx context.Context) (context.Context, context.CancelFunc) {
	ends := []os.Signal{syscall.SIGPIPE}
	if !signal.Ignored(syscall.SIGHUP) {
		ends = append(ends, syscall.SIGHUP)
	}
	return signal.NotifyContext(ctx, ends...)
}
