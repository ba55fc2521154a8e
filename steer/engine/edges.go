package engine

// A Node is a neuron, or with Head an attention head, at a position of a prompt.
type Node struct {
	Neuron
	Position int `json:"position"`
}

// Edges asks what nodes of one prompt give to others. The weight of an edge s → r is h_s·∂v_r/∂h_s in the model that a rule
// linearizes, h_s being the activation of s after the edit (of a head the sum over its channels, z_s·∂v_r/∂z_s). v_r is
//
//	of a neuron  its activation h'[l,t,n], after the edit
//	of a head    ⟨z', c⟩ over its channels, with c = ∂m/∂z' held constant: the head's score, with m the metric of Terms
//	of Metric    m, or ⟨∂m/∂z, z⟩ over the logits z before a cap that is not constant
//	of an output the same of its logit, after the metric's last position
//
// An edge goes forward: from a neuron to what is in later layers, from a head to those and to the neurons of its own layer.
type Edges struct {
	IDs     []int32
	Sources []Node  // S
	Targets []Node  // K; the metric, where it is one, comes after them
	Metric  bool    // the metric is a target
	Outputs []int32 // the logits of these tokens are targets too, after the metric
	Terms   []Term  // the metric; needed where it, an output or a head is a target
	LogProb bool    // as in Attribution
	Direct  bool    // nothing passes through the MLPs between source and target: only attention and the residual stream
	Rule    Rule
	Edit    *Edit // B is 1
}

// EdgesResult holds a number, or a slice, for each target.
//
// What enters a target is its value. With Direct, and any rule but Gradient,
//
//	Value = Σ Neurons + Σ Tokens + Biases + Injected − 2·Σ Attention
//
// and without, where neurons pass on what they have, the same without Neurons. (Of a metric Value is what
// AttributionResult.Linear says.)
type EdgesResult struct {
	Weights   [][]float32 // of the edges from each source [S]; 0 where there is none
	Value     []float32   // v_r
	Tokens    [][]float32 // ⟨∂v_r/∂e_t, e_t⟩ of the input embeddings [T]
	Attention [][]float32 // half of what queries and keys of each layer take [L], as in AttributionResult
	Neurons   [][]float32 // Σ h'·∂v_r/∂h' over all neurons of each layer before the target's [L]; nil without Direct
	Biases    []float32   // relevance of the biases that it passes
	Injected  []float32   // relevance of what the edit put in as a constant on the way

	Logits []float32 // after the metric's last position [V]; nil where no metric is needed
}
