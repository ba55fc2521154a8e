package engine

import (
	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// What a graph computes.
type graphKind int

const (
	embedGraph   graphKind = iota // table, ids → x
	logitsGraph                   // x, rows, final, head → logits
	rawGraph                      // the same → logits before their cap
	someGraph                     // the same, tokens → logits of these
	unembedGraph                  // x, head → logits before their cap
	termGraph                     // table, terms → gradient in the normed x
	cappedGraph                   // table, terms, x, rows, final → the same of capped logits, m of each term
	pullGraph                     // table, gradient in the logits → gradient in the normed x
	seedGraph                     // x, rows, place, gradient, final → ⟨∂m/∂z, z⟩ of each term, gx
	plainGraph                    // x, tables, weights, edits → x, what is captured of each layer
	cacheGraph                    // the same → x, keys and values of each layer
	tapeGraph                     // the same → x, tape of each layer
	backGraph                     // gx, tables, weights, tapes → gx, and what decoder.Relevance lists of each layer
	edgesGraph                    // positions of rows, tables, weights, tape, what decoder.Edges has → gx, what decoder.Traced has
	stepGraph                     // x, tables, weights, edits, caches → x, key and value of each layer
	neuronsGraph                  // x, tables, weights → x, and what decoder.ToNeurons has of the layer
	downGraph                     // what decoder.ToNeurons has, rows of it, weights, edits → x
)

// graphKey names an executable. There are at most two of a kind, a rule, a group size and a shape: without an edit, and
// with the general edit, whose settings are inputs.
type graphKey struct {
	kind   graphKind
	rules  decoder.Rules
	form   editForm
	edits  bool // rows take different parts of the edit
	apart  bool // a tapeGraph gives each token a row of its own
	layers int
	kinds  kinds
	shape  [3]int // what decides the inputs' shapes beside the model: B, T and R, or R and the number of rows or terms, or S

	picked [2]int // of the graph of the last layer, where few rows go on from it: how many, and queries of a prompt

	capture seam.Site // what a plainGraph gives of each layer
	slopes  bool      // a backGraph gives those of the heads' outputs, after what decoder.Relevance lists
	edges   edgesKey  // of an edgesGraph
}

// before reports whether a graph gives the stream before its last layer too, as the first output after x: where few rows go on
// nobody else would see what the others had become.
func (key graphKey) before() bool {
	return key.kind != backGraph && key.picked != [2]int{} && key.layers > 1
}

// maxGraphs bounds how many executables are kept; one takes about 0.2 MB and a millisecond to make.
const maxGraphs = 256

// graphs builds executables when they are first asked for.
type graphs struct {
	*lru[graphKey, *Exec]
	cfg decoder.Config
}

func newGraphs(c decoder.Config, b compute.Backend) *graphs {
	g := &graphs{cfg: c}
	g.lru = newLRU(maxGraphs, func(key graphKey) (*Exec, error) {
		e, err := NewExec(b, func(in []*Node) []*Node { return g.build(key, in) })
		if err != nil {
			return nil, err
		}
		return e.SetMaxCache(-1), nil // an edit comes in up to four shapes
	}, (*Exec).Finalize)
	return g
}

// build is the body of every graph: it deals the inputs out to the functions of package decoder and collects their outputs.
func (g *graphs) build(key graphKey, in []*Node) []*Node {
	take := func(n int) []*Node { a := in[:n]; in = in[n:]; return a }
	c := g.cfg
	switch key.kind {
	case embedGraph:
		return []*Node{decoder.Embed(c, in[0], in[1])}
	case logitsGraph:
		return []*Node{decoder.CapLogits(c, decoder.Logits(c, in[2], in[3], in[0], in[1]))}
	case someGraph:
		return []*Node{decoder.CapLogits(c, decoder.LogitsAt(c, in[2], in[3], in[0], in[1], in[4]))}
	case rawGraph:
		return []*Node{decoder.Logits(c, in[2], in[3], in[0], in[1])}
	case unembedGraph:
		return []*Node{decoder.Unembed(c, in[1], in[0])}
	case termGraph:
		return []*Node{decoder.LogitGradient(c, in[0], in[1], in[2], in[3])}
	case cappedGraph:
		gradient, m := decoder.CappedGradient(c, key.rules, in[6], in[0], in[4], in[5], in[1], in[2], in[3])
		return []*Node{gradient, m}
	case pullGraph:
		return []*Node{decoder.Pull(c, in[0], in[1])}
	case seedGraph:
		linear, gx := decoder.Seed(c, key.rules, in[4], in[0], in[1], in[2], in[3])
		return []*Node{linear, gx}
	case downGraph:
		mid, h := decoder.Rows(in[0], in[2]), decoder.Rows(in[1], in[2])
		take(3)
		w := weightsOf(c, take)
		edits, part := key.editsOf(take)
		if part != nil {
			edits[0] = edits[0].At(part)
		}
		return []*Node{decoder.FromNeurons(c, w, edits[0], mid, h)}
	}

	x := take(1)[0]
	tb, masks := key.tables(c, take)
	ws := make([]decoder.Weights, key.layers)
	for i := range ws {
		ws[i] = weightsOf(c, take)
	}
	form := func(i int) decoder.TapeForm {
		return tapeForm(key.rules, key.form, tb[i].Blocks())
	}
	if key.kind == edgesGraph {
		return key.traced(c, ws[0], tb[0], form(0), x, take)
	}
	var out []*Node
	if key.kind == backGraph {
		tapes := make([]decoder.Tape, key.layers)
		for i := range tapes {
			tapes[i] = decoder.ReadTape(c, form(i), take(decoder.TapeLen(c, form(i))))
		}
		for i := key.layers - 1; i >= 0; i-- { // the last layer comes first, in the outputs too
			var r decoder.Relevance
			x, r = decoder.Backward(c, key.rules, ws[i], tb[i], tapes[i], x)
			out = append(out, r.Nodes()...)
			if key.slopes {
				out = append(out, r.HeadSlopes(tb[i]))
			}
		}
		return append([]*Node{x}, out...)
	}
	if key.kind == neuronsGraph {
		mid, h := decoder.ToNeurons(c, ws[0], tb[0], x)
		return []*Node{decoder.FromNeurons(c, ws[0], nil, mid, h), mid, h}
	}
	edits, part := key.editsOf(take)
	gates := key.form.gates(take)
	var tokens, on *Node
	if key.apart {
		tokens = take(1)[0]
		if on = tokens; key.picked != [2]int{} {
			on = take(1)[0]
		}
	}
	for i := range key.layers {
		if i == key.layers-1 && key.before() {
			out = append([]*Node{x}, out...)
		}
		if part != nil {
			edits[i] = edits[i].At(part) // here, so that only one layer's rows are held at a time
		}
		gates.enter(edits[i], key.form)
		if key.kind == stepGraph {
			caches := make([]decoder.Cache, key.shape[0])
			for j := range caches {
				n := take(2)
				caches[j] = decoder.Cache{Keys: n[0], Values: n[1], Mask: masks[tb[i].Window][j]}
			}
			var k, v *Node
			x, k, v = decoder.Step(c, ws[i], tb[i], edits[i], caches, x)
			out = append(out, k, v)
			gates.leave(edits[i])
			continue
		}
		var t decoder.Tape
		x, t = decoder.Forward(c, key.rules, ws[i], tb[i], edits[i], x)
		gates.leave(edits[i])
		switch key.kind {
		case plainGraph:
			out = append(out, captured(key.capture, t, x, i == key.layers-1)...)
		case cacheGraph:
			out = append(append(out, t.Keys(), t.Values()), gates.all()...)
		case tapeGraph:
			if tokens != nil {
				of := tokens
				if i == key.layers-1 {
					of = on
				}
				t = t.Apart(c, form(i), tb[i], tokens, of)
			}
			out = append(out, t.Nodes(c, form(i))...)
		}
	}
	return append(append([]*Node{x}, gates.all()...), out...)
}

// weightsOf takes the weights of a layer from a graph's inputs.
func weightsOf(c decoder.Config, take func(n int) []*Node) (w decoder.Weights) {
	parts := c.Parts()
	for j, n := range take(len(parts)) {
		w[parts[j]] = n
	}
	return w
}

// editsOf takes the edit of each layer from a graph's inputs, and which part of them each row takes; nil: there is one.
func (key graphKey) editsOf(take func(n int) []*Node) (edits []*decoder.Edit, part *Node) {
	if key.edits {
		part = take(1)[0]
	}
	return key.form.edits(key.layers, take), part
}

// tables takes the tables of a graph's layers from its inputs, and of a step's the masks of its sessions, by window.
func (key graphKey) tables(c decoder.Config, take func(n int) []*Node) ([]decoder.Tables, map[int][]*Node) {
	ropes, windows := key.kinds.needs(key.layers)
	turns, masks := map[int][]*Node{}, map[int][]*Node{}
	b, t, r := key.shape[0], key.shape[1], key.shape[2]
	sessions := 1
	if key.kind == stepGraph { // one position of each; the second size is the caches'
		sessions, t, r = b, 1, b
	}
	for _, i := range ropes {
		turns[i] = take(4)
	}
	for _, w := range windows {
		masks[w] = take(sessions)
	}
	var ragged decoder.Ragged
	if r != b*t {
		n := take(3)
		ragged = decoder.Ragged{Slots: n[0], Rows: n[1], Own: n[2]}
	}
	out := make([]decoder.Tables, key.layers)
	for i, a := range key.kinds[:key.layers] {
		out[i] = decoder.Tables{B: b, T: t, R: r, Attention: a, Mask: masks[a.Window][0], Ragged: ragged}
		if n := turns[a.Rope]; n != nil {
			out[i].QCos, out[i].QSin, out[i].KCos, out[i].KSin = n[0], n[1], n[2], n[3]
		}
	}
	out[key.layers-1] = key.pick(c, out[key.layers-1], take)
	return out, masks
}
