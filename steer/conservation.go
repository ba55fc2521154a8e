package steer

import (
	"math"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Conservation is the self-check of an attribution, from the same pass. Everything in the linearized model but the softmax
// is homogeneous of degree 1 in the embeddings, and the attention scores S_l of degree 2, so by Euler's theorem
//
//	Σ_t ⟨∂m/∂e_t, e_t⟩ = ⟨∂m/∂z, z⟩ + 2·Σ_l ⟨∂m/∂S_l, S_l⟩ − injected
//
// over the logits z, where ⟨∂m/∂z, z⟩ is m itself for a difference of logits. The attention term says how much of the
// story the neurons do not tell.
type Conservation struct {
	Holds     bool      `json:"holds"`     // the rule has this identity; Gradient has none
	Metric    float64   `json:"metric"`    // m, in the metric's unit
	Linear    float64   `json:"linear"`    // ⟨∂m/∂z, z⟩: m, unless it is a log-probability
	Tokens    float64   `json:"tokens"`    // Σ_t ⟨∂m/∂e_t, e_t⟩
	Attention float64   `json:"attention"` // 2·Σ_l ⟨∂m/∂S_l, S_l⟩; 0 under Frozen
	ByLayer   []float64 `json:"byLayer"`   // ⟨∂m/∂S_l, S_l⟩ [L]
	Injected  float64   `json:"injected"`  // relevance of what an intervention put in as a constant
	Residual  float64   `json:"residual"`  // the identity's difference over its largest term
}

// conserve fills in the identity for prompt b of a result.
func conserve(r engine.AttributionResult, b int, rule engine.Rule) Conservation {
	c := Conservation{Holds: rule != engine.Gradient, Metric: float64(r.Metric[b]), Linear: float64(r.Linear[b]), Injected: float64(r.Injected[b])}
	for _, v := range r.Tokens[b] {
		c.Tokens += float64(v)
	}
	for _, v := range r.Attention[b] {
		c.ByLayer = append(c.ByLayer, float64(v))
		c.Attention += 2 * float64(v)
	}
	largest := max(math.Abs(c.Linear), math.Abs(c.Tokens), math.Abs(c.Attention), math.Abs(c.Injected))
	if largest > 0 {
		c.Residual = math.Abs(c.Tokens+c.Injected-c.Linear-c.Attention) / largest
	}
	return c
}
