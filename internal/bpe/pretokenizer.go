package bpe

import (
	"strings"
	"sync"
	"unicode"

	"github.com/neuronsteer/neuronsteer/internal/bpe/pattern"
)

// A pretokenizer splits parts into words, which are merged each by itself. Added tokens pass through.
type pretokenizer func(words []part, p part) []part

// gpt2 is the expression of GPT-2's words.
var gpt2 = mustCompile(`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`)

func mustCompile(expr string) func() *pattern.Pattern {
	return sync.OnceValue(func() *pattern.Pattern {
		p, err := pattern.Compile(expr)
		if err != nil {
			return pattern.Literal("") // a test compiles it
		}
		return p
	})
}

// readPretokenizer reads the steps of a pre-tokenizer. spelled is set when the last of them spells bytes in the byte-level
// alphabet, which is left to the model.
func readPretokenizer(v any) (steps []pretokenizer, bytes bool, err error) {
	list, err := flatten("pre_tokenizer", "pretokenizers", v)
	if err != nil {
		return nil, false, err
	}
	for i, o := range list {
		step, spells, err := readStep(o)
		if err != nil {
			return nil, false, err
		}
		if step != nil {
			steps = append(steps, step)
		}
		if !spells {
			continue
		}
		if i == len(list)-1 {
			return steps, true, nil
		}
		steps = append(steps, func(words []part, p part) []part { return append(words, p.spelling()) })
	}
	return steps, false, nil
}

// flatten lists the parts of a Sequence, of sequences too.
func flatten(what, inner string, v any) ([]*object, error) {
	o, err := settings(what, v)
	if err != nil || o.fields == nil {
		return nil, err
	}
	if o.kind != "Sequence" {
		return []*object{o}, nil
	}
	list, err := o.list(inner)
	if err != nil {
		return nil, err
	}
	var all []*object
	for _, x := range list {
		parts, err := flatten(what, inner, x)
		if err != nil {
			return nil, err
		}
		all = append(all, parts...)
	}
	return all, o.done()
}

// readStep reads one step; spells is set when it spells bytes in the byte-level alphabet at last.
func readStep(o *object) (step pretokenizer, spells bool, err error) {
	switch o.kind {
	case "ByteLevel":
		prefix, regex := o.flag("add_prefix_space"), o.flagOr("use_regex", true)
		o.flag("trim_offsets")
		return byteLevelStep(prefix, regex), true, o.done()
	case "Split":
		pat, how, invert := o.pattern("pattern"), behaviors[o.text("behavior")], o.flag("invert")
		if how == nil {
			o.bad("behavior", "Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous")
		}
		return splitStep(func(p part) []match { return found(pat, p.s, invert) }, how), false, o.done()
	case "Digits":
		number, err := pattern.Property("N")
		if err != nil {
			return nil, false, err
		}
		how := behaviors["Contiguous"]
		if o.flag("individual_digits") {
			how = behaviors["Isolated"]
		}
		return splitStep(func(p part) []match { return foundRunes(number, p.s) }, how), false, o.done()
	case "Punctuation":
		how := behaviors[o.textOr("behavior", "Isolated")]
		if how == nil {
			o.bad("behavior", "Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous")
		}
		return splitStep(func(p part) []match { return foundRunes(punctuation, p.s) }, how), false, o.done()
	case "Whitespace":
		return splitStep(func(p part) []match { return found(wordsOf(), p.s, true) }, behaviors["Removed"]), false, o.done()
	case "WhitespaceSplit":
		return splitStep(func(p part) []match { return foundRunes(unicode.IsSpace, p.s) }, behaviors["Removed"]), false, o.done()
	case "CharDelimiterSplit":
		c := o.char("delimiter")
		return splitStep(func(p part) []match { return foundRunes(func(r rune) bool { return r == c }, p.s) }, behaviors["Removed"]), false, o.done()
	case "Metaspace":
		step, err = metaspaceStep(o)
		return step, false, err
	}
	return nil, false, o.unknown("Sequence, ByteLevel, Split, Digits, Punctuation, Whitespace, WhitespaceSplit, CharDelimiterSplit and Metaspace")
}

var wordsOf = mustCompile(`\w+|[^\w\s]+`)

func punctuation(r rune) bool {
	return unicode.IsPunct(r) || r < 0x80 && unicode.IsSymbol(r)
}

// byteLevelStep splits as GPT-2 does; spelling is left to who comes after it. It returns nil when there is nothing to do.
func byteLevelStep(prefix, regex bool) pretokenizer {
	split := splitStep(func(p part) []match { return found(gpt2(), p.s, false) }, behaviors["Isolated"])
	if !prefix && !regex {
		return nil
	}
	return func(words []part, p part) []part {
		if prefix && !strings.HasPrefix(p.s, " ") {
			p = p.prepended(" ")
		}
		if regex {
			return split(words, p)
		}
		return append(words, p)
	}
}

// metaspaceStep puts SentencePiece's ▁ in the place of spaces and before a text.
func metaspaceStep(o *object) (pretokenizer, error) {
	mark, scheme, split, err := metaspaceSettings(o)
	if err != nil {
		return nil, err
	}
	space := pattern.Literal(" ")
	words := splitStep(func(p part) []match { return foundRunes(func(r rune) bool { return string(r) == mark }, p.s) }, behaviors["MergedWithNext"])
	return func(out []part, p part) []part {
		p = replaced(p, space, mark)
		if (scheme == "always" || scheme == "first" && p.start() == 0) && !strings.HasPrefix(p.s, mark) {
			p = p.prepended(mark)
		}
		if split {
			return words(out, p)
		}
		return append(out, p)
	}, nil
}

// metaspaceSettings reads what the pre-tokenizer and the decoder of this name share.
func metaspaceSettings(o *object) (mark, scheme string, split bool, err error) {
	mark = string(o.char("replacement"))
	scheme = o.textOr("prepend_scheme", "always")
	split = o.flagOr("split", true)
	o.textOr("str_rep", "")
	if scheme != "always" && scheme != "first" && scheme != "never" {
		o.bad("prepend_scheme", "always, first or never")
	}
	if !o.flagOr("add_prefix_space", true) {
		if _, said := o.get("prepend_scheme"); said && scheme != "never" {
			o.bad("add_prefix_space", "the same as prepend_scheme")
		}
		scheme = "never"
	}
	return mark, scheme, split, o.done()
}
