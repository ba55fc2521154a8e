package bpe

// A trie finds the longest of several texts that another begins with. Vocabularies have thousands of added tokens, and a
// text of a stranger may be full of their beginnings.
type trie struct {
	nodes []trieNode
	root  [256]int32 // of the first byte; 0 none
}

// A trieNode is a byte on the way to texts; nodes with one parent are a list.
type trieNode struct {
	b             byte
	which         int32 // number of the text that ends here; −1 none
	child, sister int32 // 0 none
}

// put adds a text by its number. Of two that are alike the first counts; an empty one is never found.
func (t *trie) put(text string, which int) {
	if text == "" {
		return
	}
	if t.nodes == nil {
		t.nodes = []trieNode{{which: -1}}
	}
	at := t.root[text[0]]
	if at == 0 {
		at = t.node(text[0], 0)
		t.root[text[0]] = at
	}
	for k := 1; k < len(text); k++ {
		next := t.step(at, text[k])
		if next == 0 {
			next = t.node(text[k], t.nodes[at].child)
			t.nodes[at].child = next
		}
		at = next
	}
	if t.nodes[at].which < 0 {
		t.nodes[at].which = int32(which)
	}
}

func (t *trie) node(b byte, sister int32) int32 {
	t.nodes = append(t.nodes, trieNode{b: b, which: -1, sister: sister})
	return int32(len(t.nodes) - 1)
}

// step returns the node of a byte below another; 0 where there is none.
func (t *trie) step(at int32, b byte) int32 {
	for c := t.nodes[at].child; c != 0; c = t.nodes[c].sister {
		if t.nodes[c].b == b {
			return c
		}
	}
	return 0
}

// longest returns the number of the longest text that s begins with, and its bytes; n is 0 without one.
func (t *trie) longest(s string) (which, n int) {
	at := t.root[s[0]]
	for i := 1; at != 0; i++ {
		if w := t.nodes[at].which; w >= 0 {
			which, n = int(w), i
		}
		if i == len(s) {
			break
		}
		at = t.step(at, s[i])
	}
	return which, n
}
