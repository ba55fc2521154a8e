package engine

import (
	"cmp"
	"slices"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// traced is a target on its way down.
type traced struct {
	seam.Node
	place int       // of the target in the result
	from  int       // its first row
	rows  int       // one for each position up to its own
	seed  []float32 // of a head, the gradient in its output [C]; of the metric and of an output, that after the last layer [rows,D]
}

// targetsOf lists the targets from the top, the metric and the outputs, if any, first: they enter after the last layer. In a layer
// neurons come before heads, as the backward pass meets them.
func (e *Engine) targetsOf(in seam.Edges) []traced {
	var all []traced
	for i, n := range in.Targets {
		all = append(all, traced{Node: n, place: i, rows: n.Position + 1})
	}
	m := e.metricTarget(in)
	if in.Metric {
		all = append(all, m)
		m.place++
	}
	for range in.Outputs {
		all = append(all, m)
		m.place++
	}
	slices.SortStableFunc(all, func(a, b traced) int {
		return cmp.Or(cmp.Compare(b.Layer, a.Layer), cmp.Compare(order(a.Head), order(b.Head)))
	})
	return all
}

func order(head bool) int {
	if head {
		return 1
	}
	return 0
}

// metricTarget is the metric as a target, as long as its last term.
func (e *Engine) metricTarget(in seam.Edges) traced {
	m := traced{Node: seam.Node{Neuron: seam.Neuron{Layer: e.cfg.Layers}}, place: len(in.Targets)}
	for _, t := range in.Terms {
		m.Position = max(m.Position, t.Position)
	}
	m.rows = m.Position + 1
	return m
}

// chunks cuts targets into runs of at most so many rows, if not one, and gives them their rows.
func chunks(all []traced, rows int) (out [][]traced) {
	n := 0
	for _, t := range all {
		if len(out) == 0 || n+t.rows > rows {
			out, n = append(out, nil), 0
		}
		t.from = n
		n += t.rows
		last := &out[len(out)-1]
		*last = append(*last, t)
	}
	return out
}

// descent is the targets of a chunk at one layer.
type descent struct {
	layer, t int
	above    []traced // from higher layers
	all      []traced // and those that enter here
}

// at returns the descent of a chunk to a layer, of prompts of t positions.
func at(chunk []traced, layer, t int) descent {
	count := func(from int) int { // they come from the top
		if below := slices.IndexFunc(chunk, func(x traced) bool { return x.Layer < from }); below >= 0 {
			return below
		}
		return len(chunk)
	}
	return descent{layer, t, chunk[:count(layer+1)], chunk[:count(layer)]}
}

// rowsIn counts the rows of targets.
func rowsIn(targets []traced) int {
	if len(targets) == 0 {
		return 0
	}
	last := targets[len(targets)-1]
	return last.from + last.rows
}

// positions lists the position of each row.
func positions(targets []traced) (all []int32) {
	for _, x := range targets {
		for p := range x.rows {
			all = append(all, int32(p))
		}
	}
	return all
}

// batch is the rows of the targets as prompts.
func (d descent) batch() batch {
	b := batch{b: len(d.all), t: d.t, ids: positions(d.all)}
	for _, x := range d.all {
		rows := make([]int32, x.rows)
		for p := range rows {
			rows[p] = int32(x.from + p)
		}
		b.lens, b.rows = append(b.lens, x.rows), append(b.rows, rows)
	}
	return b
}

// entering returns the targets that enter as neurons, or as heads.
func (d descent) entering(head bool) (some []traced) {
	for _, x := range d.all[len(d.above):] {
		if x.Head == head {
			some = append(some, x)
		}
	}
	return some
}
