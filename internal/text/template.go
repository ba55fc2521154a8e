package text

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// A chatConfig is what tokenizer_config.json says about chats.
type chatConfig struct {
	template string            // Jinja; empty when the model has none
	tokens   map[string]string // the special tokens that a template may write by name, e.g. bos_token
}

// specialTokens are the names under which tokenizer_config.json has special tokens, and templates use them.
var specialTokens = []string{"bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"}

// readChatConfig reads the template and the special tokens out of tokenizer_config.json, which may be empty.
func readChatConfig(data []byte) (chatConfig, error) {
	c := chatConfig{tokens: map[string]string{}}
	if len(data) == 0 {
		return c, nil
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &fields); err != nil {
		return c, badFile("tokenizer_config.json", err)
	}
	var errs []error
	for _, name := range specialTokens {
		text, err := tokenText(fields[name])
		if err != nil {
			errs = append(errs, badFile("tokenizer_config.json", fmt.Errorf("%s: %w", name, err)))
		} else if text != "" {
			c.tokens[name] = text
		}
	}
	var err error
	if c.template, err = templateText(fields["chat_template"]); err != nil {
		errs = append(errs, badFile("tokenizer_config.json", fmt.Errorf("chat_template: %w", err)))
	}
	return c, errors.Join(errs...)
}

// none reports whether a field is absent or null.
func none(raw json.RawMessage) bool { return len(raw) == 0 || bytes.Equal(raw, []byte("null")) }

// tokenText reads a special token: its text, or an object with the text as "content".
func tokenText(raw json.RawMessage) (string, error) {
	if none(raw) {
		return "", nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text, nil
	}
	var object struct {
		Content *string `json:"content"`
	}
	if err := json.Unmarshal(raw, &object); err != nil || object.Content == nil {
		return "", errors.New(`it is neither a text nor an object with "content"`)
	}
	return *object.Content, nil
}

// templateText reads chat_template: one template, or several with names, of which "default" is the one for a chat.
func templateText(raw json.RawMessage) (string, error) {
	if none(raw) {
		return "", nil
	}
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text, nil
	}
	var list []struct{ Name, Template string }
	if json.Unmarshal(raw, &list) != nil {
		return "", errors.New("it is neither a text nor a list of templates")
	}
	for _, t := range list {
		if t.Name == "default" {
			return t.Template, nil
		}
	}
	return "", errors.New(`none of its templates is named "default"`)
}
