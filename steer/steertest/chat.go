package steertest

import (
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Chat implements engine.Tokenizer. The template is <s>system</s>user</s>prefill; PlainText has none.
func (x text) Chat(c engine.Conversation) ([]engine.Token, bool, error) {
	if x.plain {
		return nil, false, nil
	}
	var ts []engine.Token
	at := 0
	for i, part := range []string{c.System, c.User, c.Prefill} {
		marker := word(map[bool]int32{true: BOS, false: End}[i == 0])
		marker.Start, marker.End = at, at+len(marker.Text)
		ts, at = append(ts, marker), marker.End
		read, err := x.Encode(part, engine.Encoding{})
		if err != nil {
			return nil, true, err
		}
		for _, t := range read {
			t.Start, t.End = t.Start+at, t.End+at
			ts = append(ts, t)
		}
		at += len(part)
	}
	return ts, true, nil
}
