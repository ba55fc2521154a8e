package bpe

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An addedToken is found in a text before it is split into words.
type addedToken struct {
	id             int32
	content        string
	special        bool // a marker
	normalized     bool // looked for in the normalized text
	single         bool // not within a word
	lstrip, rstrip bool // takes the white space beside it along
}

// added are the added tokens of a tokenizer.
type added struct {
	all        []addedToken
	byID       map[int32]int // index in all
	raw, norm  trie          // those looked for in the text as given, and in the normalized one
	markersOff bool          // special ones are not recognized
}

// readAdded reads added_tokens. As in the reference the vocabulary knows the ids, and a token that it lacks takes the next;
// the id of the file does not count.
func readAdded(v any, vocab *Vocab) ([]addedToken, error) {
	list, ok := v.([]any)
	if !ok && v != nil {
		return nil, fmt.Errorf("its added_tokens are not a list")
	}
	ids := map[string]int32{}
	next := int32(vocab.Len())
	var all []addedToken
	for i, x := range list {
		o := &object{what: "added token", read: map[string]bool{"id": true}}
		o.fields, _ = x.(map[string]any)
		a := addedToken{content: o.text("content"), special: o.flag("special"), normalized: o.flag("normalized"),
			single: o.flag("single_word"), lstrip: o.flag("lstrip"), rstrip: o.flag("rstrip")}
		if n, _ := o.fields["id"].(json.Number); o.err == nil {
			if id, err := n.Int64(); err != nil || id < 0 || id >= MaxID {
				o.bad("id", fmt.Sprintf("a number from 0 to %d", MaxID-1))
			}
		}
		if err := o.done(); err != nil {
			return nil, fmt.Errorf("%w (number %d)", err, i)
		}
		if _, twice := ids[a.content]; twice || a.content == "" {
			continue
		}
		if a.id, ok = vocab.ID(a.content); !ok {
			a.id = next
		}
		next = max(next, a.id+1)
		ids[a.content] = a.id
		all = append(all, a)
	}
	return all, nil
}

// newAdded makes what finds the tokens. Those that are normalized are looked for in their normalized spelling.
func newAdded(all []addedToken, n normalizer) *added {
	a := &added{all: all, byID: make(map[int32]int, len(all))}
	for i, x := range all {
		a.byID[x.id] = i
	}
	for _, special := range []bool{true, false} { // of two that are spelled alike, the special one is first
		for i, x := range all {
			switch {
			case x.special != special:
			case !x.normalized:
				a.raw.put(x.content, i)
			case n != nil:
				a.norm.put(n(part{s: x.content, id: -1}).s, i)
			default:
				a.norm.put(x.content, i)
			}
		}
	}
	return a
}

// split cuts a part at the tokens that a trie finds in it.
func (a *added) split(out []part, p part, t *trie) []part {
	if len(t.nodes) == 0 {
		if p.s != "" {
			out = append(out, p)
		}
		return out
	}
	last := 0
	for i := 0; i < len(p.s); {
		which, n := t.longest(p.s[i:])
		if n == 0 {
			i++
			continue
		}
		start, end := i, i+n
		i = end
		x := &a.all[which]
		if a.markersOff && x.special || x.single && (inWord(p.s[:start], utf8.DecodeLastRuneInString) || inWord(p.s[end:], utf8.DecodeRuneInString)) {
			continue
		}
		if x.lstrip {
			start = max(len(strings.TrimRightFunc(p.s[:start], unicode.IsSpace)), last)
		}
		if x.rstrip {
			end = len(p.s) - len(strings.TrimLeftFunc(p.s[end:], unicode.IsSpace))
		}
		if last < start {
			out = append(out, p.slice(last, start))
		}
		q := p.slice(start, end)
		q.id = x.id
		out = append(out, q)
		last = end
	}
	if last < len(p.s) {
		out = append(out, p.slice(last, len(p.s)))
	}
	return out
}

var wordRune = mustCompile(`\w`)

// inWord reports whether the character that decode takes from s belongs to a word.
func inWord(s string, decode func(string) (rune, int)) bool {
	if s == "" {
		return false
	}
	r, _ := decode(s)
	m := wordRune().Find(string(r))
	defer m.Release()
	_, _, ok := m.Next()
	return ok
}
