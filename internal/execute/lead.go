package execute

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A lead is what a looked-up text follows: the prompt whose next token it may be. Which tokens a text is depends on what
// stands before it: a tokenizer that puts ▁ before every text (Llama 2, Mistral) would put one before a target, too, and
// "x" after "f(" is not the "▁x" that it is alone.
type lead struct {
	text   engine.Tokenizer
	prompt message.Prompt
	before []int32 // the prompt's tokens, without what a post-processor adds
	known  bool    // false: nothing is known of what stands before
}

// leadOf returns what follows the prompt.
func leadOf(e *env, p message.Prompt) lead {
	l := lead{text: e.text, prompt: p}
	if tooLong(e, p) != nil || len(p.IDs) > 0 { // what ids stand for is not read again
		return l
	}
	if ts, err := l.read(""); err == nil { // the prompt's own mistakes are reported by who reads it
		l.before, l.known = message.IDs(ts), true
	}
	return l
}

// at returns what follows position p of the prompt's n tokens, negative from the end. Inside a chat that is not known,
// for its tokens are the template's.
func (l lead) at(e *env, p int, tokens []engine.Token) lead {
	n := len(tokens)
	if p < 0 {
		p += n
	}
	if p == n-1 || n == 0 {
		return l
	}
	if l.prompt.Chat || len(l.prompt.IDs) > 0 || p < 0 || p >= n || tokens[p].End > len(l.prompt.Text) {
		return lead{text: l.text}
	}
	return leadOf(e, message.Prompt{Text: l.prompt.Text[:tokens[p].End]})
}

// read returns the tokens of the prompt and s, read as one text. Markers in s are text.
func (l lead) read(s string) ([]engine.Token, error) {
	p := l.prompt
	if !p.Chat {
		return l.text.Encode(p.Text+s, engine.Encoding{Markers: true, Literal: len(s)})
	}
	ts, ok, err := l.text.Chat(engine.Conversation{System: p.System, User: p.Text, Prefill: p.Prefill + s})
	if err == nil && !ok {
		err = engine.Mistake(engine.BadSetting, "this model has no chat template")
	}
	return ts, err
}

// next returns the tokens that s has after the prompt: those that follow the prompt's own when both are read as one text.
// joined is what the tokens around the boundary hold where the tokenizer merges the two, so that the model reads the
// prompt's tokens and then those of s as it rarely saw them.
func (l lead) next(s string) (ts []engine.Token, joined string, err error) {
	if !l.known {
		ts, err = alone(l.text, s)
		return ts, "", err
	}
	all, err := l.read(s)
	if err != nil {
		return nil, "", err
	}
	if ts, ok := follows(all, l.before); ok {
		return ts, "", nil
	}
	same := 0
	for same < len(l.before) && same < len(all) && all[same].ID == l.before[same] {
		same++
	}
	merged := all[min(same, len(all)):]
	ts, err = alone(l.text, s)
	return ts, strings.Join(engine.Texts(merged[:min(len(merged), 1)]), ""), err
}

// follows cuts the tokens of before off all; ok is false when all does not begin with them.
func follows(all []engine.Token, before []int32) (rest []engine.Token, ok bool) {
	if len(all) < len(before) || !slices.Equal(message.IDs(all[:len(before)]), before) {
		return nil, false
	}
	return all[len(before):], true
}

// others are texts that s may be read after when nothing is known of what stands before it: what few tokens begin with.
var others = []string{"\n", ")", ":", "a", "0"}

// alone returns the tokens of s as of a text that goes on: without what the tokenizer puts before every text.
func alone(text engine.Tokenizer, s string) ([]engine.Token, error) {
	ts, err := text.Encode(s, engine.Encoding{})
	if err != nil {
		return nil, err
	}
	faithful := func(ts []engine.Token) bool {
		got, err := text.DecodeNew(message.IDs(ts))
		return err == nil && got == s
	}
	if faithful(ts) {
		return ts, nil
	}
	for _, o := range others {
		before, err := text.Encode(o, engine.Encoding{})
		if err != nil {
			continue
		}
		all, err := text.Encode(o+s, engine.Encoding{})
		if err != nil {
			continue
		}
		if rest, ok := follows(all, message.IDs(before)); ok && faithful(rest) {
			return rest, nil
		}
	}
	return ts, nil
}

// boundary warns that the prompt and what follows it are merged when read as one text.
func boundary(where, s, joined string) engine.Warning {
	advice := "let the prompt end where the model's own tokens end, mostly before a space, and begin " + where + " with that space"
	return engine.Warning{Code: "boundary", Text: fmt.Sprintf("the prompt and the %s %s are not read apart: together they have the token %s; %s",
		where, strconv.Quote(s), strconv.Quote(joined), advice)}
}
