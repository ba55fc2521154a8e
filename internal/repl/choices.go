package repl

import (
	"context"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// methods holds seven ways of finding neurons side by side, on the examples or on the prompt of the circuit.
func (s *Session) methods(ctx context.Context, args string) error {
	k, ok := count(args, 20)
	if !ok {
		return s.usage("methods", "%q is no number of neurons", strings.TrimSpace(args))
	}
	found, tested := s.train(), s.test()
	if s.examples.Len() == 0 {
		if found, ok = s.measurable(); !ok {
			return nil
		}
		tested = found
	}
	c, err := compute(ctx, s, s.o.Model.Methods(s.o.Model.Behavior(found)).OnExamples(tested).TopK(k), nil)
	if err != nil {
		return err
	}
	s.say("\n%v", c)
	s.warn(c.Warnings())
	return nil
}

// stability says which neurons of all reasonable circuits are core, contingent and noise, and how many of them the session's
// circuit has.
func (s *Session) stability(ctx context.Context, args string) error {
	k, ok := count(args, 20)
	if !ok {
		return s.usage("stability", "%q is no number of neurons", strings.TrimSpace(args))
	}
	if !s.exemplified("Stability draws from examples again and again, and one prompt gives always the same. Take some first") {
		return nil
	}
	v, err := compute(ctx, s, s.o.Model.Stability(s.o.Model.Behavior(s.train())).Sizes(max(1, k/2), k, 2*k), nil)
	if err != nil {
		return err
	}
	s.say("\n%v", v)
	if s.found {
		n := map[steer.NodeClass]int{}
		for _, x := range v.Of(s.circuit) {
			n[x.Class]++
		}
		s.say("Of the circuit's %d %s %d are core, %d contingent and %d noise.", s.circuit.Len(), kinds(s.circuit), n[steer.Core], n[steer.Contingent], n[steer.Noise])
	}
	s.warn(v.Warnings())
	return nil
}
