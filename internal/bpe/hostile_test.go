package bpe

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// chain is a tokenizer in which words of many a are merged over and over: aa, aaaa, ….
func chain(t *testing.T, pre string) *Tokenizer {
	t.Helper()
	vocab, merges := []string{`"a":0`, `"b":1`, `"▁":2`}, []string{}
	for s := "a"; len(s) < 1<<12; s += s {
		vocab = append(vocab, fmt.Sprintf("%q:%d", s+s, len(vocab)))
		merges = append(merges, fmt.Sprintf("[%q,%q]", s, s))
	}
	f, err := Read(fmt.Appendf(nil, `{"pre_tokenizer":%s,"model":{"type":"BPE","vocab":{%s},"merges":[%s]}}`, pre, strings.Join(vocab, ","), strings.Join(merges, ",")))
	if err != nil {
		t.Fatal(err)
	}
	tok, err := New(f)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// TestLongWords: words of up to a million bytes take time of the order of n log n.
func TestLongWords(t *testing.T) {
	random := make([]byte, 1<<18)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range random {
		random[i] = "ab"[r.IntN(2)]
	}
	for _, pre := range []string{"null", `{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}`} {
		tok := chain(t, pre)
		for _, s := range []string{strings.Repeat("a", 1<<20), string(random), strings.Repeat("ab", 1<<16), strings.Repeat(" ", 1<<17), strings.Repeat("a ", 1<<16), strings.Repeat("中", 1<<16)} {
			start := time.Now()
			if _, err := tok.Encode(s, true); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("%.10q… with %s took %v", s, pre, took)
			}
		}
	}
}

// TestMergesAgree: the queue of long words and the search of short ones merge alike.
func TestMergesAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	m := &model{merges: newMergeTable(4)}
	for id := int32(4); id < 300; id++ { // random merges of what is there already, at random ranks
		m.merges.put(int32(r.IntN(int(id))), int32(r.IntN(int(id))), merge{rank: r.Uint32N(1000), id: uint32(id)})
	}
	// what is queued for a and b is outdated once b and c are one
	m.merges.put(1001, 1002, merge{rank: 0, id: 1004})
	m.merges.put(1000, 1001, merge{rank: 1, id: 1005})
	m.merges.put(1000, 1004, merge{rank: 2, id: 1006})
	if got := m.mergeLong([]symbol{{1000, 1}, {1001, 1}, {1002, 1}}, &work{}); len(got) != 1 || got[0] != (symbol{1006, 3}) {
		t.Errorf("abc becomes %v", got)
	}
	merged := 0
	for range 20_000 {
		var word []symbol
		for range 2 + r.IntN(short-1) {
			word = append(word, symbol{int32(r.IntN(4)), 1})
		}
		a := m.merge(slices.Clone(word), &work{})
		b := m.mergeLong(slices.Clone(word), &work{})
		if !slices.Equal(a, b) {
			t.Fatalf("%v becomes %v and %v", word, a, b)
		}
		if len(a) < len(word) {
			merged++
		}
	}
	if merged < 10_000 {
		t.Errorf("only %d words were merged", merged)
	}
}

// TestComposition: two characters are composed only when what they make comes apart again: package norm has U+10041 and an
// acute for Á.
func TestComposition(t *testing.T) {
	for s, want := range map[string]string{"\U00010041\u0301": "\U00010041\u0301", "e\u0301": "é", "\u1100\u1161\u11a8": "각", "a\u0316\u0301": "á\u0316", "\u0898e\u0301": "\u0898é", "\u0344": "\u0308\u0301",
		"e\u0899\u0301": "e\u0899\u0301"} { // U+0899 has a class since Unicode 14

		if got := forms["NFC"].normalize(part{s: s, id: -1}); got.s != want || got.at != nil && len(got.at) != len(want) {
			t.Errorf("%+q becomes %+q, want %+q", s, got.s, want)
		}
	}
}

// TestLossy: the beginning of a character that is cut off is one U+FFFD, any other byte one each, as in Rust and in Python.
func TestLossy(t *testing.T) {
	for s, want := range map[string]string{"a\xf0\x9f\x98b": "a\uFFFDb", "\xe4\xb8": "\uFFFD", "\xff\xfe": "\uFFFD\uFFFD", "\xed\xa0\x80": "\uFFFD\uFFFD\uFFFD", "\xc3(": "\uFFFD(",
		"\xf4\x90\x80": "\uFFFD\uFFFD\uFFFD", "\xe0\x80": "\uFFFD\uFFFD", "\xf0\x9f\xf0\x9f\x98\x80": "\uFFFD😀", "\uFFFD": "\uFFFD"} {
		if got := lossy(s); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	}
}

// FuzzRead gives damaged files: an error, or a tokenizer that reads texts and stays within them.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"normalizer":{"type":"NFC"},"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true},"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]}}`), "ab é")
	f.Add([]byte(`{"added_tokens":[{"id":9,"content":"<s>","special":true,"normalized":true,"single_word":false,"lstrip":true,"rstrip":true}],"model":{"type":"BPE","vocab":{"\ud83d\ude00":1},"merges":[]}}`), " <s> ")
	f.Add([]byte(`{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"\\s+(?!\\S)|(?i:'s)"},"behavior":"MergedWithNext","invert":true},"decoder":{"type":"Strip","content":"a","start":1,"stop":1},"model":{"type":"BPE","vocab":{"a":0},"merges":[],"byte_fallback":true}}`), "a  's")
	f.Fuzz(func(t *testing.T, data []byte, s string) {
		file, err := Read(data)
		if err != nil {
			return
		}
		if _, err := file.JSON(); err != nil {
			return
		}
		tok, err := New(file)
		if err != nil {
			return
		}
		tokens, err := tok.Literal().Encode(s, true)
		if err != nil {
			return
		}
		size := len(lossy(s))
		for _, x := range tokens {
			if x.Start < 0 || x.End < x.Start || x.End > size {
				t.Fatalf("%q: token %+v", s, x)
			}
			tok.Decode([]int32{x.ID}, false)
		}
	})
}
