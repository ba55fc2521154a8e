package golden

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// tokenizer compares how one text is read: ids with what the tokenizer adds, ids without, and the text of the latter.
func (c *check) tokenizer(n node) {
	text := n.get("text").str()
	if want := n.get("ids"); want.exists() {
		tokens, err := c.model.Tokens(text).Run(c.ctx)
		var got []int32
		if err == nil {
			got = tokens.IDs()
		}
		same(c, "ids", want.source(), want.ids(), got, err)
	}
	if want := n.get("idsPlain"); want.exists() {
		tokens, err := c.target.Text.Encode(text, engine.Encoding{Markers: true})
		same(c, "ids, nothing added", want.source(), want.ids(), idsOf(tokens), err)
		if want := n.get("decoded"); want.exists() {
			var got string
			if err == nil {
				got, err = c.target.Text.Decode(idsOf(tokens))
			}
			same(c, "decoded", want.source(), []string{want.str()}, []string{got}, err)
		}
	}
}

// reading compares how a prompt is read: ids, pieces, and the pieces of target and counterfactual.
func (c *check) reading(p prompt) {
	tokens, err := c.model.Tokens(p.text).Run(c.ctx)
	var ids []int32
	var pieces []string
	if err == nil {
		ids, pieces = tokens.IDs(), piecesOf(tokens.All())
	}
	same(c, "ids", p.get("ids").source(), p.ids, ids, err)
	if want := p.get("tokens"); want.exists() {
		same(c, "tokens", want.source(), want.strs(), pieces, err)
	}
	for _, key := range []string{"target", "counterfactual"} {
		n := p.get(key)
		if !n.get("id").exists() {
			continue
		}
		t, ok := c.target.Text.Token(int32(n.get("id").integer()))
		if !n.get("token").exists() && !ok { // neither has a token
			same(c, key, n.get("token").source(), []string{""}, []string{""}, nil)
			continue
		}
		var err error
		if !ok {
			err = fmt.Errorf("the vocabulary has no such id")
		}
		same(c, key, n.get("token").source(), []string{n.get("token").str()}, []string{t.Piece}, err)
	}
}

func idsOf(ts []engine.Token) []int32 {
	out := make([]int32, len(ts))
	for i, t := range ts {
		out[i] = t.ID
	}
	return out
}

func piecesOf(ts []engine.Token) []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = t.Piece
	}
	return out
}
