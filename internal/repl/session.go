package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Lines is where a session reads. ReadLine returns io.EOF at the end; any other error ends the session with it.
type Lines interface {
	ReadLine() (string, error)
}

// Options says what a session works with.
type Options struct {
	Model     *steer.Model
	Circuits  string           // folder for save and load; empty: that of steer.Feature
	Lines     Lines            //
	Out       io.Writer        //
	Interrupt <-chan os.Signal // each stops the command that runs; nil: nothing does
	Progress  bool             // show how far a computation is, on a line of its own that is erased again
}

// A Session is a conversation about one model.
type Session struct {
	o          Options
	info       steer.Info
	prompt     steer.Example // Prompt, Chat, System, Prefill
	circuit    steer.Circuit
	found      bool // there is a circuit
	multiplier float64
	chat       bool     // prompts are chats
	saved      []string // names, in this session
	over       bool
}

// New returns a session. Nothing is loaded before Run.
func New(o Options) *Session { return &Session{o: o, multiplier: 1} }

// Run reads and obeys lines until quit, exit or the end of the input. It fails only when the model cannot be opened, when
// ctx is done, or when lines can no longer be read.
func (s *Session) Run(ctx context.Context) error {
	info, err := s.o.Model.Info().Run(ctx)
	if err != nil {
		return err
	}
	s.info, s.chat = info, info.Chat()
	s.greet()
	asked, got := make(chan struct{}), make(chan read, 1)
	defer close(asked)
	go func() { // a read cannot be canceled, so it is waited for beside the other things that can happen
		for range asked {
			line, err := s.o.Lines.ReadLine()
			got <- read{line, err}
		}
	}()
	for !s.over {
		asked <- struct{}{}
		line, err := s.await(ctx, got)
		switch {
		case errors.Is(err, io.EOF):
			s.say("Bye!")
			return nil
		case err != nil:
			return err
		}
		s.obey(ctx, line)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// read is what ReadLine returned.
type read struct {
	line string
	err  error
}

// await waits for a line. An interrupt meanwhile stops nothing.
func (s *Session) await(ctx context.Context, got <-chan read) (string, error) {
	for {
		select {
		case r := <-got:
			return r.line, r.err
		case <-s.o.Interrupt:
			s.say("\n(Nothing runs; type quit to leave.)")
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// obey runs one line. An interrupt cancels it.
func (s *Session) obey(ctx context.Context, line string) {
	name, rest := cut(line)
	if name == "" {
		return
	}
	c, ok := find(name)
	if !ok {
		s.say("Unknown command: %s. Type 'help' for commands.", name)
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- c.run(s, ctx, rest) }()
	for interrupted := false; ; {
		select {
		case err := <-done:
			switch {
			case err == nil:
			case interrupted && errors.Is(err, context.Canceled):
				s.say("(Interrupted; the session goes on. Type quit to leave.)")
			default:
				s.complain(err)
			}
			return
		case <-s.o.Interrupt:
			interrupted = true
			cancel()
		}
	}
}

// cut separates the command from its arguments, whose trailing white space is kept for quotes to decide.
func cut(line string) (name, rest string) {
	line = strings.TrimSpace(line)
	name, rest, _ = strings.Cut(line, " ")
	if i := strings.IndexByte(name, '\t'); i >= 0 {
		name, rest = name[:i], line[i:]
	}
	return name, rest
}

func (s *Session) say(format string, args ...any) { fmt.Fprintf(s.o.Out, format+"\n", args...) }

// complain prints every mistake of an error on a line.
func (s *Session) complain(err error) {
	for _, m := range engine.Mistakes(err) {
		s.say("Error: %v", m)
	}
}

// warn prints what a reader must know before concluding anything.
func (s *Session) warn(ws []steer.Warning) {
	for _, w := range ws {
		s.say("Note: %v", w)
	}
}

func (s *Session) greet() {
	s.say("===== Neuron steering =====")
	s.say("Model: %v", s.info)
	s.say("Prompts are read as %s.", s.reading())
	s.say("Type 'help' for commands, 'quit' to exit.\n")
}

func (s *Session) reading() string {
	switch {
	case s.chat:
		return "a user's turn of the model's chat template (chat off: as they are)"
	case s.info.Chat():
		return "they are (chat on: as a user's turn of the model's chat template)"
	}
	return "they are; this model has no chat template"
}
