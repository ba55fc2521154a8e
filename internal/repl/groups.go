package repl

import (
	"context"
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// groups joins the circuit's neurons and heads by what they read and write.
func (s *Session) groups(ctx context.Context, args string) error {
	k, ok := count(args, 0)
	if !ok {
		return s.usage("groups", "%q is no number of groups", strings.TrimSpace(args))
	}
	if !s.has() {
		return nil
	}
	t := s.o.Model.Profiles(s.circuit)
	if s.examples.Len() > 0 {
		t = t.OnExamples(s.test())
	}
	p, err := compute(ctx, s, t, nil)
	if err != nil {
		return err
	}
	g := p.Groups()
	if k > 0 {
		g = p.GroupsOf(k)
	}
	band, chance := g.Null()
	s.say("\n%d groups for %s: silhouette %.2f, of shuffled profiles %.2f to %.2f (p = %.2g)", len(g.All()), p.About(), g.Silhouette(), band.Lo, band.Hi, chance)
	for _, x := range g.All() {
		s.say("  %s: stability %.2f", x.Circuit.Name(), x.Stability)
		s.say("    %s", strings.Join(named(x.Circuit.Neurons(), 8), " "))
	}
	s.warn(g.Warnings())
	return nil
}

// named lists neurons and heads, and how many more there are.
func named(ns []steer.Neuron, most int) (out []string) {
	for i, n := range ns {
		if i == most {
			return append(out, fmt.Sprintf("and %d more", len(ns)-most))
		}
		out = append(out, n.String())
	}
	return out
}
