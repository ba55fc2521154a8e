package steer

import "math"

// Conservation is the self-check of an attribution, from the same pass. Everything in the linearized model but the softmax
// is homogeneous of degree 1 in the embeddings, and the attention scores S_l of degree 2, so by Euler's theorem
//
//	Σ_t ⟨∂m/∂e_t, e_t⟩ = ⟨∂m/∂z, z⟩ + 2·Σ_l ⟨∂m/∂S_l, S_l⟩ − biases − injected
//
// over the logits z before any cap, where ⟨∂m/∂z, z⟩ is m itself for a sum of logits that have none. The attention term says how
// much of the story the neurons do not tell. Where a model norms queries and keys, and the rule leaves those norms
// differentiable, scores do not grow with the embeddings: the term is 0, but for the norms' epsilon.
type Conservation struct {
	Holds     bool      `json:"holds"`     // the rule has this identity; Gradient and IntegratedGradients have none
	Metric    float64   `json:"metric"`    // m, in the metric's unit
	Linear    float64   `json:"linear"`    // ⟨∂m/∂z, z⟩: m, unless it is a log-probability or logits are capped
	Tokens    float64   `json:"tokens"`    // Σ_t ⟨∂m/∂e_t, e_t⟩
	Attention float64   `json:"attention"` // what queries and keys take, 2·Σ_l ⟨∂m/∂S_l, S_l⟩; 0 under Frozen
	ByLayer   []float64 `json:"byLayer"`   // half of it by layer, ⟨∂m/∂S_l, S_l⟩ [L]
	Biases    float64   `json:"biases"`    // Σ ⟨∂m/∂b, b⟩ over the biases b, which take the relevance that the tokens leave
	Injected  float64   `json:"injected"`  // relevance of what an intervention put in as a constant
	Absolute  float64   `json:"absolute"`  // Σ_t |⟨∂m/∂e_t, e_t⟩| + |biases| + |injected|: how much relevance there is, whatever its sign
	Residual  float64   `json:"residual"`  // the identity's difference over Absolute
}

// miss is what the two sides of the identity differ by.
func (c Conservation) miss() float64 {
	return math.Abs(c.Tokens + c.Biases + c.Injected - c.Linear - c.Attention)
}

// conservation returns the self-check of one prompt's scores. What the identity misses by is rounding, of which there is as
// much as there is relevance; where two tokens are nearly tied, positive and negative relevance nearly cancel, and the
// metric and the sum over tokens may be as small as that rounding.
func (d dense) conservation() Conservation {
	if d.attr == nil {
		return Conservation{}
	}
	m := d.attr.Conservation
	c := Conservation{Holds: m.Holds, Metric: m.Metric, Linear: m.Linear, Tokens: m.Tokens, Attention: m.Attention, ByLayer: m.ByLayer,
		Biases: m.Biases, Injected: m.Injected, Absolute: math.Abs(m.Biases) + math.Abs(m.Injected)}
	for _, v := range d.tokens {
		c.Absolute += math.Abs(float64(v))
	}
	switch miss := c.miss(); {
	case c.Absolute > 0:
		c.Residual = miss / c.Absolute
	case miss > 0: // no relevance at all explains something
		c.Residual = 1
	}
	return c
}
