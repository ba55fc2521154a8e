package repl

import (
	"context"
	"fmt"
	"strings"
)

// edgeTargets is how many of the circuit's neurons are targets unless the command says otherwise, as in the reference
// implementation.
const edgeTargets = 30

// edges shows what the circuit's neurons give to one another: the largest edges and flows, and five hubs.
func (s *Session) edges(ctx context.Context, args string) error {
	k, ok := count(args, edgeTargets)
	if !ok {
		return s.usage("edges", "%q is no number of targets", strings.TrimSpace(args))
	}
	if !s.has() {
		return nil
	}
	t := s.o.Model.Edges(s.circuit).Targets(k)
	if _, ok := s.circuit.Source(); !ok && s.examples.Len() > 0 {
		x := s.test().All()[0]
		t = t.On(x.Prompt).Measure(x.Target, x.Versus)
		if x.Chat {
			t = t.Chat().System(x.System).Prefill(x.Prefill)
		}
		s.say("On the first example that is measured on: %s", x.Prompt)
	} else if !ok {
		if !s.ready(true) {
			return nil
		}
		t = t.On(s.prompt.Prompt)
		if p := s.prompt; p.Chat {
			t = t.Chat().System(p.System).Prefill(p.Prefill)
		}
	}
	g, err := compute(ctx, s, t, nil)
	if err != nil {
		return err
	}
	s.say("\nGraph: %v", g)
	s.say("\nTop 10 edges:")
	for _, e := range g.TopEdges(10) {
		s.say("  %v", e)
	}
	flows := g.LayerFlow()
	s.say("\nTop 10 layer flows:")
	for _, f := range flows[:min(10, len(flows))] {
		s.say("  %s → %s %.3g", layerName(f.From, g.Shape().Layers), layerName(f.To, g.Shape().Layers), f.Weight)
	}
	s.say("\nHubs:")
	hubs := g.Hubs()
	for _, h := range hubs[:min(5, len(hubs))] {
		s.say("  %v: %d in, %d out", h.Neuron, h.In, h.Out)
	}
	s.warn(g.Warnings())
	return nil
}

// layerName names a layer of a graph.
func layerName(l, layers int) string {
	switch {
	case l < 0:
		return "tokens"
	case l >= layers:
		return "metric"
	}
	return fmt.Sprintf("L%d", l)
}
