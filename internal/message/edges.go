package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// EdgesSettings asks for the edges between nodes of a prompt, and into its metric, as a message.
type EdgesSettings struct {
	Prompt  Prompt         `json:"prompt"`
	Metric  *Metric        `json:"metric,omitempty"` // absent: no node for the metric
	Rule    engine.Rule    `json:"rule"`
	Nodes   []EdgeNode     `json:"nodes"`
	Targets int            `json:"targets"` // so many of the nodes, the first, are targets
	Direct  bool           `json:"direct"`
	Edits   []Intervention `json:"edits"`
}

// EdgeNode is a neuron or head of a prompt.
type EdgeNode struct {
	engine.Neuron
	Position int     `json:"position"`      // from the end where negative; where All, it counts for nothing
	All      bool    `json:"all,omitempty"` // at every position
	Score    float64 `json:"score"`
}

// Span returns the positions [from,to) of a prompt of n tokens that the node stands at; ok is false where there is none. What is
// counted from the end reaches the first position only where that is the last one too: prompts stand on one another from the end,
// but with their first tokens together, so that the first is nobody's n-th from the end.
func (x EdgeNode) Span(n int) (from, to int, ok bool) {
	switch {
	case x.All:
		return 0, n, true
	case x.Position < 0:
		from = n + x.Position
		return from, from + 1, from > 0 || x.Position == -1 && n == 1
	}
	return x.Position, x.Position + 1, x.Position < n
}

// Kind implements Settings.
func (EdgesSettings) Kind() Kind { return Kind{"edges", "edges", 1} }

// Check implements Settings.
func (s EdgesSettings) Check() error {
	errs := []error{s.Prompt.checkAlone(), checkRule(s.Rule)}
	if s.Metric != nil {
		errs = append(errs, s.Metric.check())
	}
	if _, ok := s.Rule.Steps(); ok {
		errs = append(errs, engine.Mistake(engine.BadSetting, "edges have no integrated gradients: an edge is one pass").Try("use RelP, Frozen or Gradient"))
	}
	if len(s.Nodes) == 0 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "the circuit is empty, so there is no edge").Try("select some neurons, e.g. TopK(50)"))
	}
	if s.Targets < 0 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "%d targets", s.Targets).Try("use Targets(30)"))
	}
	if s.Targets == 0 && s.Metric == nil {
		errs = append(errs, engine.Mistake(engine.BadSetting, "there is no target").Try("use Targets(30), or give the metric: Measure(\" word\", \"\")"))
	}
	for i, n := range s.Nodes {
		if n.Head && i < s.Targets && s.Metric == nil {
			errs = append(errs, engine.Mistake(engine.BadSetting, "what enters the head %v is read in its part of a metric, and there is none", n.Neuron).
				Try(`add Measure(" word", " other"), or leave heads out: circuit.Minus(circuit.Heads())`))
			break
		}
	}
	return errors.Join(errs...)
}

// Fits implements Fitting.
func (s EdgesSettings) Fits(shape engine.Shape) error {
	ns := make([]engine.Neuron, len(s.Nodes))
	for i, n := range s.Nodes {
		ns[i] = n.Neuron
	}
	return errors.Join(CheckNeurons(shape, ns), CheckInterventions(shape, s.Edits))
}

// EdgesBody is the part of a record of edges that is not tensors: "weights" [K,N], the edges from each node into each target;
// "tokens" [K,T], those from the input embeddings; "balance" [K,5], the value of a target and what else enters it: biases, what an
// edit injects, what queries and keys take, and of direct edges those from all neurons.
type EdgesBody struct {
	Shape   engine.Shape   `json:"shape"`
	Tokens  []engine.Token `json:"tokens"`
	Metric  *Resolved      `json:"metric,omitempty"`
	Ranked  *Ranked        `json:"ranked,omitempty"` // the target of the metric among the predictions
	Rule    engine.Rule    `json:"rule"`
	Direct  bool           `json:"direct"`
	Nodes   []EdgeNode     `json:"nodes"`   // N, each at one position from 0
	Targets int            `json:"targets"` // the first nodes; the metric, where there is one, comes after them: K in all
}

// BalanceTerms is how many numbers of a balance there are.
const BalanceTerms = 5

// Tensors implements Body.
func (b *EdgesBody) Tensors() map[string][]int {
	k := max(b.Targets, 0)
	if b.Metric != nil {
		k++
	}
	return map[string][]int{"weights": {k, len(b.Nodes)}, "tokens": {k, len(b.Tokens)}, "balance": {k, BalanceTerms}}
}
