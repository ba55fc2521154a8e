package engine

import (
	"slices"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// checkEdges checks everything but the rule. There are no terms where the metric is not needed.
func (e *Engine) checkEdges(task string, in seam.Edges) (b batch, terms termList, err error) {
	if b, err = e.batch(task, [][]int32{in.IDs}); err != nil {
		return b, terms, err
	}
	if err = checkEdit(task, e.cfg, in.Edit, 1, b.t); err != nil {
		return b, terms, err
	}
	if err = checkBack(task, in.Edit); err != nil {
		return b, terms, err
	}
	for _, list := range []struct {
		what  string
		nodes []seam.Node
	}{{"source", in.Sources}, {"target", in.Targets}} {
		for i, n := range list.nodes {
			if !e.Shape().Has(n.Neuron) {
				return b, terms, seam.Errorf(seam.BadSetting, task, "%s %d is %v, which a model of %d layers of %d neurons and %d heads does not have",
					list.what, i, n.Neuron, e.cfg.Layers, e.cfg.Neurons, e.cfg.Heads).Try("take a circuit of this model")
			}
			if n.Position < 0 || n.Position >= b.t {
				return b, terms, seam.Errorf(seam.BadSetting, task, "%s %d is at position %d of a prompt of %d tokens", list.what, i, n.Position, b.t).
					Try("use 0 to %d", b.t-1)
			}
		}
	}
	if len(in.Targets) == 0 && !in.Metric && len(in.Outputs) == 0 {
		return b, terms, seam.Errorf(seam.BadSetting, task, "there is no target").Try("give a neuron, a head, the metric or an output")
	}
	for i, id := range in.Outputs {
		if err := e.checkID(task, id); err != nil {
			return b, terms, err.Try("output %d belongs to another model's tokenizer", i)
		}
	}
	if in.Metric || len(in.Outputs) > 0 || slices.ContainsFunc(in.Targets, isHead) {
		terms, err = e.terms(task, b, [][]seam.Term{in.Terms}, in.LogProb)
	}
	return b, terms, err
}

// byLayer lists the places of some nodes by layer.
func byLayer(nodes []seam.Node, some func(seam.Node) bool) map[int][]int {
	m := map[int][]int{}
	for i, n := range nodes {
		if some(n) {
			m[n.Layer] = append(m[n.Layer], i)
		}
	}
	return m
}

func isHead(n seam.Node) bool { return n.Head }

// groupOf returns the group that a layer is in; that of the metric, which is after the last layer, is the last.
func (e *Engine) groupOf(layer int) int {
	return slices.IndexFunc(e.groups, func(g group) bool { return min(layer, e.cfg.Layers-1) < g.to })
}
