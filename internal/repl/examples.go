package repl

import (
	"context"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// takeExamples reads a file of examples, on which the words that measure then work in place of the circuit's own prompt.
func (s *Session) takeExamples(_ context.Context, args string) error {
	switch path := whole(args); path {
	case "":
		if s.examples.Len() == 0 {
			return s.usage("examples", "There are no examples")
		}
	case "off":
		s.examples = steer.ExampleSet{}
		s.say("Words that measure work on the circuit's own prompt again.")
		return nil
	default:
		set := steer.Examples(path)
		if es, err := set.Read(); err != nil {
			return err
		} else if len(es) == 0 {
			return s.usage("examples", "%s has no examples", path)
		}
		s.examples = set
	}
	s.say("%d examples: circuits are found on %d of them, and measured on %d.", s.examples.Len(), s.train().Len(), s.test().Len())
	return nil
}

// train and test are the halves of the examples, or all where a half has none, read as the session reads prompts.
func (s *Session) train() steer.ExampleSet { return s.half(s.examples.Train()) }
func (s *Session) test() steer.ExampleSet  { return s.half(s.examples.Test()) }

func (s *Session) half(set steer.ExampleSet) steer.ExampleSet {
	if set.Len() == 0 {
		set = s.examples
	}
	es := set.All()
	for i := range es {
		es[i].Chat = es[i].Chat || s.chat
	}
	return steer.NewExamples(es...)
}

// measured is what the circuit is measured on: the examples, or the prompt that it was found on.
func (s *Session) measured() (set steer.ExampleSet, ok bool) {
	if s.examples.Len() > 0 {
		return s.test(), true
	}
	src, ok := s.circuit.Source()
	return steer.NewExamples(src.Example), ok
}

// measurable is measured, and says what is missing where the circuit or that is.
func (s *Session) measurable() (set steer.ExampleSet, ok bool) {
	if !s.has() {
		return set, false
	}
	if set, ok = s.measured(); !ok {
		s.say("The circuit was not found on one prompt. Discover one first: discover <target>; or say what it is measured on: examples <file.jsonl>")
	}
	return set, ok
}

// has reports whether there is a circuit; where there is none it says what to type.
func (s *Session) has() bool {
	if !s.found && s.examples.Len() > 0 {
		s.say("Find a circuit first: behavior, on the examples; or discover, on a prompt")
	} else if !s.found {
		s.ready(true)
	}
	return s.found
}

// exemplified reports whether there are examples; where there are none it says what to type.
func (s *Session) exemplified(why string) bool {
	if s.examples.Len() == 0 {
		s.say("%s: examples <file.jsonl>", why)
		return false
	}
	return true
}

// behavior takes the neurons behind the targets of the examples as the circuit.
func (s *Session) behavior(ctx context.Context, args string) error {
	k, ok := count(args, circuitSize)
	if !ok {
		return s.usage("behavior", "%q is no number of neurons", strings.TrimSpace(args))
	}
	if !s.exemplified("A behavior is what examples have in common. Take some first") {
		return nil
	}
	b, err := compute(ctx, s, s.o.Model.Behavior(s.train()), nil)
	if err != nil {
		return err
	}
	s.take(b.Mean(), k)
	s.warn(b.Warnings())
	return nil
}

// take makes the k neurons that lead scores the circuit.
func (s *Session) take(scores steer.Scores, k int) {
	s.scores, s.circuit, s.found = scores, scores.TopK(k), true
	s.describe()
}

// baseline asks whether the model shows the behavior at all.
func (s *Session) baseline(ctx context.Context, args string) error {
	if args = strings.TrimSpace(args); args != "" {
		return s.usage("baseline", "%q means nothing here", args)
	}
	set := s.half(s.examples)
	if s.examples.Len() == 0 {
		var ok bool
		if set, ok = s.measurable(); !ok {
			return nil
		}
	}
	b, err := compute(ctx, s, s.o.Model.Baseline(set), nil)
	if err != nil {
		return err
	}
	s.say("\n%v", b)
	s.warn(b.Warnings())
	return nil
}
