package repl

import (
	"context"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/wording"
	"github.com/neuronsteer/neuronsteer/steer"
)

// setControls sets how many random circuits stand beside what is measured. They cost as many times what the circuit costs.
func (s *Session) setControls(_ context.Context, args string) error {
	if args = strings.TrimSpace(args); args != "" {
		n, err := strconv.Atoi(args)
		if err != nil || n < 0 {
			return s.usage("controls", "%q is no number of random circuits", args)
		}
		s.controls = n
	}
	s.say("Random circuits beside sweep and faithful: %d", s.controls)
	return nil
}

// doses says how far each multiplier moves the target's lead, where it is known which target is meant.
func (s *Session) doses(ctx context.Context, multipliers []float64) error {
	set, ok := s.measured()
	if !ok {
		return nil
	}
	t := s.o.Model.Sweep(s.circuit, multipliers...).OnExamples(set)
	if w := s.when; w != nil {
		if t = t.When(w.probe, w.above); w.prompt {
			t = t.ByPrompt()
		}
	}
	if s.controls > 0 {
		t = t.Controls(s.controls).SideEffects().Continue(0)
	}
	c, err := compute(ctx, s, t, nil)
	if err != nil {
		return err
	}
	s.say("\n%s: %+.4f", c.About(), c.Unsteered().Difference.Value)
	for _, d := range c.Doses() {
		if s.controls == 0 {
			s.say("  x%v: %+.4f", d.Multiplier, d.Difference.Value)
		} else {
			s.say("  x%v: %+.4f, p = %.3f among %d random circuits", d.Multiplier, d.Difference.Value, d.P, d.Controls.N)
		}
	}
	if s.controls > 0 {
		s.warn(c.Warnings())
	}
	return nil
}

// tries are what is typed to test a criterion of a verdict.
var tries = map[string]string{
	"behavior present":   "baseline",
	"held-out":           "examples <file.jsonl>, behavior, then sweep 0",
	"necessity":          "controls 79, then sweep 0",
	"sufficiency":        "controls 19, then faithful",
	"specificity":        "examples <file of another behavior>, sweep 0, then the circuit's own examples again",
	"stability":          "examples <file.jsonl>, then stability",
	"method agreement":   "methods",
	"ground truth":       "patch 20",
	"side effects":       "controls 19, then sweep 0",
	"prompting baseline": "instruct <instruction>",
}

// found is what a verdict found of a criterion, or why nothing, and what is typed to test it.
func found(c steer.Criterion) string {
	try := tries[c.Name]
	switch why := wording.Session.Say(c.Found); {
	case c.State != steer.NotTested || try == "":
		return why
	case strings.HasPrefix(c.Found, "try "): // in words of a program
		return "type " + try
	default:
		return why + "; type " + try
	}
}
