package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/neuronsteer/neuronsteer/internal/repl"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// interactive is a session in the terminal. An interrupt stops the command that runs, so the context that an interrupt
// ends is not used here.
func interactive(ctx context.Context, f *flag.FlagSet, args []string, out io.Writer) (err error) {
	model := f.String("model", "smollm2-135m-instruct", "`NAME` or path of the model")
	circuits := f.String("circuits", "", "`DIR` for save and load; the default is the user's folder of features")
	if err := none(f, args); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM)
	defer stop()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)

	m, err := local.Open(ctx, *model)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, local.Close(m)) }()
	o := repl.Options{Model: m, Circuits: *circuits, Out: out, Interrupt: interrupts}
	var s *repl.Session
	complete := func(line string, pos int) (string, int, []string) { return s.Complete(line, pos) }
	if t, ok := repl.OpenTerminal(os.Stdin, os.Stdout, repl.OpenHistory(repl.HistoryFile()), complete); ok {
		defer func() { err = errors.Join(err, t.Close()) }()
		o.Lines, o.Progress = t, true
	} else {
		o.Lines = repl.Plain(os.Stdin)
	}
	s = repl.New(o)
	return s.Run(ctx)
}
