package engine

import "testing"

// TestBlockRows: short prompts attend in one block while its scores are few, others in blocks of one size.
func TestBlockRows(t *testing.T) {
	e := &Engine{limits: defaultLimits}
	e.cfg.Heads = 9
	for _, c := range []struct{ b, t, want int }{{1, 1, 1}, {1, 192, 192}, {1, 193, 64}, {1, 2000, 64}, {6, 192, 192}, {7, 192, 64}, {100, 50, 50}, {1000, 50, 50}} {
		if got := e.blockRows(c.b, c.t); got != c.want {
			t.Errorf("%d prompts of %d positions: %d queries, want %d", c.b, c.t, got, c.want)
		}
	}
}
