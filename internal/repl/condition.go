package repl

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A condition lets changes act only where the projection on a direction is above a number.
type condition struct {
	probe  steer.Vector // of one layer
	layer  int
	above  float64
	prompt bool // the prompt's last token decides for all
}

// String says it in words.
func (c *condition) String() string {
	if c == nil {
		return "everywhere"
	}
	who := "where the vector's projection"
	if c.prompt {
		who = "if at the prompt's last token the vector's projection"
	}
	return fmt.Sprintf("%s after L%d is above %v", who, c.layer, c.above)
}

// where puts a change under the session's condition.
func (s *Session) where(i steer.Intervention) steer.Intervention {
	if c := s.when; c != nil {
		if i = i.When(c.probe, c.above); c.prompt {
			i = i.ByPrompt()
		}
	}
	return i
}

// setCondition sets or lifts the condition; with a layer alone it shows what the projections of the prompt's tokens are.
func (s *Session) setCondition(ctx context.Context, args string) error {
	ws := strings.Fields(args)
	switch {
	case len(ws) == 0:
		s.say("Changes act %v.", s.when)
		if s.when == nil {
			return s.usage("when", "")
		}
		return nil
	case len(ws) == 1 && ws[0] == "off":
		s.when = nil
		s.say("Changes act %v.", s.when)
		return nil
	case len(ws) > 3 || len(ws) == 3 && ws[2] != "prompt":
		return s.usage("when", "%q is more than a layer, a number and the word prompt", strings.TrimSpace(args))
	}
	l, ok := layer(ws[0])
	if !ok {
		return s.usage("when", "%q is no layer", ws[0])
	}
	if !s.aimed(len(ws) == 1) {
		return nil
	}
	if !s.vector.Has(l) || s.vector.Norms()[l] == 0 {
		s.say("The vector has no direction in layer %d. Its layers: vector", l)
		return nil
	}
	if len(ws) == 1 {
		return s.projections(ctx, l)
	}
	above, ok := amount(ws[1], 0)
	if !ok || math.Abs(above) > math.MaxFloat32 {
		return s.usage("when", "%q is no number", ws[1])
	}
	s.when = &condition{s.vector.Layers(l, l), l, above, len(ws) == 3}
	s.say("Changes act %v.", s.when)
	s.early()
	return nil
}

// early says that units before the condition's layer cannot wait for it.
func (s *Session) early() {
	before := 0
	for _, n := range s.circuit.Neurons() {
		if n.Layer <= s.when.layer {
			before++
		}
	}
	if last := s.info.Shape().Layers - 1; before > 0 && s.when.layer < last {
		s.say("%d units of the circuit act before that is known; leave them out: layers %d %d", before, s.when.layer+1, last)
	} else if before > 0 {
		s.say("%d units of the circuit act before that is known; choose an earlier layer.", before)
	}
}

// projections shows the projection of each token of the prompt after a layer.
func (s *Session) projections(ctx context.Context, l int) error {
	t, p, site := s.o.Model.Capture(s.prompt.Prompt), s.prompt, s.vector.Space()
	if p.Chat {
		t = t.Chat().System(p.System).Prefill(p.Prefill)
	}
	a, err := compute(ctx, s, t.From(site).Layers(l, l), nil)
	if err != nil {
		return err
	}
	direction, length := s.vector.Layer(l), s.vector.Norms()[l]
	s.say("\nProjection on the vector after L%d:", l)
	for i, token := range a.Tokens() {
		sum := 0.
		for d, x := range a.Row(site, l, i) {
			sum += float64(x) * float64(direction[d])
		}
		s.say("  %4d  %+10.4g  %q", i, sum/length, token.Bytes())
	}
	return nil
}
