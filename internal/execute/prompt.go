package execute

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// readAll tokenizes prompts; the mistakes of all of them are joined, each named by what it belongs to. The warnings are
// those of the first prompt that has any.
func readAll(e *env, prompts []message.Prompt, name func(i int) string) (tokens [][]engine.Token, ws []engine.Warning, err error) {
	var errs message.Mistakes
	for i, p := range prompts {
		ts, w, err := readPrompt(e, p, 0)
		errs.Add(name(i), err)
		if len(ws) == 0 {
			ws = w
		}
		tokens = append(tokens, ts)
	}
	return tokens, ws, errs.Join()
}

// readPrompt tokenizes the prompt. In a raw one markers are recognized and what the tokenizer adds is added once; a chat's
// contents are read literally. room is the number of tokens that will follow.
func readPrompt(e *env, p message.Prompt, room int) ([]engine.Token, []engine.Warning, error) {
	ts, ws, err := promptTokens(e, p)
	if err != nil {
		return nil, nil, err
	}
	if len(ts) == 0 {
		if p.Text == "" {
			return nil, nil, engine.Mistake(engine.EmptyPrompt, "the prompt is empty, and this model's tokenizer puts no token before a text").
				Try("give the text that the model is to continue")
		}
		return nil, nil, engine.Mistake(engine.EmptyPrompt, "the prompt %q has no token in this vocabulary", p.Text).
			Try("give a text with letters, digits or punctuation")
	}
	most := e.Shape().Positions
	if room > most-len(ts) { // not len(ts)+room, which a huge room overflows
		n := len(ts) + room
		long := engine.Mistake(engine.PromptTooLong, "the prompt of %d tokens and %d new ones make %d, but the model's context holds %d",
			len(ts), room, n, most)
		if room == 0 {
			long = engine.Mistake(engine.PromptTooLong, "the prompt has %d tokens, but the model's context holds %d", len(ts), most)
		}
		return nil, nil, long.Try("shorten the prompt by %d tokens%s", n-most, map[bool]string{true: " or lower MaxTokens"}[room > 0])
	}
	return ts, ws, nil
}

// mostTokenBytes is more than any tokenizer's tokens have in the mean of a text: a text with more bytes for each position of
// the context is too long whatever its tokens are, and is not read to find that out.
const mostTokenBytes = 256

// tooLong reports a prompt that cannot fit, by its bytes.
func tooLong(e *env, p message.Prompt) error {
	most := e.Shape().Positions
	if n := len(p.Text) + len(p.System) + len(p.Prefill); n/mostTokenBytes > most {
		return engine.Mistake(engine.PromptTooLong, "the prompt has %d bytes, but the model's context holds %d tokens", n, most).
			Try("shorten the prompt to some %d characters", 4*most)
	}
	return nil
}

func promptTokens(e *env, p message.Prompt) ([]engine.Token, []engine.Warning, error) {
	if err := tooLong(e, p); err != nil {
		return nil, nil, err
	}
	if len(p.IDs) > 0 {
		ts, err := tokensOf(e, p.IDs)
		return ts, nil, err
	}
	if p.Chat {
		ts, ok, err := e.text.Chat(engine.Conversation{System: p.System, User: p.Text, Prefill: p.Prefill})
		if err != nil {
			return nil, nil, fmt.Errorf("chat: %w", err)
		}
		if !ok {
			return nil, nil, engine.Mistake(engine.BadSetting, "this model has no chat template").Try("leave out Chat, System and Prefill")
		}
		return ts, nil, nil
	}
	ts, err := e.text.Encode(p.Text, engine.Encoding{Markers: true, Special: true})
	if err != nil {
		return nil, nil, fmt.Errorf("prompt: %w", err)
	}
	ws := e.text.Warnings()
	_, adds := e.text.BOS()
	for i, t := range ts {
		if t.Special && !(i == 0 && adds) {
			ws = append(ws, engine.Warning{Code: "markers", Text: fmt.Sprintf("the prompt contains the marker %s, which was read as one token, not as text", t.Text)})
			break
		}
	}
	return ts, ws, nil
}

// tokensOf returns the tokens of ids as they stand.
func tokensOf(e *env, ids []int32) ([]engine.Token, error) {
	ts := make([]engine.Token, len(ids))
	for i, id := range ids {
		if id < 0 || int(id) >= e.Shape().Vocab {
			return nil, engine.Mistake(engine.BadSetting, "the id %d is outside this model's vocabulary of %d", id, e.Shape().Vocab).Try("use ids of this model's tokenizer")
		}
		ts[i], _ = e.text.Token(id)
	}
	return ts, nil
}

// startsWithBOS reports whether the first token is the one that the tokenizer itself puts before a text. A role marker
// that merely has the same id does not count, since there the tokenizer adds nothing.
func startsWithBOS(e *env, ts []engine.Token) bool {
	id, ok := e.text.BOS()
	return ok && len(ts) > 0 && ts[0].ID == id
}
