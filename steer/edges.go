package steer

import (
	"context"
	"fmt"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Edges asks what the nodes of a circuit give to one another, on the prompt that the circuit was found on: the weight of an edge is
// h_s·∂h_t/∂h_s, in the unit of its target's activation, in the model that the circuit's rule linearizes (Arora et al., arXiv
// 2601.22594). The first 30 of the circuit's entries are targets, and so is the metric; sources are all entries and the input
// embeddings. It takes one forward and one backward pass for all targets together.
//
//	g, err := m.Edges(scores.TopEntries(200)).Run(ctx)
//
// An entry with a position is one node; one without, as TopK selects, is a node at every position of the prompt, or, in a contrast,
// at the last token. Circuits of many prompts are asked about on one of them, with On and Measure: their positions are counted from
// the end, as Behavior aligns them.
func (m *Model) Edges(c Circuit) EdgesTask {
	return EdgesTask{m: m, circuit: c, targets: 30, least: 1e-6}
}

// EdgesTask describes edges. Its methods return changed copies.
type EdgesTask struct {
	m       *Model
	circuit Circuit
	prompt  *message.Prompt // nil: the circuit's own
	shared  message.Prompt  // chat settings of a prompt that is given
	metric  *message.Metric // nil: the circuit's own
	rule    Rule            // "": the circuit's own
	targets int
	direct  bool
	edits   []Intervention
	least   float64
}

// Total lets an edge pass through all that lies between its ends, also other MLPs. It is the default.
func (t EdgesTask) Total() EdgesTask { t.direct = false; return t }

// Direct leaves the paths through MLPs between the ends out: what is left is the residual stream and attention. Direct edges add
// up: with the embeddings, biases and what queries and keys take, those from all neurons are the target (Graph.Balance).
func (t EdgesTask) Direct() EdgesTask { t.direct = true; return t }

// Targets sets how many of the circuit's entries are targets, from the strongest; the default is 30.
func (t EdgesTask) Targets(n int) EdgesTask { t.targets = n; return t }

// MinWeight presets Graph.MinWeight on the result; the default is 1e-6.
func (t EdgesTask) MinWeight(w float64) EdgesTask { t.least = w; return t }

// On sets the prompt, for a circuit that was found on several, on pairs, or given; the metric is then Measure's, or none.
func (t EdgesTask) On(prompt string) EdgesTask {
	t.prompt = &message.Prompt{Text: prompt}
	return t
}

// Measure sets the metric, logit(target) − logit(versus) at the last token; an empty versus stands for none.
func (t EdgesTask) Measure(target, versus string) EdgesTask {
	t.metric = between(target, versus)
	return t
}

// Rule sets what the backward pass holds constant; the default is what the circuit's scores held constant, or RelP.
func (t EdgesTask) Rule(r Rule) EdgesTask { t.rule = r; return t }

// Chat renders the prompt of On as a user's turn of the model's chat template.
func (t EdgesTask) Chat() EdgesTask { t.shared = t.shared.InChat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t EdgesTask) System(s string) EdgesTask { t.shared = t.shared.WithSystem(s); return t }

// Prefill begins the answer of the chat template, and sets Chat.
func (t EdgesTask) Prefill(s string) EdgesTask { t.shared = t.shared.WithPrefill(s); return t }

// With adds interventions, which hold while the edges are found, beside those that the circuit was found under.
func (t EdgesTask) With(is ...Intervention) EdgesTask { t.edits = with(t.edits, is...); return t }

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t EdgesTask) Ablate(c Circuit) EdgesTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t EdgesTask) Scale(c Circuit, x float64) EdgesTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t EdgesTask) Model() *Model { return t.m }

// Run computes the edges.
func (t EdgesTask) Run(ctx context.Context) (Graph, error) { return run(ctx, t) }

// Result builds the graph around fetch.
func (t EdgesTask) Result(fetch func() Record) Graph {
	load := sync.OnceValue(func() graph { return linked(fetch()) })
	return newGraph(under(t.edits, func() Header { return load().header }), load).MinWeight(t.least)
}

// Request implements Task.
func (t EdgesTask) Request() (Request, error) {
	s, rerr := t.settings()
	edits, err := interventions("edges", t.m, t.edits)
	s.Edits = append(s.Edits, edits...)
	return newRequest(s, rerr, err)
}

// settings are those of the circuit, and of the task where it sets them.
func (t EdgesTask) settings() (message.EdgesSettings, error) {
	s := message.EdgesSettings{Rule: engine.RelP, Targets: t.targets, Direct: t.direct}
	entries, err := t.circuit.on(t.m)
	if err != nil {
		return s, err
	}
	o := t.circuit.from()
	var own message.AttributeSettings
	found := o.header.Request.Kind == own.Kind().Name && o.header.Request.Decode(&own) == nil // on one prompt
	if found {
		s.Prompt, s.Metric, s.Rule, s.Edits = own.Prompt, &own.Metric, own.Rule, own.Edits
		if _, ok := s.Rule.Steps(); ok {
			s.Rule = engine.Gradient
		}
	}
	if t.prompt != nil {
		s.Prompt, s.Metric = t.prompt.Sharing(t.shared), nil
	} else if !found {
		return s, engine.Mistake(engine.BadSetting, "the circuit %s was found on no single prompt, and its edges are those of one", t.circuit.quoted()).
			Try(`add On("a prompt") and Measure(" word", " other")`)
	}
	if t.metric != nil {
		s.Metric = t.metric
	}
	if t.rule != "" {
		s.Rule = t.rule
	}
	same := found && (t.prompt == nil || fmt.Sprint(s.Prompt) == fmt.Sprint(own.Prompt))
	for _, e := range entries {
		n, err := o.stands(e, same)
		if err != nil {
			return s, err
		}
		s.Nodes = append(s.Nodes, n)
	}
	s.Targets = min(s.Targets, len(s.Nodes))
	return s, nil
}

// stands says where an entry stands on a prompt: on the circuit's own, where same, or on another.
func (o origin) stands(e Entry, same bool) (message.EdgeNode, error) {
	n := message.EdgeNode{Neuron: e.Neuron, Position: e.Position, Score: e.Score}
	kind := o.header.Request.Kind
	switch {
	case e.Position >= 0 && same:
	case e.Position < 0 && kind == (message.ContrastSettings{}).Kind().Name:
		n.Position = -1 // where its activations were taken
	case e.Position < 0:
		n.Position, n.All = 0, true
	case e.Position > 0 && kind == (message.BehaviorSettings{}).Kind().Name:
		n.Position = e.Position - o.positions // aligned from the end; the first stays first
	case e.Position > 0:
		return n, engine.Mistake(engine.BadSetting, "%v stands at position %d of another prompt, which means nothing on this one", e.Neuron, e.Position).
			Try("leave On out, or select without positions: TopK(50)")
	}
	return n, nil
}
