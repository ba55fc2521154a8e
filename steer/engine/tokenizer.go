package engine

import (
	"encoding/hex"
	"fmt"
	"unicode/utf8"
)

// A Token is a piece of a text as the model reads it.
type Token struct {
	ID      int32  `json:"id"`
	Piece   string `json:"piece"`             // the vocabulary's spelling, e.g. "ĠParis"
	Text    string `json:"text"`              // what it stands for, e.g. " Paris"; part of a character shows as U+FFFD
	Start   int    `json:"start"`             // byte offsets [Start,End) in the text; those of a split character overlap
	End     int    `json:"end"`               //
	Special bool   `json:"special,omitempty"` // a marker such as <s>, not text
	Raw     string `json:"raw,omitempty"`     // its bytes in hexadecimal, where it is part of a character
}

// Unnamed returns the token of an id that has no text: padded embeddings have rows that no text means. It is shown as
// <id 289>.
func Unnamed(id int32) Token {
	name := fmt.Sprintf("<id %d>", id)
	return Token{ID: id, Piece: name, Text: name}
}

// Bytes returns what the token stands for, byte for byte: of part of a character these bytes, which are no text. Quoted, they
// say more of a token that stands alone than U+FFFD does.
func (t Token) Bytes() string {
	if b, err := hex.DecodeString(t.Raw); err == nil && t.Raw != "" {
		return string(b)
	}
	return t.Text
}

// Texts returns the text of each token as people read it: a character whose bytes are spread over several tokens stands
// with the first of them, and the others are empty. Bytes that make no character stay U+FFFD.
func Texts(ts []Token) []string {
	out := make([]string, len(ts))
	for i := 0; i < len(ts); {
		n, s := shared(ts[i:])
		out[i] = s
		i += n
	}
	return out
}

// Labels returns the text of each token for an axis or a table, where each needs a name of its own: as Texts, but a
// character whose bytes are spread over several tokens stands with each, which says what part it is, e.g. 巴[1/2], 巴[2/2].
func Labels(ts []Token) []string {
	out := make([]string, len(ts))
	for i := 0; i < len(ts); {
		n, s := shared(ts[i:])
		for k := range n {
			if out[i+k] = s; n > 1 {
				out[i+k] = fmt.Sprintf("%s[%d/%d]", s, k+1, n)
			}
		}
		i += n
	}
	return out
}

// maxShared is over how many tokens bytes are joined: a character has four bytes, and a token may end one and begin another.
const maxShared = 16

// shared returns how many of the first tokens have whole characters only when taken together, and their text.
func shared(ts []Token) (n int, text string) {
	var all []byte
	for n < min(len(ts), maxShared) && ts[n].Raw != "" {
		part, err := hex.DecodeString(ts[n].Raw)
		if err != nil {
			break
		}
		all = append(all, part...)
		if n++; utf8.Valid(all) {
			return n, string(all)
		}
	}
	return 1, ts[0].Text
}

// A Tokenizer turns text into ids and back. It is safe for concurrent use.
type Tokenizer interface {
	// Encode returns the tokens of s. An s that is not UTF-8 or holds a NUL byte is an error with the code BadText.
	Encode(s string, how Encoding) ([]Token, error)
	// Decode returns the text of ids, markers included. An id without a token is spelled as Unnamed does; a negative one is
	// an error.
	Decode(ids []int32) (string, error)
	// DecodeNew returns the text that ids add to tokens before them. It differs from Decode where a tokenizer puts a space
	// before every text, which Decode takes away again: the space of new tokens is their own.
	DecodeNew(ids []int32) (string, error)
	// Token returns one token of the vocabulary; its offsets are zero. ok is false for an id without one, of which t is
	// Unnamed.
	Token(id int32) (t Token, ok bool)
	// BOS returns the token that the tokenizer itself puts before a text; ok is false when there is none.
	BOS() (id int32, ok bool)
	// Ends returns the ids that end a generation.
	Ends() []int32
	// Warnings returns what a reader must know of how raw texts are read, e.g. where the model's files contradict each
	// other on a BOS.
	Warnings() []Warning
	// Chat renders one exchange by the model's chat template and reads it: markers of the template are recognized, the
	// contents are read literally, BOS is never doubled. ok is false when the model has no template.
	Chat(c Conversation) (ts []Token, ok bool, err error)
}

// Encoding says how a text is read. The zero value reads it literally: no marker is added and none is recognized.
type Encoding struct {
	Markers bool // recognize markers such as <|im_start|> in the text
	Special bool // add what the tokenizer's post-processor adds, e.g. BOS
	Literal int  // how many bytes at the end of the text hold no marker, whatever Markers says
}

// Conversation is what a chat template renders: a system prompt if any, one user's turn, and the beginning of the answer.
type Conversation struct {
	System  string // empty: whatever the template itself says
	User    string
	Prefill string // the answer so far, which the model continues
}
