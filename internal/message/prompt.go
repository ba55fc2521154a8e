package message

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Prompt is a prompt as it stands in a request: raw text, one exchange of a chat, or the ids of tokens, which no text need
// stand for. Without any it is what the prompts of a whole task share.
type Prompt struct {
	Text    string  `json:"text"`
	Chat    bool    `json:"chat"`
	System  string  `json:"system"`
	Prefill string  `json:"prefill"`
	IDs     []int32 `json:"ids,omitempty"` // in place of all the above
}

// InChat returns the prompt as a user's turn.
func (p Prompt) InChat() Prompt { p.Chat = true; return p }

// WithSystem returns the prompt after a system prompt.
func (p Prompt) WithSystem(s string) Prompt { p.Chat, p.System = true, s; return p }

// WithPrefill returns the prompt with the beginning of its answer.
func (p Prompt) WithPrefill(s string) Prompt { p.Chat, p.Prefill = true, s; return p }

// Sharing gives a prompt the chat settings of a whole task, where it has none of its own.
func (p Prompt) Sharing(all Prompt) Prompt {
	p.Chat = p.Chat || all.Chat
	if p.System == "" {
		p.System = all.System
	}
	if p.Prefill == "" {
		p.Prefill = all.Prefill
	}
	return p
}

// Texts returns texts as prompts with the chat settings of p.
func (p Prompt) Texts(texts []string) []Prompt {
	out := make([]Prompt, len(texts))
	for i, s := range texts {
		p.Text = s
		out[i] = p
	}
	return out
}

// checkAlone reports the mistakes of a task's own prompt that can be seen without a tokenizer. An empty one is none where
// the tokenizer puts a BOS before every text: then it is that BOS.
func (p Prompt) checkAlone() error {
	if p.Text == "" && p.Chat {
		return engine.Mistake(engine.EmptyPrompt, "the prompt is empty").Try("give the text that the model is to answer")
	}
	if len(p.IDs) > 0 {
		return p.checkIDs()
	}
	return errors.Join(CheckText("the prompt", p.Text), CheckText("the system prompt", p.System), CheckText("the prefill", p.Prefill))
}

// check is checkAlone for one of many prompts: an empty one is a hole in the data.
func (p Prompt) check() error {
	if len(p.IDs) > 0 {
		return p.checkIDs()
	}
	if p.Text == "" {
		return engine.Mistake(engine.EmptyPrompt, "the prompt is empty").Try("give the text that the model is to continue")
	}
	return p.checkAlone()
}

// equals reports whether two prompts are one.
func (p Prompt) equals(q Prompt) bool {
	return p.Text == q.Text && p.Chat == q.Chat && p.System == q.System && p.Prefill == q.Prefill && slices.Equal(p.IDs, q.IDs)
}

// checkIDs reports a prompt of ids that is a text, too.
func (p Prompt) checkIDs() error {
	if p.Chat || p.Text != "" || p.System != "" || p.Prefill != "" {
		return engine.Mistake(engine.BadRequest, "the prompt is both ids and a text").Try(engine.TryOneVersion)
	}
	return nil
}

// CheckText reports a text that JSON, and so a request, cannot hold as it is: invalid bytes would be replaced silently.
func CheckText(what, s string) error {
	if !utf8.ValidString(s) {
		return engine.Mistake(engine.BadText, "%s %q is not UTF-8", what, s).Try("convert the text to UTF-8")
	}
	return nil
}

// checkTexts reports what is wrong with a list of texts.
func checkTexts(texts []Prompt) error {
	if len(texts) == 0 {
		return engine.Mistake(engine.BadSetting, "there are no texts").Try("give some, e.g. steer.DiverseTexts()...")
	}
	var list Mistakes
	for i, p := range texts {
		list.Add(TextName(i), p.check())
	}
	return list.Join()
}

// TextName names one of the texts of a task for people.
func TextName(i int) string { return fmt.Sprintf("text %d", i+1) }
