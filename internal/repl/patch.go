package repl

import (
	"context"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// patch sets the circuit's strongest units to zero, one at a time, on the examples or on the prompt that it was found on, beside their scores.
func (s *Session) patch(ctx context.Context, args string) error {
	set, ok := s.measurable()
	if !ok {
		return nil
	}
	k, ok := count(args, 10)
	if !ok {
		return s.usage("patch", "%q is no number of units", strings.TrimSpace(args))
	}
	score := map[steer.Neuron]float64{}
	var units []steer.Neuron
	for _, e := range s.circuit.Entries() {
		if _, seen := score[e.Neuron]; !seen && len(units) < k {
			units = append(units, e.Neuron)
		}
		score[e.Neuron] += e.Score
	}
	p, err := compute(ctx, s, s.o.Model.Patch(set).Units(steer.NewCircuit("", units...)), nil)
	if err != nil {
		return err
	}
	s.say("\n%s = %+.4f; what each unit alone is for, set to zero:", p.About(), p.Full().Value)
	for _, r := range p.Rows() {
		s.say("  %-12s effect %+.4f  score %+.4f", r.Unit, r.Effect.Value, score[r.Unit])
	}
	return nil
}
