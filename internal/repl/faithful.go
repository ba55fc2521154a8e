package repl

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// faithful measures on the examples, or on the prompt that the circuit was found on, how much of the target's lead its first units carry: with all
// others set to zero, and with only them.
func (s *Session) faithful(ctx context.Context, args string) error {
	set, ok := s.measurable()
	if !ok {
		return nil
	}
	task := s.o.Model.Faithfulness(s.circuit, set).Ablation(steer.ZeroAblation).Controls(s.controls)
	for w := range strings.FieldsSeq(args) {
		k, err := strconv.Atoi(w)
		if n := len(s.circuit.Neurons()); err != nil || k < 1 || k > n {
			return s.usage("faithful", "%q is no number of units from 1 to %d", w, n)
		}
		task = task.Sizes(k)
	}
	if strings.TrimSpace(args) == "" {
		n := len(s.circuit.Neurons())
		task = task.Sizes(slices.Compact([]int{1, max(1, n/10), max(1, n/2), n})...)
	}
	c, err := compute(ctx, s, task, nil)
	if err != nil {
		return err
	}
	s.say("\n%s: %+.4f with all units, %+.4f with none", c.About(), c.Full().Value, c.Empty().Value)
	for _, r := range c.Rows() {
		if c.Normalized() {
			s.say("  %6d units: alone %+.4f (f %+.2f), without them %+.4f (c %+.2f)", r.Units, r.Kept.Value, r.Faithfulness.Value, r.Ablated.Value, r.Completeness.Value)
		} else {
			s.say("  %6d units: alone %+.4f, without them %+.4f", r.Units, r.Kept.Value, r.Ablated.Value)
		}
	}
	return nil
}
