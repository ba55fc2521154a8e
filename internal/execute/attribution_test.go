package execute

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestConserve: both sides of the identity, and what it misses by.
func TestConserve(t *testing.T) {
	r := engine.AttributionResult{Metric: []float32{9}, Linear: []float32{4}, Tokens: [][]float32{{1, 2}}, Attention: [][]float32{{-.25, 0}}, Injected: []float32{.5}}
	c := conserve(r, 0, engine.RelP) // 3 + 0.5 = 4 − 0.5
	if c.Residual != 0 || !c.Holds || c.Tokens != 3 || c.Attention != -.5 || len(c.ByLayer) != 2 {
		t.Errorf("%+v", c)
	}
	r.Tokens[0][0] = 3
	if c := conserve(r, 0, engine.RelP); c.Residual != .4 { // misses by 2 of the largest term, 5
		t.Errorf("residual %v, want 0.4", c.Residual)
	}
	if conserve(r, 0, engine.Gradient).Holds {
		t.Error("Gradient has no such identity")
	}
}
