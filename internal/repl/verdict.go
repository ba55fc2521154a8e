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
	if !s.ready(true) {
		return nil
	}
	v, err := compute(ctx, s, s.o.Model.Verdict(s.circuit), nil)
	if err != nil {
		return err
	}
	met, not, untested := v.Count()
	s.say("\n%d criteria are met, %d not met, %d not tested", met, not, untested)
	for _, c := range v.Criteria() {
		s.say("  %-18s %-10s  %s", c.Name, c.State, c.Found)
		if c.State == steer.NotMet {
			s.say("  %-18s %-10s  met by: %s", "", "", c.Rule)
		}
	}
	s.warn(v.Warnings())
	return nil
}
