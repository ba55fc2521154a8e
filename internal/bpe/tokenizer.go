package bpe

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Tokenizer turns text into tokens and back. It is safe for concurrent use.
type Tokenizer struct {
	added     *added
	normalize normalizer // nil: none
	steps     []pretokenizer
	model     *model
	post      []postStep
	decoder   []decoder
}

// New makes a tokenizer of a file. What is not supported is an error that names it. The file may be dropped.
func New(f *File) (*Tokenizer, error) {
	if v := f.Rest["version"]; v != nil && v != "1.0" {
		return nil, fmt.Errorf("its version is %v, want 1.0", v)
	}
	for _, name := range []string{"truncation", "padding"} {
		if f.Rest[name] != nil {
			return nil, fmt.Errorf("its %s would cut or pad texts, which is not supported", name)
		}
	}
	t := &Tokenizer{}
	var err error
	var bytes bool
	if t.normalize, err = readNormalizer(f.Rest["normalizer"]); err != nil {
		return nil, err
	}
	if t.steps, bytes, err = readPretokenizer(f.Rest["pre_tokenizer"]); err != nil {
		return nil, err
	}
	if t.model, err = readModel(f.Rest["model"], f.Vocab, f.Merges, bytes); err != nil {
		return nil, err
	}
	if t.post, err = readPost(f.Rest["post_processor"]); err != nil {
		return nil, err
	}
	if t.decoder, err = readDecoder(f.Rest["decoder"]); err != nil {
		return nil, err
	}
	all, err := readAdded(f.Rest["added_tokens"], f.Vocab)
	if err != nil {
		return nil, err
	}
	t.added = newAdded(all, t.normalize)
	return t, nil
}

// Literal returns the tokenizer to which special tokens in a text are characters like any others.
func (t *Tokenizer) Literal() *Tokenizer {
	l := *t
	a := *t.added
	a.markersOff = true
	l.added = &a
	return &l
}

// Renamed returns the tokenizer whose special tokens have other names: names holds the new ones by the old.
func (t *Tokenizer) Renamed(names map[string]string) (*Tokenizer, error) {
	r := *t
	all := make([]addedToken, len(t.added.all))
	for i, a := range t.added.all {
		if name, ok := names[a.content]; ok && a.special {
			a.content = name
		}
		all[i] = a
	}
	r.added = newAdded(all, t.normalize)
	var err error
	r.model, err = t.model.renamed(names)
	return &r, err
}

// Encode returns the tokens of a text. special adds what the post-processor puts around it. Bytes that are not UTF-8 are
// read as U+FFFD, and places are then those of that text.
func (t *Tokenizer) Encode(s string, special bool) ([]Token, error) {
	if len(s) > 1<<31-1 {
		return nil, fmt.Errorf("the text has %d bytes, more than %d", len(s), 1<<31-1)
	}
	if !utf8.ValidString(s) {
		s = lossy(s)
	}
	w := works.Get().(*work)
	defer w.release()
	parts := t.added.split(w.parts[0][:0], part{s: s, id: -1}, &t.added.raw)
	parts = w.each(parts, func(out []part, p part) []part {
		if t.normalize != nil {
			p = t.normalize(p)
		}
		return t.added.split(out, p, &t.added.norm)
	})
	for _, step := range t.steps {
		parts = w.each(parts, step)
	}
	out := make([]Token, 0, len(s)/3+4)
	for _, p := range parts {
		if p.id >= 0 {
			start, end := p.source(0, len(p.s))
			out = append(out, Token{p.id, start, end})
			continue
		}
		var err error
		if out, err = t.model.word(out, p, w); err != nil {
			return nil, err
		}
	}
	if len(t.post) > 0 {
		out = t.processed(s, out, parts, special)
	}
	return out, nil
}

// each replaces every part that is not a token by what step makes of it. Empty parts are left out.
func (w *work) each(parts []part, step func([]part, part) []part) []part {
	out := w.parts[1][:0]
	for _, p := range parts {
		switch {
		case p.id >= 0:
			out = append(out, p)
		case p.s != "":
			n := len(out)
			out = step(out, p)
			if len(out) == n+1 && out[n].s == "" {
				out = out[:n]
			}
		}
	}
	w.parts[0], w.parts[1] = out, parts
	return out
}

// Piece returns the spelling of an id, as the vocabulary or the added tokens have it; ok is false without one.
func (t *Tokenizer) Piece(id int32) (piece string, ok bool) {
	if i, ok := t.added.byID[id]; ok {
		return t.added.all[i].content, true
	}
	return t.model.vocab.Piece(id), t.model.vocab.Has(id)
}

// Decode returns the text of ids; those without a piece are left out, and so are markers if skip is set. Bytes that are no
// character are U+FFFD.
func (t *Tokenizer) Decode(ids []int32, skip bool) string {
	pieces := make([]string, 0, len(ids))
	for _, id := range ids {
		if i, ok := t.added.byID[id]; ok && skip && t.added.all[i].special {
			continue
		}
		if piece, ok := t.Piece(id); ok {
			pieces = append(pieces, piece)
		}
	}
	if t.decoder == nil {
		return strings.Join(pieces, " ")
	}
	for _, d := range t.decoder {
		pieces = d(pieces)
	}
	return strings.Join(pieces, "")
}
