package message

import "testing"

// TestEdgeNodeSpan: where a node stands on a prompt, and that what is counted from the end is never its first position.
func TestEdgeNodeSpan(t *testing.T) {
	for _, c := range []struct {
		x        EdgeNode
		n        int
		from, to int
		ok       bool
	}{
		{EdgeNode{Position: 0}, 3, 0, 1, true}, {EdgeNode{Position: 2}, 3, 2, 3, true}, {EdgeNode{Position: 3}, 3, 3, 4, false},
		{EdgeNode{Position: -1}, 3, 2, 3, true}, {EdgeNode{Position: -2}, 3, 1, 2, true}, {EdgeNode{Position: -3}, 3, 0, 1, false},
		{EdgeNode{Position: -4}, 3, -1, 0, false}, {EdgeNode{Position: -1}, 1, 0, 1, true}, {EdgeNode{Position: 9, All: true}, 3, 0, 3, true},
	} {
		if from, to, ok := c.x.Span(c.n); from != c.from || to != c.to || ok != c.ok {
			t.Errorf("%+v of %d tokens: %d to %d, %v", c.x, c.n, from, to, ok)
		}
	}
}
