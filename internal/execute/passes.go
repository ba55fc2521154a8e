package execute

import (
	"context"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// passes are ways to run prompts, each an edit.
type passes[P any] struct {
	edit     func(p P) *engine.Edit
	tokens   []int32                                   // of which logits are wanted; nil: all
	each     func(p P, prompt int, logits []float32)   // of each prompt the last logits [V], or those
	overflow func(p P, prompt int, gives string) error // the mistake of a pass that float32 does not hold
}

// run runs every pass on every prompt, as many passes in one call of the engine as a bound of the edits' bytes allows.
func (x passes[P]) run(ctx context.Context, e *env, prompts [][]int32, list []P, bound int) error {
	for len(list) > 0 {
		var edits []*engine.Edit
		for size := 0; len(edits) < len(list) && (len(edits) == 0 || size <= bound); {
			edit := x.edit(list[len(edits)])
			edits, size = append(edits, edit), size+edit.Bytes()
		}
		each := func(k, prompt int, logits []float32) error {
			if gives, bad := badLogit(logits); bad {
				return x.overflow(list[k], prompt, gives)
			}
			x.each(list[k], prompt, logits)
			return nil
		}
		err := e.Variants(ctx, prompts, edits, x.tokens, each, nil)
		if at := (*engine.Error)(nil); errors.As(err, &at) && at.Place != nil && at.Place.Edit >= 0 && at.Place.Layer >= 0 {
			return x.overflow(list[at.Place.Edit], at.Place.Prompt, badLayer(at.Place.Layer))
		}
		if err != nil {
			return err
		}
		list = list[len(edits):]
	}
	return nil
}

// badLogit says what is wrong with logits that are not all numbers.
func badLogit(logits []float32) (gives string, bad bool) {
	i := message.FirstNotFinite(logits)
	if i < 0 {
		return "", false
	}
	return fmt.Sprintf("a logit that is not a finite number (%v)", logits[i]), true
}

// badLayer says where a residual stream that float32 does not hold begins.
func badLayer(l int) string {
	return fmt.Sprintf("numbers that are not finite, or too large, in layer %d", l)
}

// metricAt returns logit(target) − logit(versus), or the target's alone, of logits [V].
func metricAt(logits []float32, c message.SweepPrompt) float32 {
	m := float64(logits[c.Target.ID])
	if c.Versus != nil {
		m -= float64(logits[c.Versus.ID])
	}
	return float32(m)
}
