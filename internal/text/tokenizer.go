package text

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Tokenizer is a model's tokenizer. It is a steer.Text, safe for concurrent use.
type Tokenizer struct {
	vocab          *vocab
	ends           []int32
	prefix, suffix []int32      // what the post-processor adds before and after a text
	anchor         func() int32 // an ordinary token, after which new ones are decoded; −1 without one

	mu      sync.RWMutex // held for reading while the library works, so that Close waits
	closed  bool
	marked  library // recognizes markers
	literal lazy    // does not; loaded when a literal text first holds one
	named   lazy    // recognizes markers by other names; loaded when a chat's contents first hold one

	template renderer
	warnings []engine.Warning
}

// lazy is an instance that is loaded when it is first needed: most texts hold no marker, and a large vocabulary takes
// seconds and hundreds of megabytes.
type lazy struct {
	mu   sync.Mutex
	load func() (library, error)
	n    library
}

func (l *lazy) get() (library, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.n != nil {
		return l.n, nil
	}
	n, err := l.load()
	if err == nil {
		l.n, l.load = n, nil
	}
	return n, err
}

func (l *lazy) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.n == nil {
		return nil
	}
	return l.n.close()
}

var _ engine.Tokenizer = (*Tokenizer)(nil)

// New makes a tokenizer from the contents of tokenizer.json, of tokenizer_config.json (which may be empty) and the ids
// that end a generation. Files that are damaged, and ends outside the vocabulary, are errors with the code BadModel.
func New(tokenizerJSON, tokenizerConfig []byte, ends []int32) (*Tokenizer, error) {
	chat, err := readChatConfig(tokenizerConfig)
	if err != nil {
		return nil, err
	}
	file, err := sound(tokenizerJSON, tokenizerConfig)
	if err != nil {
		return nil, badFile("tokenizer.json", err)
	}
	v, err := readVocab(file)
	if err != nil {
		return nil, err
	}
	for _, id := range ends {
		if _, ok := v.lookup(id); !ok {
			return nil, engine.Errorf(engine.BadModel, "generation_config.json", "eos_token_id %d is not a token of tokenizer.json", id).
				Try("get the model's files again")
		}
	}
	from, err := openFile(file)
	if err != nil {
		return nil, err
	}
	marked, err := from.marked()
	if err != nil {
		return nil, loadError(err)
	}
	t := &Tokenizer{vocab: v, ends: slices.Clone(ends), anchor: sync.OnceValue(v.ordinary), marked: marked, template: renderer{chat: chat}}
	t.literal.load = from.literal
	t.named.load = func() (library, error) { return from.named(v.markers) }
	if t.prefix, t.suffix, err = added(marked); err != nil {
		return nil, errors.Join(badFile("tokenizer.json", err), t.Close())
	}
	if n := len(t.prefix) + len(t.suffix); n > maxProcessed {
		return nil, errors.Join(badFile("tokenizer.json", fmt.Errorf("its post-processor adds %d tokens to every text", n)), t.Close())
	}
	t.warnings = t.contradictions(tokenizerConfig)
	return t, nil
}

// added finds what the post-processor puts around a text, by looking at one.
func added(n library) (prefix, suffix []int32, err error) {
	const sample = "a"
	plain, err := n.encode(sample, false)
	if err != nil {
		return nil, nil, err
	}
	full, err := n.encode(sample, true)
	if err != nil {
		return nil, nil, err
	}
	for i := 0; len(plain) > 0 && i+len(plain) <= len(full); i++ {
		if slices.Equal(ids(full[i:i+len(plain)]), ids(plain)) {
			return ids(full[:i]), ids(full[i+len(plain):]), nil
		}
	}
	return nil, nil, nil // a text of which nothing is left has nothing around it
}

func ids(spans []bpe.Token) []int32 {
	out := make([]int32, len(spans))
	for i, s := range spans {
		out[i] = s.ID
	}
	return out
}

// library returns the instance to use. The caller holds t.mu.
func (t *Tokenizer) library(literal bool) (library, error) {
	if t.closed {
		return nil, engine.Errorf(engine.BadSetting, "tokenizer", "it is closed").Try("open the model again")
	}
	if !literal {
		return t.marked, nil
	}
	n, err := t.literal.get()
	if err != nil {
		return nil, badFile("tokenizer.json", err)
	}
	return n, nil
}

// Token returns one token of the vocabulary; its offsets are zero. ok is false for an id without one.
func (t *Tokenizer) Token(id int32) (engine.Token, bool) {
	e, ok := t.vocab.lookup(id)
	if !ok {
		return engine.Unnamed(id), false
	}
	tok := engine.Token{ID: id, Piece: e.piece, Text: printable(e.bytes), Special: e.special}
	if tok.Text != e.bytes {
		tok.Raw = hex.EncodeToString([]byte(e.bytes))
	}
	return tok, true
}

// BOS returns the token that the post-processor puts before a text; ok is false when there is none.
func (t *Tokenizer) BOS() (id int32, ok bool) {
	if len(t.prefix) == 0 {
		return 0, false
	}
	return t.prefix[0], true
}

// Ends returns the ids that end a generation.
func (t *Tokenizer) Ends() []int32 { return slices.Clone(t.ends) }

// Close frees the memory of the library. It waits for calls that are under way; later ones are errors. Closing twice is fine.
func (t *Tokenizer) Close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	return errors.Join(t.marked.close(), t.literal.close(), t.named.close())
}
