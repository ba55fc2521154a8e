package repl

import (
	"context"
	"strings"
)

// instruct measures what an instruction in the prompt does to the lead of the token that the circuit was found for, beside what
// scaling the circuit does.
func (s *Session) instruct(ctx context.Context, args string) error {
	set, ok := s.measurable()
	if !ok {
		return nil
	}
	if args = strings.TrimSpace(args); args == "" {
		return s.usage("instruct", "There is no instruction")
	}
	c, err := compute(ctx, s, s.o.Model.Sweep(s.circuit, 0, .5, 1, 1.5, 2).OnExamples(set).Prompted(args), nil)
	if err != nil {
		return err
	}
	_, prompted := c.Prompted()
	s.say("\n%s", c.About())
	for _, d := range c.Doses() {
		s.say("  x%v: %+.4f", d.Multiplier, d.Difference.Value)
	}
	s.say("  instructed: %+.4f", prompted.Difference.Value)
	return nil
}
