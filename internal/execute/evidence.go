package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runEvidence answers for a runner that keeps nothing: a store around it answers itself.
func runEvidence(_ context.Context, e *env, _ message.EvidenceSettings) (any, tensors, error) {
	e.warn(engine.Warning{Code: "not-kept", Text: "this model keeps no results, so nothing is known of the circuit; steer/local.Open and a notebook's Model keep them"})
	return message.EvidenceBody{Kept: []message.KeptRecord{}}, nil, nil
}
