package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/neuronsteer/neuronsteer/internal/wording"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ErrInterrupt is what ReadLine returns when a person pressed Ctrl-C in place of a line.
var ErrInterrupt = errors.New("interrupt")

// Lines is where a session reads. ReadLine returns io.EOF at the end; any error but ErrInterrupt ends the session with it.
type Lines interface {
	ReadLine() (string, error)
}

// Options says what a session works with.
type Options struct {
	Model     *steer.Model
	Circuits  string                                      // folder for save and load; empty: that of steer.Feature
	Lines     Lines                                       //
	Out       io.Writer                                   //
	Width     func() int                                  // columns of Out, to break lines between words; nil or 0: they stay as they are
	Interrupt <-chan os.Signal                            // each stops the command that runs, a second one the session; nil: nothing does
	Writing   func(steer.GenerateTask) steer.GenerateTask // how texts are written; nil: as Generate does
	Chat      bool                                        // read prompts by the model's chat template, where it has one
	Progress  bool                                        // show how far a computation is, on a line of its own that is erased again
}

// A Session is a conversation about one model.
type Session struct {
	o          Options
	out        *output
	info       steer.Info
	prompt     steer.Example // Prompt, Chat, System, Prefill
	scores     steer.Scores  // of the last discover
	circuit    steer.Circuit
	found      bool // there is a circuit
	examples   steer.ExampleSet
	pairs      steer.PairSet
	vector     steer.Vector
	directed   bool       // there is a vector
	when       *condition // nil: changes act everywhere
	multiplier float64
	controls   int      // random circuits beside what sweep and faithful measure
	chat       bool     // prompts are chats
	saved      []string // names, in this session
	over       bool
	asked      bool // an interrupt came while nothing ran, and no line since
}

// New returns a session. Nothing is loaded before Run.
func New(o Options) *Session {
	return &Session{o: o, out: newOutput(o.Out, o.Width), multiplier: 1}
}

// Run reads and obeys lines until quit, exit or the end of the input. It fails when the model cannot be opened, when ctx is
// done, when lines can no longer be read or answers no longer be written; with context.Canceled after a second interrupt,
// when a computation may still be ending.
func (s *Session) Run(ctx context.Context) error {
	defer s.out.flush()
	info, err := s.open(ctx)
	if err != nil {
		return err
	}
	s.info, s.chat = info, info.Chat() && s.o.Chat
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
		s.out.flush()
		if s.out.err != nil {
			return s.out.err
		}
		asked <- struct{}{}
		line, err := s.await(ctx, got)
		switch {
		case errors.Is(err, ErrInterrupt):
			if !s.refuse() {
				return context.Canceled
			}
			continue
		case errors.Is(err, io.EOF):
			s.say("Bye!")
			return nil
		case err != nil:
			return err
		}
		s.asked = false
		if !s.obey(ctx, line) {
			return context.Canceled
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	s.out.flush()
	return s.out.err
}

// open loads the model. There is nothing yet that an interrupt could stop but the session.
func (s *Session) open(ctx context.Context) (steer.Info, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var info steer.Info
	done := make(chan error, 1)
	go func() {
		var err error
		info, err = s.o.Model.Info().Run(ctx)
		done <- err
	}()
	select {
	case err := <-done:
		return info, err
	case <-s.o.Interrupt:
		return steer.Info{}, context.Canceled
	}
}

// refuse answers an interrupt while nothing runs: the first in a row with what to type, the second with the end.
func (s *Session) refuse() (goOn bool) {
	if s.asked {
		return false
	}
	s.asked = true
	s.say("\n(Nothing runs; Ctrl-C again, or quit, leaves.)")
	s.out.flush()
	return true
}

// read is what ReadLine returned.
type read struct {
	line string
	err  error
}

// await waits for a line. A first interrupt meanwhile stops nothing.
func (s *Session) await(ctx context.Context, got <-chan read) (string, error) {
	for {
		select {
		case r := <-got:
			return r.line, r.err
		case <-s.o.Interrupt:
			if !s.refuse() {
				return "", context.Canceled
			}
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// obey runs one line. An interrupt cancels it; a second one does not wait until it has ended.
func (s *Session) obey(ctx context.Context, line string) (goOn bool) {
	name, rest := cut(line)
	if name == "" {
		return true
	}
	c, ok := find(name)
	if !ok {
		s.say("Unknown command: %s. Type 'help' for commands.", name)
		return true
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
			return true
		case <-s.o.Interrupt:
			if interrupted {
				return false
			}
			interrupted = true
			cancel()
		}
	}
}

// cut separates the command from its arguments, whose trailing white space is kept for quotes to decide.
func cut(line string) (name, rest string) {
	line = strings.TrimSpace(line)
	if i := strings.IndexFunc(line, unicode.IsSpace); i >= 0 {
		return line[:i], line[i:]
	}
	return line, ""
}

func (s *Session) say(format string, args ...any) { fmt.Fprintf(s.out, format+"\n", args...) }

// complain prints every mistake of an error on a line.
func (s *Session) complain(err error) {
	for _, m := range engine.Mistakes(err) {
		s.say("Error: %s", wording.Session.Mistake(m))
	}
}

// warn prints what a reader must know before concluding anything.
func (s *Session) warn(ws []steer.Warning) {
	for _, w := range ws {
		s.say("Note: %s", wording.Session.Warning(w))
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
