package decoder

import (
	"fmt"

	. "github.com/gomlx/gomlx/core/graph"
)

// A Part names a weight of a layer. Its order is the order of the weights as inputs of a graph.
type Part int

// The weights of a layer.
const (
	Norm1 Part = iota // before attention [D]
	Query             // [H·C, D]
	Key               // [K·C, D]
	Value             // [K·C, D]
	Out               // [D, H·C]
	Norm2             // before the MLP [D]
	Gate              // [F, D]
	Up                // [F, D]
	Down              // [D, F]
	Parts             // how many there are
)

var partNames = [Parts]string{"input_layernorm", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj",
	"self_attn.o_proj", "post_attention_layernorm", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"}

// The weights outside the layers, by their Hugging Face names.
const (
	EmbedName     = "model.embed_tokens.weight" // [V, D]
	FinalNormName = "model.norm.weight"         // [D]
	HeadName      = "lm_head.weight"            // [V, D]; absent where Config.Tied
)

// TensorName returns the Hugging Face name of a part of a layer.
func (p Part) TensorName(layer int) string {
	return fmt.Sprintf("model.layers.%d.%s.weight", layer, partNames[p])
}

// Dims returns the shape of a part: [out, in] for a matrix, [D] for a norm.
func (p Part) Dims(c Config) []int {
	switch p {
	case Norm1, Norm2:
		return []int{c.Width}
	case Query:
		return []int{c.Heads * c.HeadDim, c.Width}
	case Key, Value:
		return []int{c.KVHeads * c.HeadDim, c.Width}
	case Out:
		return []int{c.Width, c.Heads * c.HeadDim}
	case Gate, Up:
		return []int{c.Neurons, c.Width}
	default: // Down
		return []int{c.Width, c.Neurons}
	}
}

// Weights are the weights of one layer as nodes of a graph: matrices [out, in] as checkpoints have them, norms [1,D].
type Weights [Parts]*Node

// apply returns y = x Wᵀ, a linear layer's forward pass.
func (w Weights) apply(x *Node, p Part) *Node { return matmul(x, w[p], 1) } // [R,in] → [R,out]

// pull returns gx = gy W, a linear layer's backward pass.
func (w Weights) pull(g *Node, p Part) *Node { return matmul(g, w[p], 0) } // [R,out] → [R,in]

// matmul contracts the last axis of x with an axis of the matrix w.
func matmul(x, w *Node, axis int) *Node { // [R,n]·[..n..] → [R,m]
	return Dot(x, w).General([]int{1}, nil, []int{axis}, nil)
}
