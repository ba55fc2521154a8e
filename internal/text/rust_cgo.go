//go:build cgo

package text

import (
	"github.com/daulet/tokenizers"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
)

// defaultLibrary is what encodes and decodes unless the environment says otherwise.
const defaultLibrary = "daulet"

// rust makes instances of the Rust library, which recognizes either every marker of a text or none.
type rust struct{ data []byte }

func openRust(file *bpe.File) (opener, error) {
	data, err := file.JSON()
	if err != nil {
		return nil, badFile("tokenizer.json", err)
	}
	return rust{data}, nil
}

func (r rust) marked() (library, error)  { return load(r.data) }
func (r rust) literal() (library, error) { return load(r.data, tokenizers.WithEncodeSpecialTokens()) }

func (r rust) named(markers []string) (library, error) {
	data, err := renamed(r.data, markers)
	if err != nil {
		return nil, err
	}
	return load(data)
}

// native is one instance.
type native struct{ t *tokenizers.Tokenizer }

func load(data []byte, options ...tokenizers.TokenizerOption) (library, error) {
	t, err := tokenizers.FromBytes(data, options...)
	if err != nil {
		return nil, err
	}
	return &native{t}, nil
}

func (n *native) encode(s string, special bool) ([]bpe.Token, error) {
	e, err := n.t.EncodeWithOptionsErr(s, special, tokenizers.WithReturnOffsets())
	if err != nil {
		return nil, err
	}
	out := make([]bpe.Token, len(e.IDs))
	for i, id := range e.IDs {
		out[i] = bpe.Token{ID: int32(id), Start: int(e.Offsets[i][0]), End: int(e.Offsets[i][1])}
	}
	return out, nil
}

func (n *native) decode(ids []int32) (string, error) {
	u := make([]uint32, len(ids))
	for i, id := range ids {
		u[i] = uint32(id)
	}
	return n.t.DecodeErr(u, false)
}

func (n *native) close() error { return n.t.Close() }
