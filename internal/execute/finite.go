package execute

import (
	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// finite reports a score, [L,T,F] or [L,T,H], that is not a number, by layer.
func finite(scores []float32, layers int) error {
	if i := message.FirstNotFinite(scores); i >= 0 {
		return engine.Mistake(engine.NotFinite, "layer %d gives a score that is not a finite number (%v)", i/(len(scores)/layers), scores[i]).
			Try(engine.TryLessOrCheck)
	}
	return nil
}

// finiteLogits reports logits that are not numbers: every rank and probability made of them would be meaningless.
func finiteLogits(logits []float32) error {
	if i := message.FirstNotFinite(logits); i >= 0 {
		return engine.Mistake(engine.NotFinite, "the logit of id %d is not a finite number (%v)", i, logits[i]).
			Try(engine.TryLessOrCheck)
	}
	return nil
}
