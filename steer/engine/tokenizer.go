package engine

// A Token is a piece of a text as the model reads it.
type Token struct {
	ID      int32  `json:"id"`
	Piece   string `json:"piece"`             // the vocabulary's spelling, e.g. "ĠParis"
	Text    string `json:"text"`              // what it stands for, e.g. " Paris"; part of a character shows as U+FFFD
	Start   int    `json:"start"`             // byte offsets [Start,End) in the text; those of a split character overlap
	End     int    `json:"end"`               //
	Special bool   `json:"special,omitempty"` // a marker such as <s>, not text
}

// A Tokenizer turns text into ids and back. It is safe for concurrent use.
type Tokenizer interface {
	// Encode returns the tokens of s. An s that is not UTF-8 or holds a NUL byte is an error with the code BadText.
	Encode(s string, how Encoding) ([]Token, error)
	// Decode returns the text of ids, markers included. An id outside the vocabulary is an error.
	Decode(ids []int32) (string, error)
	// Token returns one token of the vocabulary; its offsets are zero. ok is false for an id outside the vocabulary.
	Token(id int32) (t Token, ok bool)
	// BOS returns the token that the tokenizer itself puts before a text; ok is false when there is none.
	BOS() (id int32, ok bool)
	// Ends returns the ids that end a generation.
	Ends() []int32
	// Chat renders one exchange by the model's chat template and reads it: markers of the template are recognized, the
	// contents are read literally, BOS is never doubled. ok is false when the model has no template.
	Chat(c Conversation) (ts []Token, ok bool, err error)
}

// Encoding says how a text is read. The zero value reads it literally: no marker is added and none is recognized.
type Encoding struct {
	Markers bool // recognize markers such as <|im_start|> in the text
	Special bool // add what the tokenizer's post-processor adds, e.g. BOS
}

// Conversation is what a chat template renders: a system prompt if any, one user's turn, and the beginning of the answer.
type Conversation struct {
	System  string // empty: whatever the template itself says
	User    string
	Prefill string // the answer so far, which the model continues
}
