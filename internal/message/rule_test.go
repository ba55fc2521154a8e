package message

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestRules: every rule that an engine knows is one, integrated gradients are with steps within bounds, and only the rules that
// hold something constant conserve.
func TestRules(t *testing.T) {
	for _, r := range append(engine.Rules(), engine.IntegratedGradients(1), engine.IntegratedGradients(engine.MaxSteps)) {
		_, path := r.Steps()
		if err := checkRule(r); err != nil || Conserves(r) != (r != engine.Gradient && !path) {
			t.Errorf("%s: %v, conserves %v", r, err, Conserves(r))
		}
	}
	for _, r := range []engine.Rule{"", "guess", "integrated-gradients", "integrated-gradients:", "integrated-gradients:x", "integrated-gradients:+5", "integrated-gradients:05",
		engine.IntegratedGradients(0), engine.IntegratedGradients(-1), engine.IntegratedGradients(engine.MaxSteps + 1)} {
		if checkRule(r) == nil {
			t.Errorf("%q is a rule", r)
		}
	}
}
