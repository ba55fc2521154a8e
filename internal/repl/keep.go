package repl

import (
	"context"
	"os"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

func (s *Session) feature(name string) steer.Feature {
	f := s.o.Model.Feature(name)
	if s.o.Circuits != "" {
		f = f.Folder(s.o.Circuits)
	}
	return f
}

func (s *Session) save(_ context.Context, args string) error {
	name := whole(args)
	if name == "" {
		return s.usage("save", "")
	}
	if !s.found {
		s.say("No circuit to save. Run discover first.")
		return nil
	}
	if err := s.feature(name).KeepCircuit(s.circuit.Named(name)); err != nil {
		return err
	}
	if !slices.Contains(s.saved, name) {
		s.saved = append(s.saved, name)
	}
	s.say("Saved as %q", name)
	return nil
}

// load takes a circuit and, where it was found on one prompt, that prompt. What is wrong with it leaves everything as it was.
func (s *Session) load(ctx context.Context, args string) error {
	name := whole(args)
	if name == "" {
		return s.list()
	}
	c, err := s.read(ctx, name)
	if err != nil {
		return err
	}
	s.circuit, s.found = c, true
	s.say("Loaded %q", name)
	if src, ok := c.Source(); ok {
		s.prompt = steer.Example{Prompt: src.Prompt, Chat: src.Chat, System: src.System, Prefill: src.Prefill}
		s.say("Prompt: %s", src.Prompt)
	} else if s.prompt.Prompt != "" {
		s.say("The circuit is not of one prompt; the prompt stays: %s", s.prompt.Prompt)
	} else {
		s.say("The circuit is not of one prompt; set one: prompt <text>")
	}
	s.describe()
	s.warn(c.Warnings())
	return nil
}

// read takes a kept circuit, or a file where the name is that of one.
func (s *Session) read(ctx context.Context, name string) (steer.Circuit, error) {
	if strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".json") {
		if st, err := os.Stat(name); err == nil && !st.IsDir() {
			return s.o.Model.LoadCircuit(ctx, name)
		}
	}
	return s.feature(name).Circuit(ctx)
}

func (s *Session) list() error {
	names, err := s.feature("").Names()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		s.say("No saved circuits.")
		return nil
	}
	s.say("Available: %s", strings.Join(names, ", "))
	return nil
}

func (s *Session) setChat(_ context.Context, args string) error {
	switch strings.TrimSpace(args) {
	case "":
	case "on":
		if !s.info.Chat() {
			s.say("This model has no chat template.")
			return nil
		}
		s.chat, s.prompt.Chat = true, true
	case "off":
		s.chat, s.prompt = false, steer.Example{Prompt: s.prompt.Prompt}
	default:
		return s.usage("chat", "")
	}
	s.say("Prompts are read as %s.", s.reading())
	return nil
}

func (s *Session) state(context.Context, string) error {
	show := func(text string) string {
		if text == "" {
			return "(none)"
		}
		return text
	}
	s.say("\nModel:      %v", s.info)
	s.say("Prompt:     %s", show(s.prompt.Prompt))
	s.say("Chat:       %v", map[bool]string{true: "on", false: "off"}[s.prompt.Chat || s.prompt.Prompt == "" && s.chat])
	s.say("Circuit:    %d %s", s.circuit.Len(), kinds(s.circuit))
	if src, ok := s.circuit.Source(); ok {
		s.say("  Target:   %q", src.Target)
		s.say("  LogitD:   %.4f", src.Metric)
	}
	s.say("Multiplier: %v", s.multiplier)
	if n := s.examples.Len(); n > 0 {
		s.say("Examples:   %d", n)
	}
	if n := s.pairs.Len(); n > 0 {
		s.say("Pairs:      %d", n)
	}
	if s.directed {
		s.say("Vector:     %v", s.vector)
		s.say("Changes:    act %v", s.when)
	}
	s.say("Saved:      %s", show(strings.Join(s.saved, ", ")))
	return nil
}
