package message

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// checkRule reports a rule that nobody knows.
func checkRule(r engine.Rule) error {
	if steps, ok := r.Steps(); ok {
		if steps < 1 || steps > engine.MaxSteps {
			return engine.Mistake(engine.BadSetting, "integrated gradients of %d steps are not between 1 and %d", steps, engine.MaxSteps).
				Try("use steer.IntegratedGradients(20)")
		}
		return nil
	}
	if !slices.Contains(engine.Rules(), r) {
		return engine.Mistake(engine.BadSetting, "unknown rule %q", r).
			Try("use steer.RelP, steer.Frozen, steer.ConstantQKNorm, steer.Gradient or steer.IntegratedGradients(20)")
	}
	return nil
}

// Conserves reports whether a rule has the conservation identity: everything but the softmax is linear under it.
func Conserves(r engine.Rule) bool {
	_, path := r.Steps()
	return r != engine.Gradient && !path
}
