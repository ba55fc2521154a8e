package execute

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runProfiles computes the tensors that message.ProfilesBody says, prompt by prompt: one pass backward from all nodes, the
// metric and the outputs.
func runProfiles(ctx context.Context, e *env, s message.ProfilesSettings) (any, tensors, error) {
	p := profiler{ProfilesSettings: s, e: e, unit: map[engine.Neuron]int{}}
	for _, n := range s.Nodes {
		if _, ok := p.unit[n.Neuron]; !ok {
			p.unit[n.Neuron] = len(p.unit)
			p.body.Units = append(p.body.Units, n.Neuron)
		}
	}
	p.body.Shape, p.body.Rule = e.Shape(), s.Rule
	jobs, _, err := readJobs(e, s.Cases)
	if err != nil {
		return nil, nil, err
	}
	placed := make([][]engine.Node, len(jobs))
	var errs message.Mistakes
	for i, j := range jobs {
		placed[i], err = p.place(j)
		errs.Add(message.ExampleName(i), err)
	}
	if err := errs.Join(); err != nil {
		return nil, nil, err
	}
	for i := range jobs {
		e.warn(jobs[i].warnings...)
		if err := p.profile(ctx, jobs[i:i+1], placed[i]); err != nil {
			return nil, nil, err
		}
		e.emit(steer.Event{Phase: "profiles", Done: i + 1, Total: len(jobs)})
	}
	return p.body, p.tensors(), nil
}

// profiler collects profiles, for each prompt by unit.
type profiler struct {
	message.ProfilesSettings
	e       *env
	unit    map[engine.Neuron]int // its place
	body    message.ProfilesBody
	inputs  [][][]float64 // [C][U][T]
	outputs [][][]float64 // [C][U][J]
	effects [][][]float64 // [C][U][1]
}

// place puts the circuit's nodes on a prompt. Where there are several, one that is too far from the end for this one has no part
// in it, but one must have.
func (p *profiler) place(j job) ([]engine.Node, error) {
	here := slices.DeleteFunc(slices.Clone(p.Nodes), func(x message.EdgeNode) bool {
		_, _, ok := x.Span(len(j.tokens))
		return !ok
	})
	if len(p.Cases) == 1 || len(here) == 0 {
		here = p.Nodes
	}
	nodes, n, err := placed(message.EdgesSettings{Nodes: here, Targets: len(here)}, len(j.tokens))
	if err != nil {
		return nil, err
	}
	targets := n + 1 + p.Top + 2*len(j.metric.Terms) // at the most
	if edges := targets * (n + len(j.tokens)); edges > mostEdges {
		return nil, engine.Mistake(engine.TooLarge, "%d nodes and %d targets make %d edges", n, targets, edges).
			Try("use a smaller circuit, or one with positions: TopEntries(200)")
	}
	out := make([]engine.Node, n)
	for i, x := range nodes {
		out[i] = engine.Node{Neuron: x.Neuron, Position: x.Position}
	}
	return out, nil
}

// profile is the part of one prompt.
func (p *profiler) profile(ctx context.Context, jobs []job, nodes []engine.Node) error {
	e, j := p.e, &jobs[0]
	in := engine.Edges{IDs: message.IDs(j.tokens), Sources: nodes, Targets: nodes, Metric: true, Rule: p.Rule, LogProb: j.asked.Target.How == message.ByAnswer}
	in.Edit = composeBatch(e.Shape(), p.Edits, []int{len(j.tokens)}, []bool{j.bos})
	if err := (attribution{}).ask(ctx, e, jobs, [][]int32{in.IDs}, in.Edit, nil); err != nil {
		return err
	}
	in.Terms = j.metric.Terms
	at := 0
	for _, t := range in.Terms {
		at = max(at, t.Position)
	}
	outputs, err := p.likeliest(ctx, *j, in, at)
	if err != nil {
		return err
	}
	p.body.Cases = append(p.body.Cases, message.ProfiledCase{Tokens: j.tokens, Metric: j.metric, Outputs: outputs})
	for _, o := range outputs {
		in.Outputs = append(in.Outputs, o.ID)
	}
	r, err := e.Edges(ctx, in, nil)
	if err != nil {
		return err
	}
	K := len(nodes)
	inputs, effects, given := p.rows(len(in.IDs)), p.rows(1), p.rows(len(outputs))
	for k, n := range nodes {
		u, effect := p.unit[n.Neuron], float64(r.Weights[K][k])
		effects[u][0] += effect
		for i := range outputs {
			given[u][i] += float64(r.Weights[K+1+i][k])
		}
		if r.Value[k] == 0 {
			continue // it gives nothing, whatever it is made of
		}
		for t, x := range r.Tokens[k] {
			inputs[u][t] += float64(x) * effect / float64(r.Value[k])
		}
	}
	if err := errors.Join(p.finite(inputs), p.finite(given), p.finite(effects)); err != nil {
		return err
	}
	p.inputs, p.outputs, p.effects = append(p.inputs, inputs), append(p.outputs, given), append(p.effects, effects)
	return nil
}

// rows is a row of n numbers for each unit.
func (p *profiler) rows(n int) [][]float64 {
	out := make([][]float64, len(p.unit))
	for u := range out {
		out[u] = make([]float64, n)
	}
	return out
}

// likeliest lists the tokens that are outputs: those of the metric, and the likeliest at its last position.
func (p *profiler) likeliest(ctx context.Context, j job, in engine.Edges, at int) ([]message.Ranked, error) {
	inside := at != len(in.IDs)-1
	f, err := p.e.Forward(ctx, engine.Forward{IDs: [][]int32{in.IDs}, Edit: in.Edit, AllLogits: inside}, nil)
	if err != nil {
		return nil, err
	}
	logits := f.Logits[0] // [V] or [T,V]
	if inside {
		V := len(logits) / len(in.IDs)
		logits = logits[at*V:][:V]
	}
	if err := finiteLogits(logits); err != nil {
		return nil, err
	}
	var out []message.Ranked
	add := func(t engine.Token) {
		if !slices.ContainsFunc(out, func(r message.Ranked) bool { return r.ID == t.ID }) {
			out = append(out, message.Rank(logits, t))
		}
	}
	for _, t := range j.metric.Terms {
		if t.Position != at {
			continue
		}
		for _, id := range []int32{t.Target, t.Versus} {
			if id >= 0 {
				token, _ := p.e.text.Token(id)
				add(token)
			}
		}
	}
	for _, t := range topTokens(logits, p.Top, p.e) {
		add(t.Token)
	}
	return out, nil
}

// tensors joins the prompts.
func (p *profiler) tensors() tensors {
	join := func(cases [][][]float64) steer.Tensor {
		out := steer.Tensor{Shape: []int{len(p.unit), 0}}
		for _, c := range cases {
			if len(p.unit) > 0 {
				out.Shape[1] += len(c[0])
			}
		}
		for u := range len(p.unit) {
			for _, c := range cases {
				for _, x := range c[u] {
					out.Data = append(out.Data, float32(x))
				}
			}
		}
		return out
	}
	return tensors{"inputs": join(p.inputs), "outputs": join(p.outputs), "effects": join(p.effects)}
}

// finite reports numbers that float32 does not hold.
func (p *profiler) finite(rows [][]float64) error {
	for u, row := range rows {
		if i := message.FirstNotFinite(row); i >= 0 {
			return engine.Mistake(engine.NotFinite, "the profile of %v has a number that is not finite (%v)", p.body.Units[u], row[i]).Try(engine.TryLessOrCheck)
		}
	}
	return nil
}
