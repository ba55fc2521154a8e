package steer

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
