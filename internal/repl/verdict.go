package repl

import (
	"context"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// verdict says which criteria of the circuit are met by what has been computed, here or elsewhere.
func (s *Session) verdict(ctx context.Context, args string) error {
	if args = strings.TrimSpace(args); args != "" {
		return s.usage("verdict", "%q means nothing here", args)
	}
	if !s.has() {
		return nil
	}
	t := s.o.Model.Verdict(s.circuit)
	if s.examples.Len() > 0 {
		t = t.OnExamples(s.test())
	}
	v, err := compute(ctx, s, t, nil)
	if err != nil {
		return err
	}
	met, not, untested := v.Count()
	s.say("\n%d criteria are met, %d not met, %d not tested", met, not, untested)
	for _, c := range v.Criteria() {
		s.say("  %-18s %-10s  %s", c.Name, c.State, found(c))
		if c.State == steer.NotMet {
			s.say("  %-18s %-10s  met by: %s", "", "", c.Rule)
		}
	}
	s.warn(v.Warnings())
	return nil
}
