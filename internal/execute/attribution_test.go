package execute

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestConserve: both sides of the identity.
func TestConserve(t *testing.T) {
	r := engine.AttributionResult{Metric: []float32{9}, Linear: []float32{4}, Tokens: [][]float32{{1, 2}}, Attention: [][]float32{{-.25, 0}}, Injected: []float32{.5}}
	c := conserve(r, 0, engine.RelP) // 3 + 0.5 = 4 − 0.5
	if c.Tokens+c.Injected != c.Linear+c.Attention || !c.Holds || c.Tokens != 3 || c.Attention != -.5 || len(c.ByLayer) != 2 {
		t.Errorf("%+v", c)
	}
	for _, rule := range []engine.Rule{engine.Gradient, engine.IntegratedGradients(5)} {
		if conserve(r, 0, rule).Holds {
			t.Errorf("%s has no such identity", rule)
		}
	}
	r.Biases = []float32{.25}
	if c := conserve(r, 0, engine.ConstantQKNorm); c.Biases != .25 || !c.Holds {
		t.Errorf("with biases: %+v", c)
	}
}
