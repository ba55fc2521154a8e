//go:build cgo

package text

import "github.com/daulet/tokenizers"

// native is one instance of the Rust library. It may be used by several goroutines at once.
type native struct{ t *tokenizers.Tokenizer }

// openNative loads a tokenizer.json. When literal is set, markers in a text are ordinary characters.
func openNative(data []byte, literal bool) (*native, error) {
	var options []tokenizers.TokenizerOption
	if literal {
		options = append(options, tokenizers.WithEncodeSpecialTokens())
	}
	t, err := tokenizers.FromBytes(data, options...)
	if err != nil {
		return nil, err
	}
	return &native{t}, nil
}

// span is an id and the bytes [start,end) of the text that it came from.
type span struct{ id, start, end int }

// encode returns the tokens of s, which must be UTF-8 without NUL bytes.
func (n *native) encode(s string, special bool) ([]span, error) {
	e, err := n.t.EncodeWithOptionsErr(s, special, tokenizers.WithReturnOffsets())
	if err != nil {
		return nil, err
	}
	spans := make([]span, len(e.IDs))
	for i, id := range e.IDs {
		spans[i] = span{id: int(id), start: int(e.Offsets[i][0]), end: int(e.Offsets[i][1])}
	}
	return spans, nil
}

// decode returns the text of ids, which must be in the vocabulary.
func (n *native) decode(ids []int32) (string, error) {
	u := make([]uint32, len(ids))
	for i, id := range ids {
		u[i] = uint32(id)
	}
	return n.t.DecodeErr(u, false)
}

func (n *native) close() error { return n.t.Close() }
