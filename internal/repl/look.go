package repl

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// tokens shows how a text, or the prompt as it is without a chat template, becomes tokens.
func (s *Session) tokens(ctx context.Context, args string) error {
	text := whole(args)
	if text == "" {
		text = s.prompt.Prompt
	}
	if text == "" {
		return s.usage("tokens", "There is no text")
	}
	t, err := compute(ctx, s, s.o.Model.Tokens(text), nil)
	if err != nil {
		return err
	}
	s.say("\n%d tokens:", len(t.All()))
	for i, x := range t.All() {
		s.say("  %4d  id %-6d %q", i, x.ID, x.Bytes())
	}
	return nil
}

// lens shows what the model would say if it ended after each layer.
func (s *Session) lens(ctx context.Context, args string) error {
	at := -1
	if args = strings.TrimSpace(args); args != "" {
		var err error
		if at, err = strconv.Atoi(args); err != nil {
			return s.usage("lens", "%q is no position", args)
		}
	}
	if !s.ready(false) {
		return nil
	}
	t, p := s.o.Model.LogitLens(s.prompt.Prompt), s.prompt
	if p.Chat {
		t = t.Chat().System(p.System).Prefill(p.Prefill)
	}
	l, err := compute(ctx, s, t, nil)
	if err != nil {
		return err
	}
	if n := len(l.Tokens()); at < -n || at >= n {
		return s.usage("lens", "The prompt has the positions 0 to %d, not %d", n-1, at)
	} else if at < 0 {
		at += n
	}
	s.say("\nAfter %q (position %d) each layer would say:", l.Tokens()[at].Bytes(), at)
	for layer := range s.info.Shape().Layers {
		var said []string
		for _, r := range l.Top(layer, at) {
			said = append(said, fmt.Sprintf("%q %.4f", r.Bytes(), r.Probability))
		}
		s.say("  L%-3d %s", layer, strings.Join(said, "  "))
	}
	s.warn(l.Warnings())
	return nil
}

// strongest is the circuit's k strongest units; where there is no circuit, it says so.
func (s *Session) strongest(command, args string) (c steer.Circuit, ok bool, err error) {
	k, ok := count(args, 10)
	if !ok {
		return c, false, s.usage(command, "%q is no number of neurons", strings.TrimSpace(args))
	}
	if !s.has() {
		return c, false, nil
	}
	c = s.circuit.Top(k)
	if c.Minus(c.Heads()).Len() == 0 {
		s.say("The circuit has no neurons. What heads do: edges; or take neurons again: discover")
		return c, false, nil
	}
	return c.Minus(c.Heads()), true, nil
}

// writes lists the tokens that neurons promote and demote.
func (s *Session) writes(ctx context.Context, args string) error {
	c, ok, err := s.strongest("writes", args)
	if !ok {
		return err
	}
	w, err := compute(ctx, s, s.o.Model.Writes(c), nil)
	if err != nil {
		return err
	}
	s.say("\n%v", w)
	return nil
}

// contexts lists where in the examples, or in neutral texts, neurons are most active.
func (s *Session) contexts(ctx context.Context, args string) error {
	c, ok, err := s.strongest("contexts", args)
	if !ok {
		return err
	}
	texts := steer.DiverseTexts()
	if s.examples.Len() > 0 {
		texts = nil
		for _, e := range s.examples.All() {
			texts = append(texts, e.Prompt)
		}
	}
	t, err := compute(ctx, s, s.o.Model.TopActivations(c, texts...), nil)
	if err != nil {
		return err
	}
	s.say("\n%v", t)
	s.warn(t.Warnings())
	return nil
}
