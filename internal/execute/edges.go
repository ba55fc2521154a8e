package execute

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// mostEdges bounds the numbers of a record of edges.
const mostEdges = 1 << 26

// runEdges computes the tensors that message.EdgesBody says.
func runEdges(ctx context.Context, e *env, s message.EdgesSettings) (any, tensors, error) {
	b := message.EdgesBody{Shape: e.Shape(), Rule: s.Rule, Direct: s.Direct}
	in := engine.Edges{Rule: s.Rule, Direct: s.Direct, Metric: s.Metric != nil}
	if s.Metric != nil {
		j, err := readJob(e, s.Prompt, *s.Metric)
		if err != nil {
			return nil, nil, err
		}
		e.warn(j.warnings...)
		jobs := []job{j}
		in.IDs, b.Tokens, in.LogProb = message.IDs(j.tokens), j.tokens, s.Metric.Target.How == message.ByAnswer
		in.Edit = composeBatch(b.Shape, s.Edits, []int{len(j.tokens)}, []bool{j.bos})
		if err := (attribution{}).ask(ctx, e, jobs, [][]int32{in.IDs}, in.Edit, e.progress("forward")); err != nil {
			return nil, nil, err
		}
		b.Metric, in.Terms = &jobs[0].metric, jobs[0].metric.Terms
	} else {
		ts, ws, err := readPrompt(e, s.Prompt, 0)
		if err != nil {
			return nil, nil, err
		}
		e.warn(ws...)
		in.IDs, b.Tokens = message.IDs(ts), ts
		in.Edit = composeBatch(b.Shape, s.Edits, []int{len(ts)}, []bool{startsWithBOS(e, ts)})
	}
	var err error
	if b.Nodes, b.Targets, err = placed(s, len(b.Tokens)); err != nil {
		return nil, nil, err
	}
	k := b.Targets + 1
	if n := k * (len(b.Nodes) + len(b.Tokens)); n > mostEdges {
		return nil, nil, engine.Mistake(engine.TooLarge, "%d nodes and %d targets make %d edges", len(b.Nodes), b.Targets, n).
			Try("use fewer targets, a smaller circuit, or one with positions: TopEntries(200)")
	}
	for _, n := range b.Nodes {
		in.Sources = append(in.Sources, engine.Node{Neuron: n.Neuron, Position: n.Position})
	}
	in.Targets = in.Sources[:b.Targets]
	r, err := e.Edges(ctx, in, e.progress("edges"))
	if err != nil {
		return nil, nil, err
	}
	if b.Metric != nil {
		if err := finiteLogits(r.Logits); err != nil {
			return nil, nil, err
		}
		if len(b.Metric.Sum) == 0 {
			x := message.Rank(r.Logits, b.Metric.Target)
			b.Ranked = &x
		}
	}
	var balance []float32
	for i, v := range r.Value {
		row := [message.BalanceTerms]float32{v, r.Biases[i], r.Injected[i]}
		for _, x := range r.Attention[i] {
			row[3] -= 2 * x
		}
		if s.Direct {
			for _, x := range r.Neurons[i] {
				row[4] += x
			}
		}
		balance = append(balance, row[:]...)
	}
	k = len(r.Value)
	return b, tensors{
		"weights": {Shape: []int{k, len(b.Nodes)}, Data: slices.Concat(r.Weights...)},
		"tokens":  {Shape: []int{k, len(b.Tokens)}, Data: slices.Concat(r.Tokens...)},
		"balance": {Shape: []int{k, message.BalanceTerms}, Data: balance},
	}, nil
}

// placed puts the nodes at their positions of a prompt of n tokens: one that is at every position is n nodes. It returns them, each
// once, and how many of them are targets.
func placed(s message.EdgesSettings, n int) (nodes []message.EdgeNode, targets int, err error) {
	seen := map[engine.Node]bool{}
	for i, x := range s.Nodes {
		from, to, ok := x.Span(n)
		if !ok {
			return nil, 0, engine.Mistake(engine.BadSetting, "%v stands at position %d, the prompt has %d tokens", x.Neuron, x.Position, n).
				Try("find the circuit on this prompt, or select it without positions: TopK(50)")
		}
		for p := from; p < to; p++ {
			if at := (engine.Node{Neuron: x.Neuron, Position: p}); !seen[at] {
				seen[at] = true
				nodes = append(nodes, message.EdgeNode{Neuron: x.Neuron, Position: p, Score: x.Score})
			}
		}
		if i < s.Targets {
			targets = len(nodes)
		}
	}
	return nodes, targets, nil
}
