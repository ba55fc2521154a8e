// Package decoder is the Llama architecture as GoMLX graph functions: one file a part, its forward pass and its
// relevance backward pass beside each other.
//
// The backward pass is written by hand. Once the coefficients that a [steer.Rule] holds constant are constants, every part
// but the softmax is linear, so each backward function is the transpose of one line of the forward function, and reads
// as the formulas of the papers:
//
//	norm       y = x·s, s = w·rsqrt(mean x² + eps)   norm rule: s is constant              norm.go
//	rope       a rotation of pairs                   its transpose                         rope.go
//	attention  softmax(q kᵀ + mask) v                ordinary gradient; Frozen: p constant attention.go, in blocks.go a block at a time
//	mlp        h = g·σ(g)·u                          half rule: ½ to each factor           mlp.go
//	edit       h' = clamp(h·s + a, lo, hi), x + v    s inside the clamp, 0 outside; 1      edit.go
//	layer      x + attention, x + mlp                sums                                  layer.go
//	head       logits = W norm(x), m = Σ terms       seeds the backward pass               head.go
//
// The rules are those of RelP (Jafari et al., arXiv 2508.21258), which Arora et al. (arXiv 2601.22594) apply to the input
// of down_proj. Their bookkeeping is exact: for a function that is homogeneous of degree one in the token embeddings e but
// for attention scores S of degree two, Euler's theorem gives
//
//	Σ_t ⟨∂m/∂e_t, e_t⟩ = ⟨∂m/∂z, z⟩ + 2·Σ_l ⟨∂m/∂S_l, S_l⟩ − injected
//
// over the logits z, where ⟨∂m/∂z, z⟩ is m itself for a difference of logits, and injected is the relevance of what an edit
// puts in as a constant: its vectors, and the part of h' that is not linear in h. The package computes every term of it.
//
// # Shapes
//
// B prompts of up to T positions make R rows of the residual stream, one for each token, or one for all prompts that begin
// alike up to it (ragged.go). D is the width of the residual stream, F the number of MLP neurons of a layer,
// H the number of query heads, K of key and value heads, G = H/K, C the width of a head, V the vocabulary, L layers. Every
// line that makes a tensor says its shape, and every function asserts the shapes it takes and gives.
//
// # Errors
//
// The functions build graphs, so like GoMLX they panic where shapes are wrong: that is a defect, never bad input. The
// caller fences them; package engine is that caller.
package decoder
