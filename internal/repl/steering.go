package repl

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

func (s *Session) ablate(ctx context.Context, args string) error {
	if !s.ready(true) {
		return nil
	}
	c, ok := s.target(strings.TrimSpace(args), "ablate")
	if !ok {
		return nil
	}
	i := s.where(steer.Ablate(c))
	s.say("\nUnder %v\nAblated: %s", i, s.named(c))
	return s.proceed(ctx, "Ablated output (x0.0): ", i)
}

// amplify takes the last number as the multiplier and the last other word as the target.
func (s *Session) amplify(ctx context.Context, args string) error {
	if !s.ready(true) {
		return nil
	}
	x, specs := 2.0, []string{}
	for w := range strings.FieldsSeq(args) {
		if v, err := strconv.ParseFloat(w, 64); err == nil {
			x = v
		} else {
			specs = append(specs, w)
		}
	}
	spec := ""
	if n := len(specs); n > 0 {
		spec = specs[n-1]
		if n > 1 {
			s.say("Note: the last target %q counts, not %q", spec, specs[:n-1])
		}
	}
	c, ok := s.target(spec, "amplify")
	if !ok {
		return nil
	}
	i := s.where(steer.Scale(c, x))
	s.say("\nUnder %v\nAmplified: %s", i, s.named(c))
	return s.proceed(ctx, fmt.Sprintf("Amplified output (x%v): ", x), i)
}

func (s *Session) sweep(ctx context.Context, args string) error {
	if !s.ready(true) {
		return nil
	}
	multipliers := []float64{0, .5, 1, 1.5, 2}
	if ws := strings.Fields(args); len(ws) > 0 {
		multipliers = nil
		for _, w := range ws {
			x, err := strconv.ParseFloat(w, 64)
			if err != nil {
				return s.usage("sweep", "%q is no number", w)
			}
			multipliers = append(multipliers, x)
		}
	}
	s.say("\nScaled: %s", s.named(s.circuit))
	for _, x := range multipliers {
		if err := s.proceed(ctx, fmt.Sprintf("  x%v: ", x), s.where(steer.Scale(s.circuit, x))); err != nil {
			return err
		}
	}
	return s.doses(ctx, multipliers)
}

func (s *Session) setMultiplier(_ context.Context, args string) error {
	if args = strings.TrimSpace(args); args == "" {
		s.say("Current multiplier: %v", s.multiplier)
		return nil
	}
	x, err := strconv.ParseFloat(args, 64)
	if err != nil || x != x || x-x != 0 {
		return s.usage("multiplier", "%q is no number to multiply by", args)
	}
	s.multiplier = x
	s.say("Multiplier set to %v", x)
	return nil
}
