package bpe

import (
	"fmt"
	"unicode/utf8"
)

// A model makes tokens of words: byte-pair encoding (Sennrich, Haddow & Birch 2016).
type model struct {
	vocab        *Vocab
	merges       *mergeTable
	bytes        bool // words are bytes, which the vocabulary spells in the byte-level alphabet
	ignoreMerges bool // a word that is a token is not made of others
	fallback     bool // a character without a token is its bytes, <0x0A>
	fuse         bool // characters without a token beside each other are one unknown token
	unknown      string
	unk          int32 // its id; −1 without one

	byteID [256]int32 // of a byte of a byte-level word; −1 none
	fallID [256]int32 // of a byte's own token; −1 none
	runeID []int32    // of a character below U+10000; −1 none
}

// readModel reads the settings of a model.
func readModel(v any, vocab *Vocab, merges *Merges, bytes bool) (*model, error) {
	o, err := settings("model", v)
	if err != nil {
		return nil, err
	}
	if o.kind != "BPE" {
		return nil, o.unknown("BPE")
	}
	if vocab == nil || merges == nil {
		return nil, fmt.Errorf("its model has no vocab or no merges")
	}
	m := &model{vocab: vocab, bytes: bytes, unk: -1,
		ignoreMerges: o.flagOr("ignore_merges", false), fallback: o.flagOr("byte_fallback", false), fuse: o.flagOr("fuse_unk", false), unknown: o.textOr("unk_token", "")}
	for _, name := range []string{"continuing_subword_prefix", "end_of_word_suffix"} {
		if s := o.textOr(name, ""); s != "" {
			return nil, fmt.Errorf("its model has the %s %q, which is not supported", name, s)
		}
	}
	if v, ok := o.get("dropout"); ok && fmt.Sprint(v) != "0" && fmt.Sprint(v) != "0.0" {
		return nil, fmt.Errorf("its model has a dropout of %v, which would draw tokens by chance", v)
	}
	if err := o.err; err != nil {
		return nil, fmt.Errorf("its model: %w", err)
	}
	if m.merges, err = merges.table(vocab); err != nil {
		return nil, fmt.Errorf("its model: %w", err)
	}
	m.look()
	return m, nil
}

// look finds the ids of single bytes and characters.
func (m *model) look() {
	id := func(piece string) int32 {
		if id, ok := m.vocab.ID(piece); ok {
			return id
		}
		return -1
	}
	for b := range 256 {
		m.byteID[b] = id(string(charOf[b]))
		m.fallID[b] = id(fmt.Sprintf("<0x%02X>", b))
	}
	m.unk = id(m.unknown)
	if m.bytes {
		return
	}
	m.runeID = make([]int32, 1<<16)
	for r := range m.runeID {
		m.runeID[r] = -1
	}
	for i := range m.vocab.IDs() {
		piece := m.vocab.Piece(int32(i))
		if r, n := utf8.DecodeRuneInString(piece); n == len(piece) && n > 0 && int(r) < len(m.runeID) && (r != utf8.RuneError || n > 1) {
			m.runeID[r] = id(piece)
		}
	}
}

// char returns the id of a character; −1 without one.
func (m *model) char(r rune) int32 {
	if int(r) < len(m.runeID) {
		return m.runeID[r]
	}
	if id, ok := m.vocab.ID(string(r)); ok {
		return id
	}
	return -1
}

// A symbol is a token and the bytes of its word that it stands for.
type symbol struct{ id, size int32 }

// word appends the tokens of a word.
func (m *model) word(out []Token, p part, w *work) ([]Token, error) {
	if m.ignoreMerges {
		if id, ok := m.whole(p.s, w); ok {
			start, end := p.source(0, len(p.s))
			return append(out, Token{id, start, end}), nil
		}
	}
	syms := w.syms[:0]
	if m.bytes {
		for i := range len(p.s) {
			id := m.byteID[p.s[i]]
			if id < 0 { // not all bytes have a token: the reference's places are those of the spelling
				p = p.spelling()
				syms = syms[:0]
				break
			}
			syms = append(syms, symbol{id, 1})
		}
	}
	if len(syms) == 0 {
		var err error
		if syms, err = m.chars(syms, p.s); err != nil {
			return nil, err
		}
	}
	w.syms = syms
	syms = m.merge(syms, w)
	at := 0
	for _, s := range syms {
		start, end := p.source(at, at+int(s.size))
		out = append(out, Token{s.id, start, end})
		at += int(s.size)
	}
	return out, nil
}

// whole returns the token that a word is.
func (m *model) whole(s string, w *work) (int32, bool) {
	if !m.bytes {
		return m.vocab.ID(s)
	}
	if len(s) > 1024 { // longer than any piece
		return 0, false
	}
	w.spelled = spelled(w.spelled[:0], s)
	return m.vocab.ID(string(w.spelled))
}

// chars appends the tokens of characters. One without a token is its bytes, or unknown, or left out.
func (m *model) chars(syms []symbol, s string) ([]symbol, error) {
	unknown := int32(0) // bytes of unknown characters that wait
	flush := func() {
		if unknown > 0 {
			syms = append(syms, symbol{m.unk, unknown})
			unknown = 0
		}
	}
	for i, r := range s {
		size := int32(utf8.RuneLen(r))
		if id := m.char(r); id >= 0 {
			flush()
			syms = append(syms, symbol{id, size})
			continue
		}
		if m.fallback && m.hasBytes(s[i:i+int(size)]) {
			for k := range int(size) {
				syms = append(syms, symbol{m.fallID[s[i+k]], 1})
			}
			continue
		}
		if m.unknown == "" {
			continue
		}
		if m.unk < 0 {
			return nil, fmt.Errorf("the character %q has no token, and the unknown token %q is not in the vocabulary", r, m.unknown)
		}
		if !m.fuse {
			flush()
		}
		unknown += size
	}
	flush()
	return syms, nil
}

func (m *model) hasBytes(s string) bool {
	for i := range len(s) {
		if m.fallID[s[i]] < 0 {
			return false
		}
	}
	return true
}

// renamed returns the model whose vocabulary has other names for some pieces. A token of another name is not merged.
func (m *model) renamed(names map[string]string) (*model, error) {
	n := *m
	var err error
	if n.vocab, err = m.vocab.renamed(names); err != nil {
		return nil, err
	}
	if name, ok := names[m.unknown]; ok {
		n.unknown = name
	}
	gone := map[uint32]bool{}
	for piece := range names {
		if id, ok := m.vocab.ID(piece); ok {
			gone[uint32(id)] = true
		}
	}
	n.merges = m.merges.without(gone)
	n.look()
	return &n, nil
}
