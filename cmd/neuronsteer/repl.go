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
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// interactive is a session in the terminal. An interrupt stops the command that runs, so the context that an interrupt
// ends is not used here.
func interactive(ctx context.Context, f *flag.FlagSet, args []string, out io.Writer) (err error) {
	model := f.String("model", "smollm2-135m-instruct", "`NAME` or path of the model")
	circuits := f.String("circuits", "", "`DIR` for save and load; the default is the user's folder of features")
	chat := f.Bool("chat", false, "read prompts as a user's turn of the model's chat template")
	write := writing(f)
	if err := none(f, args); err != nil {
		return err
	}
	if _, err := write(steer.New("", nil).Generate("x")).Request(); err != nil { // before a model is loaded
		return engine.Prefix("repl", err)
	}
	ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM)
	defer stop()
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)

	m, err := local.Open(ctx, *model)
	if err != nil {
		return err
	}
	defer func() {
		if !errors.Is(err, context.Canceled) { // or a computation may still be ending, which the program does not wait for
			err = errors.Join(err, local.Close(m))
		}
	}()
	if o, ok := out.(*output); ok {
		out = o.to // the session spells what it says, and moves the cursor itself
	}
	o := repl.Options{Model: m, Circuits: *circuits, Out: out, Interrupt: interrupts, Writing: write, Chat: *chat}
	var s *repl.Session
	complete := func(line string, pos int) (string, int, []string) { return s.Complete(line, pos) }
	if t, ok := repl.OpenTerminal(os.Stdin, os.Stdout, repl.OpenHistory(repl.HistoryFile()), complete); ok {
		defer func() { err = errors.Join(err, t.Close()) }()
		o.Lines, o.Progress, o.Width = t, true, t.Width
	} else {
		o.Lines = repl.Plain(os.Stdin)
	}
	s = repl.New(o)
	return s.Run(ctx)
}
