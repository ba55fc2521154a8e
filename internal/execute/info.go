package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func runInfo(ctx context.Context, e *env, s message.InfoSettings) (any, tensors, error) {
	b := message.InfoBody{Shape: e.Shape()}
	_, b.Chat, _ = e.text.Chat(engine.Conversation{User: "Hello"}) // a template that cannot be rendered says so where it is used
	if id, ok := e.text.BOS(); ok {
		if t, ok := e.text.Token(id); ok {
			b.BOS = &t
		}
	}
	for _, id := range e.text.Ends() {
		if t, ok := e.text.Token(id); ok {
			b.Ends = append(b.Ends, t)
		}
	}
	return b, nil, nil
}
