// Package decoder is the decoder that Llama, Mistral, Qwen 2 and 3, Gemma 2 and 3, OLMo 2, Phi-3, SmolLM3 and Granite are
// cases of, as GoMLX graph functions: one file a part, its forward pass and its relevance backward pass beside each other.
// There is no file for a model: a [Config] switches parts.
//
//	field of Config          part                                                         file
//	QKVBias OutBias MLPBias  y = x Wᵀ + b                                                 weights.go
//	Norms                    norms before a sub-layer, after it, or both                  layer.go, norm.go
//	QKNorm                   norms of queries and keys, of each head or of all            norm.go
//	Activation               c(g) of the gate act(g) = g·c(g)                             activation.go
//	QueryScale               q·k times it                                                 tables.go
//	AttentionCap LogitCap    limit·tanh(x/limit) on scores and logits                     cap.go
//	EmbedScale               embeddings times it                                          embed.go
//	ResidualScale            what a sub-layer adds, times it                              layer.go
//	LogitScale Tied          logits times it; the output matrix                           head.go
//	Attentions[l].Window     the mask of a layer, and which keys a block takes            tables.go, blocks.go
//	Attentions[l].Rope Ropes the table of a layer's positions, or none                    rope.go, tables.go
//
// # The backward pass
//
// It is written by hand. Once the coefficients that a [steer.Rule] holds constant are constants, every part but the softmax
// is linear, so each backward function is the transpose of one line of the forward function, and reads as the formulas of
// the papers:
//
//	norm       y = x·s, s = w·rsqrt(mean x² + eps)   norm rule: s is constant               norm.go
//	rope       a rotation of pairs                   its transpose                          rope.go
//	attention  z = softmax(cap(q kᵀ) + mask) v       ordinary gradient; Frozen: p constant  attention.go, in blocks.go a block at a time
//	mlp        h = g·c(g)·u                          half rule: ½ to each factor            mlp.go
//	edit       h' = clamp(h·s + a, lo, hi), x + v    s inside the clamp, 0 outside; 1       edit.go
//	           z' = z·f                              f
//	           y' = y − k·u⟨y,u⟩                     its own transpose                      project.go
//	           a condition 1[⟨x,u⟩ > c] of all that  a constant: its slope is 0             condition.go
//	layer      x + attention, x + mlp                sums                                   layer.go
//	head       logits = cap(W norm(x)), m = Σ terms  seeds the backward pass                head.go
//
// The rules are those of RelP (Jafari et al., arXiv 2508.21258), which Arora et al. (arXiv 2601.22594) apply to the input
// of down_proj. The same pass scores the heads' outputs z, the input of o_proj: Σ_c z'·∂m/∂z' of a head's channels is
// Σ_j p_ij·⟨v_j, ∂m/∂z_i⟩, which the softmax's own gradient is made of.
//
// # Conservation
//
// Write ρ(x) = ⟨∂m/∂x, x⟩ for the relevance of an activation x, with what a rule holds constant held constant. From the
// logits down to the embeddings e it passes through these parts:
//
//	y = x Wᵀ + b            ρ(x) = ρ(y) − ρ(b): a bias takes its own
//	y = x·s, s constant     ρ(x) = ρ(y): norms, scales, rotations, the factors of an edit, a cap that is held constant
//	y = x + d               ρ of both is what y has at either
//	h = a·u by halves       ρ(g) + ρ(u) = ρ(h), as a = g·c with c constant
//	h' = slope·h + rest     ρ(h) = ρ(h') − ⟨∂m/∂h', rest⟩: what an edit injects; so do its vectors
//	y' = y − k·u⟨y,u⟩       ρ(y) = ρ(y'): it is linear
//	z = p v                 ρ(v) = ρ(z); and what p has goes through its scores to queries and keys, ρ(q) = ρ(k) = ρ(S), S = q kᵀ
//	y = norm(x), not const. ρ(x) = eps·r²·ρ(y), r = rsqrt(mean x² + eps): a norm does not see the length of x
//	y = cap(x), not const.  ρ(x) = ⟨∂m/∂y·cap'(x), x⟩, which is not ρ(y)
//
// (The last two lines are why q/k norms take the attention term away, and why caps put ρ at their input in place of ρ at
// their output.) So of what enters a layer all arrives in e but for the biases and the edit, and queries and keys take what
// nothing gave: summed over the layers,
//
//	Σ_t ρ(e_t) + Σ ρ(b) + injected = ρ(logits before their cap) + Σ_l (ρ(q_l) + ρ(k_l))
//
// with q and k as the projections give them. Without norms of queries and keys, or where a rule holds those constant, ρ(q) =
// ρ(k) = ⟨∂m/∂S, S⟩ at the scores before their cap, which are of degree two in e: this is Euler's theorem. Where they are
// differentiable both are nearly 0. Under Frozen, whose factor of a cap of the logits is constant too, there is nothing on the
// right but m itself, if m is linear in the logits. The package computes every term, so the identity holds to rounding for
// every config and every rule but Plain, which has none.
//
// # Rows that go on
//
// After the last layer only the rows are read whose logits are asked for: one of a prompt, or the few of a metric. A layer whose
// tables pick N rows (picked.go) makes keys and values of all R, and everything else of those N: queries, the output of
// attention, the MLP, all norms but the first. Backward ∂m/∂y is zero at the other rows, and with it their scores, the gradients
// of their queries and what passes through their MLP: those are exact zeros, not computed, and [Relevance] has them. What the
// other rows get is what they give as keys and values. An edit acts on the rows that go on, with their own parts; of its constants
// at the others nothing is injected, since their gradient is zero, so that the identity above holds as it stands.
//
// # Shapes
//
// B prompts of up to T positions make R rows of the residual stream, one for each token, or one for all prompts that begin
// alike up to it (ragged.go). N of them go on from a layer, which is R but where the tables pick. D is the width of the residual stream, F the number of MLP neurons of a layer,
// H the number of query heads, K of key and value heads, G = H/K, C the width of a head, V the vocabulary, L layers. Every
// line that makes a tensor says its shape, and every function asserts the shapes it takes and gives.
//
// # Errors
//
// The functions build graphs, so like GoMLX they panic where shapes are wrong: that is a defect, never bad input. The
// caller fences them; package engine is that caller.
package decoder
