package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func runTokens(ctx context.Context, e *env, s message.TokensSettings) (any, tensors, error) {
	ts, err := e.text.Encode(s.Text, engine.Encoding{Markers: true, Special: true})
	if err != nil {
		return nil, nil, err
	}
	e.warn(e.text.Warnings()...)
	return message.TokensBody{Tokens: ts}, nil, nil
}
