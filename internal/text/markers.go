package text

// A trie finds the markers of a vocabulary in a text. Vocabularies have thousands of them, and a text of a stranger's template
// may be full of their beginnings.
type trie []trieNode

// A trieNode is a byte on the way to markers; nodes with one parent are a list.
type trieNode struct {
	b             byte
	marker        int32 // that ends here; −1 none
	child, sister int32 // 0 none: the root is nobody's child
}

// newTrie makes a trie of texts that are not empty. Of two that are alike the first counts.
func newTrie(markers []string) trie {
	t := trie{{marker: -1}}
	for i, m := range markers {
		at := int32(0)
		for k := range len(m) {
			next := t.step(at, m[k])
			if next == 0 {
				next = int32(len(t))
				t = append(t, trieNode{b: m[k], marker: -1, sister: t[at].child})
				t[at].child = next
			}
			at = next
		}
		if t[at].marker < 0 {
			t[at].marker = int32(i)
		}
	}
	return t
}

// step returns the node of a byte below another; 0 where there is none.
func (t trie) step(at int32, b byte) int32 {
	for c := t[at].child; c != 0; c = t[c].sister {
		if t[c].b == b {
			return c
		}
	}
	return 0
}

// longest returns the longest marker that s begins with, and its bytes; n is 0 without one.
func (t trie) longest(s string) (marker, n int) {
	at := int32(0)
	for i := range len(s) {
		if at = t.step(at, s[i]); at == 0 {
			break
		}
		if m := t[at].marker; m >= 0 {
			marker, n = int(m), i+1
		}
	}
	return marker, n
}

// A place is an occurrence of a marker in a text.
type place struct{ start, end, marker int }

// find lists the markers in s, from left to right, the longest first where several begin, as the library does.
func (v *vocab) find(s string) []place {
	var out []place
	for i := 0; i < len(s); {
		k, n := v.places.longest(s[i:])
		if n == 0 {
			i++
			continue
		}
		out = append(out, place{i, i + n, k})
		i += n
	}
	return out
}
