package execute

import (
	"strconv"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A vocabulary is the tokenizer of a model with V logits, as tasks use it: ids are numbers below V first, whether or not
// they have a text. Padded embeddings have more ids than the tokenizer has tokens, and some tokenizers have added tokens
// past the embeddings; an id outside the model is an error here, before it reaches an engine or a result.
type vocabulary struct {
	engine.Tokenizer
	size int // V
}

// Token returns the token of an id, Unnamed where the tokenizer has none. ok is false for an id outside the model.
func (v vocabulary) Token(id int32) (engine.Token, bool) {
	if id < 0 || int(id) >= v.size {
		return engine.Unnamed(id), false
	}
	t, ok := v.Tokenizer.Token(id)
	if !ok {
		return engine.Unnamed(id), true
	}
	return t, true
}

// Encode refuses a text with a token that the model has no logit for.
func (v vocabulary) Encode(s string, how engine.Encoding) ([]engine.Token, error) {
	ts, err := v.Tokenizer.Encode(s, how)
	if err != nil {
		return nil, err
	}
	return ts, v.check(ts)
}

// Chat is like Encode.
func (v vocabulary) Chat(c engine.Conversation) ([]engine.Token, bool, error) {
	ts, ok, err := v.Tokenizer.Chat(c)
	if err != nil {
		return nil, ok, err
	}
	return ts, ok, v.check(ts)
}

// BOS is none where the model has no such id.
func (v vocabulary) BOS() (int32, bool) {
	id, ok := v.Tokenizer.BOS()
	return id, ok && int(id) < v.size
}

// Decode refuses ids outside the model.
func (v vocabulary) Decode(ids []int32) (string, error) {
	if err := v.checkIDs(ids); err != nil {
		return "", err
	}
	return v.Tokenizer.Decode(ids)
}

// DecodeNew is like Decode.
func (v vocabulary) DecodeNew(ids []int32) (string, error) {
	if err := v.checkIDs(ids); err != nil {
		return "", err
	}
	return v.Tokenizer.DecodeNew(ids)
}

func (v vocabulary) check(ts []engine.Token) error {
	for _, t := range ts {
		if int(t.ID) >= v.size || t.ID < 0 {
			return engine.Mistake(engine.NotOneToken, "the text holds %s, whose id is %d, but the model has logits for %d tokens", strconv.Quote(t.Text), t.ID, v.size).
				Try("leave it out: the tokenizer knows this token, the model does not")
		}
	}
	return nil
}

func (v vocabulary) checkIDs(ids []int32) error {
	for _, id := range ids {
		if int(id) >= v.size || id < 0 {
			return engine.Mistake(engine.NotOneToken, "the id %d is outside the vocabulary of %d", id, v.size).Try("use 0 to %d", v.size-1)
		}
	}
	return nil
}
