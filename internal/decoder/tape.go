package decoder

import . "github.com/gomlx/gomlx/core/graph"

// A Tape is what the backward pass of one layer needs of its forward pass. Once it is made, the backward pass is linear
// and needs no activation of its own.
type Tape struct {
	norm1, post1, norm2, post2 normed
	attended
	gated
	mlp    *Node // [R,D]
	vector *Node // what the edit adds to the residual stream [R,D]; nil without an edit
	outs   []taken
}

// Neurons returns h' [R,F], the input of down_proj.
func (t Tape) Neurons() *Node { return t.h }

// Heads returns the heads' outputs as an edit leaves them [N, H·C].
func (t Tape) Heads() *Node { return t.z }

// MLP returns the output of the MLP, an edit's vector included [R,D]: before any norm of it.
func (t Tape) MLP() *Node { return t.mlp }

// Pattern returns the attention pattern [B·K, G·T, T], which is [B,H,T,T] in memory; nil where attention goes in blocks.
func (t Tape) Pattern() *Node { return t.p }

// Keys and Values return what later positions attend to: [B·K, T, C].
func (t Tape) Keys() *Node { return t.k }

// Values is described at Keys.
func (t Tape) Values() *Node { return t.v }

// A TapeForm says what a tape holds, beside what the config says.
type TapeForm struct {
	Rules  Rules
	Edited bool // there was an edit
	Blocks bool // attention goes in blocks

	OutMLP, OutResidual int // how many directions the edit takes out of the MLP's output, and of the residual stream
}

// slot is one node of a tape, and how many numbers of it a row of the batch has, or a slot of attention.
type slot struct {
	node **Node
	row  int
	of   rowKind
}

// A rowKind says what a node of a tape has rows for.
type rowKind int

const (
	allRows rowKind = iota // of the residual stream before the layer
	onRows                 // that go on
	ofSlots                // slots of attention
)

// slotsOf lists what a tape of a form holds, for t positions. Its order is that of a tape's nodes as inputs of a graph.
func slotsOf(t *Tape, c Config, f TapeForm, positions int) []slot {
	s := []slot{{&t.q, c.queries(), ofSlots}, {&t.k, c.keys(), ofSlots}, {&t.v, c.keys(), ofSlots}, {&t.h, c.Neurons, onRows},
		{&t.dgate, c.Neurons, onRows}, {&t.dup, c.Neurons, onRows}}
	norm := func(n *normed, width, groups int, of rowKind, constant, has bool) {
		if !has {
			return
		}
		s = append(s, slot{&n.scale, width, of})
		if !constant {
			s = append(s, slot{&n.unit, width, of}, slot{&n.root, groups, of})
		}
	}
	norm(&t.norm1, c.Width, 1, allRows, f.Rules.Norm, hasPre(c))
	norm(&t.norm2, c.Width, 1, onRows, f.Rules.Norm, hasPre(c))
	norm(&t.post1, c.Width, 1, onRows, f.Rules.Norm, hasPost(c))
	norm(&t.post2, c.Width, 1, onRows, f.Rules.Norm, hasPost(c))
	norm(&t.qn, c.queries(), c.queries()/c.normed(c.queries()), onRows, f.Rules.QKNorm, hasQKNorm(c))
	norm(&t.kn, c.keys(), c.keys()/c.normed(c.keys()), allRows, f.Rules.QKNorm, hasQKNorm(c))
	if !f.Blocks {
		s = append(s, slot{&t.p, c.Heads * positions, ofSlots})
		if c.AttentionCap > 0 {
			s = append(s, slot{&t.slope, c.Heads * positions, ofSlots})
		}
	}
	if f.Edited {
		s = append(s, slot{&t.rest, c.Neurons, onRows}, slot{&t.gated.vector, c.Width, onRows}, slot{&t.vector, c.Width, onRows},
			slot{&t.heads, c.Heads, onRows})
	}
	for _, o := range []struct {
		of *[]taken
		n  int
	}{{&t.gated.outs, f.OutMLP}, {&t.outs, f.OutResidual}} {
		if o.n == 0 {
			continue
		}
		own := make([]taken, o.n) // of this tape: what is done to it leaves others alone
		copy(own, *o.of)
		*o.of = own
		for i := range own {
			s = append(s, slot{&own[i].u, c.Width, onRows}, slot{&own[i].k, 1, onRows})
		}
	}
	return s
}

// Nodes lists the tape, to pass it from the graph of the forward pass to that of the backward pass.
func (t Tape) Nodes(c Config, f TapeForm) (all []*Node) {
	for _, s := range slotsOf(&t, c, f, 0) {
		all = append(all, *s.node)
	}
	return all
}

// Apart returns the tape of tokens that have a row each, from one whose rows tokens share: tokens holds the row of each, and on
// the row of each that goes on, among those that do. Where all do they are the same.
func (t Tape) Apart(c Config, f TapeForm, tb Tables, tokens, on *Node) Tape { // [·] twice
	for _, s := range slotsOf(&t, c, f, 0) {
		rows, of := tb.R, tokens
		switch s.of {
		case ofSlots:
			continue
		case onRows:
			rows, of = tb.on().R, on
		}
		d := (*s.node).Shape().Dimensions
		x := rowsOf(Reshape(*s.node, rows, d[0]*d[1]/rows), of) // [tokens, ·]
		*s.node = Reshape(x, of.Shape().Dim(0)*d[0]/rows, d[1]) // some have several rows of their own for a row
	}
	return t
}

// ReadTape is the inverse of Tape.Nodes.
func ReadTape(c Config, f TapeForm, nodes []*Node) (t Tape) {
	for i, s := range slotsOf(&t, c, f, 0) {
		*s.node = nodes[i]
	}
	return t
}

// TapeLen returns the length of Tape.Nodes.
func TapeLen(c Config, f TapeForm) int { return len(slotsOf(new(Tape), c, f, 0)) }

// TapeSize returns how many numbers Tape.Nodes hold for b prompts of t positions, of which r are rows: at the most, where few go on.
func (c Config) TapeSize(f TapeForm, b, t, r int) (n int) {
	for _, s := range slotsOf(new(Tape), c, f, t) {
		if s.of == ofSlots {
			n += b * t * s.row
		} else {
			n += r * s.row
		}
	}
	return n
}
