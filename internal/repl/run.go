package repl

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/progress"
	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// mostTokens is how many predictions top shows at most.
const mostTokens = 100

// newTokens is how many tokens a continuation has at most, as in the reference implementation.
const newTokens = 100

// compute runs a task, showing how far it is.
func compute[T any](ctx context.Context, s *Session, t steer.Task[T], emit func(steer.Event)) (T, error) {
	shown := false
	left := progress.New(nil)
	asking, done := context.WithCancel(ctx)
	defer done()
	if q, err := t.Request(); err == nil && s.o.Progress {
		go left.Ask(asking, t.Model().Runner(), q, progress.Patience)
	}
	rec, err := steer.Fetch(ctx, t, func(e steer.Event) {
		if emit != nil {
			emit(e)
		}
		left.Event(e)
		if s.o.Progress && e.Phase != "generate" && e.Total > 1 {
			shown = e.Done < e.Total
			line := fmt.Sprintf("\r%s %d/%d", visible.Text(e.Phase), e.Done, e.Total)
			if words := left.Words(); words != "" {
				line += ", " + words
			}
			s.out.put(line + "\x1b[K")
			if !shown {
				s.out.put("\r\x1b[K")
			}
		}
	})
	if shown {
		s.out.put("\r\x1b[K")
	}
	if err != nil {
		var none T
		return none, err
	}
	return t.Result(func() steer.Record { return rec }), nil
}

// proceed continues the prompt, printing after the label what comes as it comes. Where the model's context has no room for
// newTokens, it makes as many as there is room for.
func (s *Session) proceed(ctx context.Context, label string, is ...steer.Intervention) error {
	err := s.write(ctx, label, newTokens, is)
	if !errors.Is(err, steer.PromptTooLong) {
		return err
	}
	p, perr := compute(ctx, s, s.predicting().Top(1), nil)
	room := s.info.Shape().Positions - len(p.Tokens())
	if perr != nil || room < 1 {
		return err
	}
	return s.write(ctx, label, room, is)
}

func (s *Session) write(ctx context.Context, label string, most int, is []steer.Intervention) error {
	p := s.prompt
	t := s.o.Model.Generate(p.Prompt).MaxTokens(most).With(is...)
	if p.Chat {
		t = t.Chat().System(p.System).Prefill(p.Prefill)
	}
	if s.o.Writing != nil {
		t = s.o.Writing(t)
	}
	var ends []string
	for _, e := range s.info.Ends() {
		ends = append(ends, e.Text)
	}
	wrote, labeled := "", false
	g, err := compute(ctx, s, t, func(e steer.Event) {
		for _, end := range ends {
			e.Token = strings.TrimSuffix(e.Token, end)
		}
		if e.Token == "" {
			return
		}
		if !labeled {
			labeled = true
			fmt.Fprint(s.out, label)
		}
		wrote += e.Token
		fmt.Fprint(s.out, e.Token)
	})
	if err != nil {
		if labeled {
			s.say("")
		}
		return err
	}
	if !labeled {
		fmt.Fprint(s.out, label)
	}
	text := g.Text()
	if n := len(g.Tokens()); g.Ended() && n > 0 {
		text = strings.TrimSuffix(text, g.Tokens()[n-1].Text)
	}
	s.say("%s", strings.TrimPrefix(text, wrote)) // what no event told: all of it, where the result was kept
	s.warn(g.Warnings())
	return nil
}

func (s *Session) doPrompt(ctx context.Context, args string) error {
	if strings.TrimSpace(args) == "" {
		if s.prompt.Prompt == "" {
			return s.usage("prompt", "")
		}
		s.say("Current prompt: %s", s.prompt.Prompt)
		return nil
	}
	s.prompt = steer.Example{Prompt: whole(args), Chat: s.chat}
	s.scores = steer.Scores{}
	if _, ok := s.circuit.Source(); ok { // a circuit of one prompt belongs to it
		s.circuit, s.found = steer.Circuit{}, false
	}
	return s.proceed(ctx, "\nOutput: ")
}

// ready reports what is missing before the circuit can be used.
func (s *Session) ready(circuit bool) bool {
	switch {
	case s.prompt.Prompt == "":
		s.say("Set a prompt first: prompt <text>")
	case circuit && !s.found:
		s.say("Discover a circuit first: discover")
	default:
		return true
	}
	return false
}

func (s *Session) top(ctx context.Context, args string) error {
	k, ok := count(args, 10)
	if !ok {
		return s.usage("top", "%q is no number of tokens", strings.TrimSpace(args))
	}
	if !s.ready(false) {
		return nil
	}
	if k > mostTokens {
		s.say("The %d likeliest tokens are shown, not %d.", mostTokens, k)
		k = mostTokens
	}
	t := s.predicting().Top(k)
	if s.found {
		t = t.With(s.where(steer.Scale(s.circuit, s.multiplier)))
	}
	p, err := compute(ctx, s, t, nil)
	if err != nil {
		return err
	}
	s.say("\nTop-%d predictions (multiplier=%v):", k, s.multiplier)
	for _, r := range p.Top() {
		s.say("  %.4f %-50s %q", r.Probability, strings.Repeat("#", int(r.Probability*50)), r.Bytes())
	}
	s.warn(p.Warnings())
	return nil
}

// predicting describes a prediction of the prompt.
func (s *Session) predicting() steer.PredictTask {
	t, p := s.o.Model.Predict(s.prompt.Prompt), s.prompt
	if p.Chat {
		t = t.Chat().System(p.System).Prefill(p.Prefill)
	}
	return t
}
