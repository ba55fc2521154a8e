package golden

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// mostListed is how many edges a file lists, the largest, where there are more.
const mostListed = 500

// edges compares the edges of a prompt's circuit, total and direct: each that the file lists, that it lists the largest, and how many
// reach its floor.
func (c *check) edges(p prompt) {
	n := p.get("edges")
	if !n.exists() {
		return
	}
	s := message.EdgesSettings{Prompt: message.Prompt{Text: p.text}, Rule: engine.RelP, Targets: n.get("targets").integer()}
	for _, x := range n.get("circuit").all() {
		row := x.all()
		if len(row) != 4 {
			x.wrong("[layer, position, neuron, score]")
			return
		}
		s.Nodes = append(s.Nodes, message.EdgeNode{Neuron: engine.Neuron{Layer: row[0].integer(), Index: row[2].integer()},
			Position: row[1].integer(), Score: row[3].num()})
	}
	for _, kind := range []string{"total", "direct"} {
		s.Direct = kind == "direct"
		g, err := asked[steer.Graph]{c.model, s, steer.EdgesTask{}.Result}.run(c.ctx)
		c.edgeList(kind+" edges", n.get(kind), n.get(kind+"Count"), n.get("floor").num(), g, err)
	}
}

// ends names an edge by layer, position and neuron of its source and of its target.
type ends [6]int

// edgeList compares a list of edges and their number.
func (c *check) edgeList(quantity string, want, count node, floor float64, g steer.Graph, err error) {
	mark(want.source(), count.source())
	got, n := map[ends]float64{}, 0
	for _, e := range g.Edges() {
		if e.Source.Kind != steer.NeuronNode {
			continue
		}
		got[ends{e.Source.Layer, e.Source.Position, e.Source.Index, e.Target.Layer, e.Target.Position, e.Target.Index}] = e.Weight
		if math.Abs(e.Weight) >= floor {
			n++
		}
	}
	list := want.all()
	if stated := count.integer(); err == nil && len(list) != min(stated, mostListed) {
		err = fmt.Errorf("the file lists %d edges of %d", len(list), stated)
	}
	if err != nil {
		c.rep.failure(c.label, quantity, err)
		return
	}
	c.rep.exact(c.label, quantity+", how many", n == count.integer(), fmt.Sprintf("%d reach %g, it should be %d", n, floor, count.integer()))
	worst, sum, size, least := 0., 0., 0., math.Inf(1)
	for _, x := range list {
		row := x.all()
		if len(row) != 7 {
			x.wrong("[layer, position, neuron, layer, position, neuron, weight]")
			return
		}
		var e ends
		for i := range e {
			e[i] = row[i].integer()
		}
		w, ok := got[e]
		if !ok {
			w = math.NaN() // no such edge, or it is listed twice
		}
		delete(got, e)
		d := math.Abs(w - row[6].num())
		if !(d <= worst) {
			worst = d
		}
		sum, size, least = sum+d*d, size+row[6].num()*row[6].num(), min(least, math.Abs(row[6].num()))
	}
	c.rep.difference(c.label, quantity, worst, c.tolerance("attributionAbs"))
	c.rep.difference(c.label, quantity+", relative L2", math.Sqrt(sum/size), c.tolerance("attributionRelL2"))
	over := 0. // by which one that is not listed is larger than the least that is
	for _, w := range got {
		if math.Abs(w) >= floor {
			over = max(over, math.Abs(w)-least)
		}
	}
	c.rep.difference(c.label, quantity+", one left out", over, c.tolerance("attributionAbs"))
}
