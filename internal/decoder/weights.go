package decoder

import (
	"fmt"

	. "github.com/gomlx/gomlx/core/graph"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
)

// A Part names a weight of a layer. Its order is the order of the weights as inputs of a graph; a bias follows its matrix.
type Part int

// The weights of a layer. A model has those that its config asks for.
const (
	Norm1     Part = iota // before attention
	Query                 // matrices are [out, in]
	QueryBias             //
	Key                   //
	KeyBias               //
	Value                 //
	ValueBias             //
	QueryNorm             //
	KeyNorm               //
	Out                   //
	OutBias               //
	PostNorm1             // after attention
	Norm2                 // before the MLP
	Gate                  //
	GateBias              //
	Up                    //
	UpBias                //
	Down                  //
	DownBias              //
	PostNorm2             // after the MLP
	Parts                 // how many there are
)

// partTable says of each part what it is called in a Hugging Face checkpoint, its shape, and whether a model has it.
var partTable = [Parts]struct {
	name string
	dims func(c Config) []int
	has  func(c Config) bool
}{
	Norm1:     {"input_layernorm.weight", ofWidth, hasPre},
	Query:     {"self_attn.q_proj.weight", func(c Config) []int { return []int{c.queries(), c.Width} }, always},
	QueryBias: {"self_attn.q_proj.bias", func(c Config) []int { return []int{c.queries()} }, hasQKVBias},
	Key:       {"self_attn.k_proj.weight", func(c Config) []int { return []int{c.keys(), c.Width} }, always},
	KeyBias:   {"self_attn.k_proj.bias", func(c Config) []int { return []int{c.keys()} }, hasQKVBias},
	Value:     {"self_attn.v_proj.weight", func(c Config) []int { return []int{c.keys(), c.Width} }, always},
	ValueBias: {"self_attn.v_proj.bias", func(c Config) []int { return []int{c.keys()} }, hasQKVBias},
	QueryNorm: {"self_attn.q_norm.weight", func(c Config) []int { return []int{c.normed(c.queries())} }, hasQKNorm},
	KeyNorm:   {"self_attn.k_norm.weight", func(c Config) []int { return []int{c.normed(c.keys())} }, hasQKNorm},
	Out:       {"self_attn.o_proj.weight", func(c Config) []int { return []int{c.Width, c.queries()} }, always},
	OutBias:   {"self_attn.o_proj.bias", ofWidth, func(c Config) bool { return c.OutBias }},
	PostNorm1: {"post_attention_layernorm.weight", ofWidth, hasPost},
	Norm2:     {"pre_feedforward_layernorm.weight", ofWidth, hasPre}, // but with norms before alone: see TensorName
	Gate:      {"mlp.gate_proj.weight", func(c Config) []int { return []int{c.Neurons, c.Width} }, always},
	GateBias:  {"mlp.gate_proj.bias", ofNeurons, hasMLPBias},
	Up:        {"mlp.up_proj.weight", func(c Config) []int { return []int{c.Neurons, c.Width} }, always},
	UpBias:    {"mlp.up_proj.bias", ofNeurons, hasMLPBias},
	Down:      {"mlp.down_proj.weight", func(c Config) []int { return []int{c.Width, c.Neurons} }, always},
	DownBias:  {"mlp.down_proj.bias", ofWidth, hasMLPBias},
	PostNorm2: {"post_feedforward_layernorm.weight", ofWidth, hasPost},
}

func (c Config) queries() int { return c.Heads * c.HeadDim }   // H·C
func (c Config) keys() int    { return c.KVHeads * c.HeadDim } // K·C

// normed returns how many of n channels of queries or keys are normed together.
func (c Config) normed(n int) int {
	if c.QKNorm == checkpoint.HeadQKNorm {
		return c.HeadDim
	}
	return n
}

func ofWidth(c Config) []int   { return []int{c.Width} }
func ofNeurons(c Config) []int { return []int{c.Neurons} }
func always(Config) bool       { return true }
func hasPre(c Config) bool     { return c.Norms != checkpoint.PostNorms }
func hasPost(c Config) bool    { return c.Norms != checkpoint.PreNorms }
func hasQKVBias(c Config) bool { return c.QKVBias }
func hasMLPBias(c Config) bool { return c.MLPBias }
func hasQKNorm(c Config) bool  { return c.QKNorm != checkpoint.NoQKNorm }

// Dims returns the shape of a part: [out, in] for a matrix, [n] for a norm or a bias.
func (p Part) Dims(c Config) []int { return partTable[p].dims(c) }

// The weights outside the layers, by their Hugging Face names.
const (
	EmbedName     = "model.embed_tokens.weight" // [V, D]
	FinalNormName = "model.norm.weight"         // [D]
	HeadName      = "lm_head.weight"            // [V, D]; absent where Config.Tied
)

// Parts lists the parts of every layer, in their order.
func (c Config) Parts() []Part {
	var all []Part
	for p := range Parts {
		if partTable[p].has(c) {
			all = append(all, p)
		}
	}
	return all
}

// TensorName returns the Hugging Face name of a part of a layer. The norm before the MLP is named after where it stands:
// after the attention, or, where the attention has a norm of its own after it, before the MLP.
func (p Part) TensorName(c Config, layer int) string {
	name := partTable[p].name
	if p == Norm2 && !hasPost(c) {
		name = partTable[PostNorm1].name
	}
	return fmt.Sprintf("model.layers.%d.%s", layer, name)
}

// Weights are the weights of one layer as nodes of a graph: matrices [out, in] as checkpoints have them, norms and biases
// [1,n]; nil where the model has none.
type Weights [Parts]*Node

// apply returns y = x Wᵀ + b, a linear layer's forward pass. A bias follows its matrix in the order of the parts.
func (w Weights) apply(x *Node, p Part) *Node { // [R,in] → [R,out]
	y := matmul(x, w[p], 1)
	if b := w[p+1]; b != nil {
		y = Add(y, b)
	}
	return y
}

// pull returns gx = gy W, a linear layer's backward pass.
func (w Weights) pull(g *Node, p Part) *Node { return matmul(g, w[p], 0) } // [R,out] → [R,in]

// bias returns ⟨∂m/∂b, b⟩ of a matrix's bias by row, nil where it has none.
func (w Weights) bias(g *Node, p Part) *Node { // [R,out] → [R,1]
	if b := w[p+1]; b != nil {
		return matmul(g, b, 1)
	}
	return nil
}

// matmul contracts the last axis of x with an axis of the matrix w.
func matmul(x, w *Node, axis int) *Node { // [R,n]·[..n..] → [R,m]
	return Dot(x, w).General([]int{1}, nil, []int{axis}, nil)
}

// total adds up the nodes that are not nil; nil where there are none.
func total(nodes ...*Node) (s *Node) {
	for _, n := range nodes {
		switch {
		case n == nil:
		case s == nil:
			s = n
		default:
			s = Add(s, n)
		}
	}
	return s
}
