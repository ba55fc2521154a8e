package repl

import (
	"context"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// patch sets the circuit's strongest units to zero, one at a time, on the prompt that it was found on, beside their scores.
func (s *Session) patch(ctx context.Context, args string) error {
	if !s.ready(true) {
		return nil
	}
	src, ok := s.circuit.Source()
	if !ok {
		s.say("The circuit was not found on one prompt. Discover one first: discover <target>")
		return nil
	}
	k := 10
	if args = strings.TrimSpace(args); args != "" {
		var err error
		if k, err = strconv.Atoi(args); err != nil || k < 1 {
			return s.usage("patch", "%q is no number of units", args)
		}
	}
	score := map[steer.Neuron]float64{}
	var units []steer.Neuron
	for _, e := range s.circuit.Entries() {
		if _, seen := score[e.Neuron]; !seen && len(units) < k {
			units = append(units, e.Neuron)
		}
		score[e.Neuron] += e.Score
	}
	p, err := compute(ctx, s, s.o.Model.Patch(steer.NewExamples(src.Example)).Units(steer.NewCircuit("", units...)), nil)
	if err != nil {
		return err
	}
	s.say("\n%s = %+.4f; what each unit alone is for, set to zero:", p.About(), p.Full().Value)
	for _, r := range p.Rows() {
		s.say("  %-12s effect %+.4f  score %+.4f", r.Unit, r.Effect.Value, score[r.Unit])
	}
	return nil
}
