package engine

import (
	"fmt"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// circuit200 is 200 neurons of a model over the positions of a prompt, of which the first 30 are in higher layers, as those that
// lead an attribution are.
func circuit200(e *Engine, t int) (nodes []seam.Node) {
	c := e.cfg
	for i := range 200 {
		l := i * 7 % c.Layers
		if i < 30 {
			l = c.Layers/3 + i*7%(c.Layers-c.Layers/3)
		}
		p := t - 1
		if i%3 == 2 {
			p = i % t
		}
		nodes = append(nodes, seam.Node{Neuron: seam.Neuron{Layer: l, Index: i * 97 % c.Neurons}, Position: p})
	}
	return nodes
}

// BenchmarkEdges is the edges of 200 nodes into 30 targets on random weights.
func BenchmarkEdges(b *testing.B) {
	e := openRandom(b, smol(), Options{})
	defer e.Close()
	const t = 16
	edgesBeside(b, e, prompt(e.cfg, t, 0), circuit200(e, t))
}

// throughMLPs is how much of it the targets of edges have to go through, as so many passes backward from the last layer: most of
// the time is this, whatever they go together. Those that lead an attribution are high up and at the last position.
func throughMLPs(e *Engine, in seam.Edges) float64 {
	rows := 0
	for _, x := range e.targetsOf(in) {
		rows += x.rows * x.Layer
	}
	return float64(rows) / float64(len(in.IDs)*e.cfg.Layers)
}

// edgesBeside measures edges from nodes into the first 30 of them, beside the same target by target, and beside as many
// attributions.
func edgesBeside(b *testing.B, e *Engine, ids []int32, nodes []seam.Node) {
	for _, direct := range []bool{false, true} {
		in := seam.Edges{IDs: ids, Sources: nodes, Targets: nodes[:30], Rule: seam.RelP, Direct: direct}
		call := func(in seam.Edges) error { _, err := e.Edges(b.Context(), in, nil); return err }
		b.Run(fmt.Sprintf("together/direct=%v", direct), func(b *testing.B) {
			loop(b, func() error { return call(in) })
			if !direct {
				b.ReportMetric(throughMLPs(e, in), "passes/op")
			}
		})
		b.Run(fmt.Sprintf("one by one/direct=%v", direct), func(b *testing.B) {
			loop(b, func() error {
				for i := range in.Targets {
					one := in
					one.Targets = in.Targets[i : i+1]
					if err := call(one); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
	b.Run("30 attributions", func(b *testing.B) {
		one := [][]int32{ids}
		in := seam.Attribution{IDs: one, Terms: lastTerm(one), Rule: seam.RelP}
		loop(b, func() error {
			for range 30 {
				if _, err := e.Attribute(b.Context(), in, nil); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
