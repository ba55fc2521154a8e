package steer

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/tabular"
)

// A turn is one message of a chat.
type turn struct{ role, text string }

// messagesOf reads a chat: [{"role": "user", "content": "…"}, …], or with the keys from and value, as ShareGPT has them.
func messagesOf(raw json.RawMessage) ([]turn, error) {
	var list []struct {
		Role    string          `json:"role"`
		From    string          `json:"from"`
		Content json.RawMessage `json:"content"`
		Value   json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, errors.New(`a chat is a list of {"role": "user", "content": "…"}`)
	}
	turns := make([]turn, len(list))
	for i, m := range list {
		role, content := m.Role+m.From, m.Content
		if content == nil {
			content = m.Value
		}
		text, err := contentOf(content)
		if err != nil {
			return nil, fmt.Errorf("message %d: %w", i+1, err)
		}
		switch role {
		case "system", "developer":
			turns[i] = turn{"system", text}
		case "user", "human":
			turns[i] = turn{"user", text}
		case "assistant", "gpt", "model":
			turns[i] = turn{"assistant", text}
		default:
			return nil, fmt.Errorf("message %d has the role %q, which is none of system, user and assistant", i+1, role)
		}
	}
	return turns, nil
}

// contentOf is a message's text: a string, or a list of parts that are all texts.
func contentOf(raw json.RawMessage) (string, error) {
	var text string
	if raw != nil && json.Unmarshal(raw, &text) == nil {
		return text, nil
	}
	var parts []struct {
		Type string  `json:"type"`
		Text *string `json:"text"`
	}
	if raw == nil || json.Unmarshal(raw, &parts) != nil {
		return "", errors.New("it has no content that is a text")
	}
	var all strings.Builder
	for _, p := range parts {
		if p.Text == nil {
			return "", fmt.Errorf("it holds a part of type %q, which is no text", p.Type)
		}
		all.WriteString(*p.Text)
	}
	return all.String(), nil
}

// chat fills an example from a chat of one turn: what the system and the user say, and the assistant's answer, which is the
// target, or, where the row has a target of its own, what the answer begins with.
func (r *rowReading) chat(e *Example, c tabular.Cell) {
	raw, ok := c.(json.RawMessage)
	if !ok {
		raw = json.RawMessage(fmt.Sprint(c)) // a column of CSV that holds JSON
	}
	turns, err := messagesOf(raw)
	if err != nil {
		r.bad("%s: %v", r.a.taken["messages"], err)
		return
	}
	if r.has("prompt") {
		r.bad("it has both a prompt and messages")
		return
	}
	e.Chat = true
	if len(turns) > 0 && turns[0].role == "system" {
		e.System, turns = turns[0].text, turns[1:]
	}
	switch {
	case len(turns) == 0 || turns[0].role != "user":
		r.bad("the chat has no message of the user after that of the system")
		return
	case len(turns) > 2 || len(turns) == 2 && turns[1].role != "assistant":
		r.bad("the chat has %d messages after that of the system; an example has one of the user and at most one of the assistant", len(turns))
		return
	}
	e.Prompt = turns[0].text
	if len(turns) == 2 && r.has("target") {
		e.Prefill += turns[1].text
	} else if len(turns) == 2 {
		e.Target = turns[1].text
	}
}
