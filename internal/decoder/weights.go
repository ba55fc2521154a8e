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

// Layout says how the weight matrices of a graph lie in memory.
type Layout int

// The two layouts.
const (
	OutIn Layout = iota // [out, in], as checkpoints have them
	InOut               // transposed, and cut into pieces [in, out_i] that stand side by side
)

// PieceWidths cuts the out columns of an [in, out] matrix into pieces. The Go backend repacks large matrices before it
// multiplies them and puts a product with a single row on one processor: pieces small enough avoid the first and make
// work for several processors, which is what decoding needs. Other products cost the same.
func PieceWidths(in, out int) []int {
	const most, lanes = 1 << 19, 32 // numbers in a piece; columns that the backend's kernels do at once
	n := max(1, (in*out+most-1)/most)
	width := max(lanes, (out+n*lanes-1)/(n*lanes)*lanes)
	var w []int
	for at := 0; at < out; at += width {
		w = append(w, min(width, out-at))
	}
	return w
}

// Pieces returns how many nodes a part has in a layout.
func (p Part) Pieces(c Config, l Layout) int {
	d := p.Dims(c)
	if l == OutIn || len(d) == 1 {
		return 1
	}
	return len(PieceWidths(d[1], d[0]))
}

// Weights are the weights of one layer as nodes of a graph: matrices in one layout, norms as [1,D].
type Weights struct {
	Layout Layout
	Nodes  [Parts][]*Node
}

// apply returns y = x Wᵀ, a linear layer's forward pass.
func (w Weights) apply(x *Node, p Part) *Node { return linear(w.Layout, w.Nodes[p], x) } // [R,in] → [R,out]

// pull returns gx = gy W, a linear layer's backward pass. It needs the layout OutIn.
func (w Weights) pull(g *Node, p Part) *Node { // [R,out] → [R,in]
	return matmul(g, w.Nodes[p][0], 0)
}

// linear returns x Wᵀ for W in either layout.
func linear(l Layout, pieces []*Node, x *Node) *Node { // [R,in] → [R,out]
	if l == OutIn {
		return matmul(x, pieces[0], 1)
	}
	y := make([]*Node, len(pieces))
	for i, w := range pieces {
		y[i] = matmul(x, w, 0) // [R,out_i]
	}
	return Concatenate(y, -1)
}

// matmul contracts the last axis of x with an axis of the matrix w.
func matmul(x, w *Node, axis int) *Node { // [R,n]·[..n..] → [R,m]
	return Dot(x, w).General([]int{1}, nil, []int{axis}, nil)
}
