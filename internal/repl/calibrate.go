package repl

import (
	"context"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// priceOf is the budget of calibrate unless the command says otherwise, in nats.
const priceOf = .1

// calibrate finds how far the circuit may be amplified, or turned down, within a budget of side effects on neutral texts, and
// makes that the multiplier of top.
func (s *Session) calibrate(ctx context.Context, args string) error {
	nats, toward := priceOf, 2.
	for w := range strings.FieldsSeq(args) {
		switch x, err := strconv.ParseFloat(w, 64); {
		case w == "down":
			toward = 0
		case err != nil || !(x > 0):
			return s.usage("calibrate", "%q is no budget in nats", w)
		default:
			nats = x
		}
	}
	if !s.ready(true) {
		return nil
	}
	c, err := compute(ctx, s, s.o.Model.Calibrate(s.where(steer.Scale(s.circuit, toward))).KL(nats), nil)
	if err != nil {
		return err
	}
	s.say("")
	for _, x := range c.Steps()[1:] {
		s.say("  x%.4g: %.4g nats", x.Strength, x.Value.Value)
	}
	s.warn(c.Warnings())
	if strength, lo, hi, ok := c.Reached(); ok {
		s.multiplier = strength
		s.say("Multiplier set to %.4g [%.4g, %.4g]: %.4g nats on neutral texts", strength, lo, hi, c.Value().Value)
	}
	return nil
}
