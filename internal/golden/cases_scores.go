package golden

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// caseScores compares both attributions of a case, and the circuit that is selected from the first.
func (c *check) caseScores(k named) {
	task := c.model.Attribute(k.text).Target(k.target).Versus(k.versus)
	s, err := task.Run(c.ctx)
	f, ferr := task.Rule(engine.Frozen).Run(c.ctx)
	var target, versus engine.Token
	if err == nil {
		target = s.Target().Token
		versus, _ = s.Versus()
	}
	for _, t := range []struct {
		key string
		got engine.Token
	}{{"target_id", target}, {"versus_id", versus}} {
		if want := k.get(t.key); want.exists() {
			same(c, t.key, want.source(), []int32{int32(want.integer())}, []int32{t.got.ID}, err)
		}
	}
	if want := k.get("metric"); want.exists() {
		c.number("metric", want, metricOf(s, err), 1, c.tolerance("metricAbs"), err)
	}
	for _, r := range []struct {
		scores, tokens string
		s              steer.Scores
		err            error
	}{{"relevance", "tokens", s, err}, {"frozen", "frozen_tokens", f, ferr}} {
		if want, ok := k.tensor(r.scores); ok { // [L,T,F]
			c.abs(r.scores, want, denseOf(r.s, r.err), c.tolerance("relevanceAbs"))
		}
		if want, ok := k.tensor(r.tokens); ok { // [T]
			c.relative(r.tokens, want, tokensOf(r.s, r.err), c.tolerance("otherRelativeToLargest"))
		}
		if r.err == nil {
			c.rep.difference(c.label, "residual, "+r.scores, r.s.Conservation().Residual, c.tolerance("otherRelativeToLargest"))
		}
	}
	if want := k.get("circuit"); want.exists() {
		c.supporters(k, want, s, err)
	}
}

// supporters compares the neurons that support the target most. The file lists them without scores, so the scores are
// those of its own tensor, summed over all positions but the first.
func (c *check) supporters(k named, want node, s steer.Scores, err error) {
	mark(want.source())
	relevance, ok := k.tensor("relevance") // [L,T,F]
	if !ok {
		relevance.err = fmt.Errorf("golden.safetensors holds no %s/relevance to rank by", k.name)
	}
	if err := first(relevance.err, err); err != nil {
		c.rep.failure(c.label, "circuit", err)
		return
	}
	neurons, ok := neuronsOf(want, relevance.shape)
	if !ok {
		return
	}
	w, g := map[engine.Neuron]float64{}, map[engine.Neuron]float64{}
	for _, n := range neurons {
		w[n] = total(relevance, n)
	}
	entries := s.Positive().TopK(len(neurons)).Entries()
	for _, e := range entries {
		g[e.Neuron] = e.Score
	}
	if len(w) != len(neurons) || len(g) != len(entries) || len(w) != len(g) {
		c.rep.exact(c.label, "circuit", false, fmt.Sprintf("there are %d different neurons, it should be %d", len(g), len(w)))
		return
	}
	diff, odd := apart(w, g, func(n engine.Neuron) float64 { return total(denseOf(s, nil), n) })
	tol := c.tolerance("relevanceAbs")
	c.rep.difference(c.label, "circuit", diff, tol)
	if !(diff <= tol) && odd != "" {
		c.rep.printf("      %s\n", odd)
	}
}

// neuronsOf reads a list of [layer, neuron] of a model whose scores have the shape [L,T,F].
func neuronsOf(n node, shape []int) ([]engine.Neuron, bool) {
	var out []engine.Neuron
	for _, x := range n.all() {
		row := x.all()
		if len(row) != 2 {
			x.wrong("[layer, neuron]")
			return nil, false
		}
		u := engine.Neuron{Layer: row[0].integer(), Index: row[1].integer()}
		if len(shape) != 3 || u.Layer < 0 || u.Layer >= shape[0] || u.Index < 0 || u.Index >= shape[2] {
			x.wrong("a neuron of this model")
			return nil, false
		}
		out = append(out, u)
	}
	if len(out) == 0 {
		n.wrong("a list of neurons")
	}
	return out, len(out) > 0
}

// total returns Σ_t score of a neuron, t from 1, of scores [L,T,F]; 0 for a neuron outside.
func total(a array, n engine.Neuron) float64 {
	var sum float64
	if len(a.shape) != 3 || n.Layer >= a.shape[0] || n.Index >= a.shape[2] {
		return 0
	}
	T, F := a.shape[1], a.shape[2]
	for t := 1; t < T; t++ {
		sum += float64(a.data[(n.Layer*T+t)*F+n.Index])
	}
	return sum
}
