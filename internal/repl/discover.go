package repl

import (
	"context"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// circuitSize is how many neurons discover keeps, as in the reference implementation.
const circuitSize = 200

// discover finds the circuit behind a token against another, or against the model's best other.
func (s *Session) discover(ctx context.Context, args string) error {
	ws, err := words(args)
	if err != nil {
		return err
	}
	if len(ws) > 2 {
		return s.usage("discover", "%d words are more than a target and another token; put what has spaces in quotes", len(ws))
	}
	if !s.ready(false) {
		return nil
	}
	t := s.o.Model.Attribute(s.prompt.Prompt).TargetTop().VersusRunnerUp()
	if p := s.prompt; p.Chat {
		t = t.Chat().System(p.System).Prefill(p.Prefill)
	}
	if len(ws) > 0 {
		t = t.Target(ws[0].text)
	}
	if len(ws) > 1 {
		t = t.Versus(ws[1].text)
	}
	scores, err := compute(ctx, s, t, nil)
	if err != nil {
		return err
	}
	target := scores.Target()
	how := "Target"
	if len(ws) == 0 {
		how = "Auto-target"
	}
	s.say("%s: %q (p=%.4f, rank %d)", how, target.Bytes(), target.Probability, target.Rank)
	for _, w := range ws {
		if !w.quoted {
			s.say("Note: %q was taken as typed, with no space before it; with one it is another token: discover %q", w.text, " "+w.text)
			break
		}
	}
	s.scores, s.circuit, s.found = scores, scores.TopK(circuitSize), true
	s.describe()
	s.warn(scores.Warnings())
	return nil
}

// headsKept is how many heads the command heads keeps unless it is told otherwise.
const headsKept = 10

// heads takes the attention heads behind the token that discover was asked about, from the same pass, as the circuit.
func (s *Session) heads(_ context.Context, args string) error {
	if !s.ready(true) {
		return nil
	}
	k, ok := count(args, headsKept)
	if !ok {
		return s.usage("heads", "%q is no number of heads", strings.TrimSpace(args))
	}
	of := s.scores.Heads()
	c := of.TopK(k)
	if c.Len() == 0 {
		s.say("No pass of this session scored the heads of this prompt. Discover a circuit first: discover <target>")
		return nil
	}
	s.circuit = c
	s.describe()
	s.warn(of.Warnings())
	return nil
}

// describe shows the circuit: how much it holds, where, and its ten strongest neurons.
func (s *Session) describe() {
	c := s.circuit
	of := kinds(c)
	if src, ok := c.Source(); ok {
		s.say("\nCircuit: %d %s for %s = %+.4f", c.Len(), of, c.About(), src.Metric)
	} else {
		s.say("\nCircuit: %v", c)
	}
	n, best := map[int]int{}, map[int]steer.Entry{}
	layers := 0
	for _, e := range c.Entries() {
		if n[e.Layer]++; n[e.Layer] == 1 {
			best[e.Layer] = e // entries come strongest first
		}
		layers = max(layers, e.Layer+1)
	}
	for l := range layers {
		if n[l] > 0 {
			s.say("  L%d: %d %s, top=%.6f", l, n[l], of, best[l].Score)
		}
	}
	s.say("\nTop 10 %s:", of)
	for _, e := range c.Top(10).Entries() {
		s.say("  %-12v attr=%+.6f", e.Neuron, e.Score)
	}
}
