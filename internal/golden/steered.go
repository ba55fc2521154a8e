package golden

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// steered compares one run with multiplied neurons: [layer, neuron] at every position, through the public tasks, or
// [layer, position, neuron] through the engine.
func (c *check) steered(p prompt, n node) {
	factor := n.get("factor").num()
	list := n.get("neurons").all()
	shape := c.target.Engine.Shape()
	var neurons []engine.Neuron
	edit := &engine.Edit{B: 1, T: len(p.ids), Scale: ones(shape.Layers * len(p.ids) * shape.Neurons)} // [1,L,T,F]
	for _, x := range list {
		row := x.all()
		if len(row) != 2 && len(row) != 3 {
			x.wrong("[layer, neuron] or [layer, position, neuron]")
			return
		}
		layer, index := row[0].integer(), row[len(row)-1].integer()
		if layer < 0 || layer >= shape.Layers || index < 0 || index >= shape.Neurons {
			x.wrong("a neuron of this model")
			return
		}
		if len(row) == 2 {
			neurons = append(neurons, engine.Neuron{Layer: layer, Index: index})
			continue
		}
		t := row[1].integer()
		if t < 0 || t >= len(p.ids) {
			x.wrong("a position of the prompt")
			return
		}
		edit.Scale[(layer*len(p.ids)+t)*shape.Neurons+index] = float32(factor)
	}
	switch len(neurons) {
	case len(list):
		c.scaled(p, n, steer.NewCircuit("golden", neurons...), factor)
	case 0:
		c.edited(p, n, edit)
	default:
		n.wrong("neurons all with a position, or all without")
	}
}

// scaled runs a circuit times a factor through the public tasks.
func (c *check) scaled(p prompt, n node, circuit steer.Circuit, factor float64) {
	if want := n.get("metric"); want.exists() {
		s, err := p.attribute(c.model).Scale(circuit, factor).Run(c.ctx)
		c.number("metric", want, metricOf(s, err), 1, c.tolerance("metricAbs"), err)
	}
	q, err := c.model.Predict(p.text).Scale(circuit, factor).Run(c.ctx)
	last := array{shape: []int{c.target.Engine.Shape().Vocab}, err: err} // [V]
	if err == nil {
		last.data = q.Logits()
	}
	if want := n.get("logits"); want.exists() {
		c.abs("logits, last position", c.doc.tensor(want.str()), last, c.tolerance("logitsAbs"))
	}
	c.probabilities(p, n.get("probabilities"), last)
	c.greedy("greedy", n.get("greedy"), c.model.Generate(p.text).Scale(circuit, factor))
}

// edited runs an edit at single positions through the engine.
func (c *check) edited(p prompt, n node, edit *engine.Edit) {
	V := c.target.Engine.Shape().Vocab
	f, err := c.target.Engine.Forward(c.ctx, engine.Forward{IDs: [][]int32{p.ids}, Edit: edit, AllLogits: true}, nil)
	if err == nil && (len(f.Logits) != 1 || len(f.Logits[0]) != len(p.ids)*V) {
		err = fmt.Errorf("the engine's logits are not those of %d tokens", len(p.ids))
	}
	var logits []float32 // [T,V]
	if err == nil {
		logits = f.Logits[0]
	}
	if want := n.get("metric"); want.exists() {
		var m float64
		for _, t := range p.terms {
			if err == nil {
				m += termOf(logits[t.Position*V:][:V], t)
			}
		}
		c.number("metric, at positions", want, m, 1, c.tolerance("metricAbs"), err)
	}
	last := array{shape: []int{V}, err: err}
	if err == nil {
		last.data = logits[len(logits)-V:]
	}
	if want := n.get("logits"); want.exists() {
		c.abs("logits, last position", c.doc.tensor(want.str()), last, c.tolerance("logitsAbs"))
	}
	c.probabilities(p, n.get("probabilities"), last)
}

// probabilities compares the probabilities of target and counterfactual at the last position by their logarithms. A log
// probability is a logit less log Σ exp(logit), so it is off by at most twice what a logit is.
func (c *check) probabilities(p prompt, want node, logits array) {
	for _, k := range []struct {
		key string
		id  int32
	}{{"target", p.target}, {"counterfactual", p.versus}} {
		n := want.get(k.key)
		if !n.exists() {
			continue
		}
		err := logits.err
		if err == nil && (k.id < 0 || int(k.id) >= len(logits.data)) {
			err = fmt.Errorf("there is no logit of token %d", k.id)
		}
		mark(n.source())
		if err != nil {
			c.rep.failure(c.label, "log p, "+k.key, err)
			continue
		}
		c.rep.difference(c.label, "log p, "+k.key, math.Abs(logProbability(logits.data, k.id)-math.Log(n.num())), 2*c.tolerance("logitsAbs"))
	}
}

// termOf returns a term of a metric from the logits [V] at its position.
func termOf(logits []float32, t engine.Term) float64 {
	m := float64(logits[t.Target])
	if t.Versus >= 0 {
		m -= float64(logits[t.Versus])
	}
	return m
}

// logProbability returns log softmax(logits)[id] of logits [V].
func logProbability(logits []float32, id int32) float64 {
	m := math.Inf(-1)
	for _, v := range logits {
		m = max(m, float64(v))
	}
	var z float64
	for _, v := range logits {
		z += math.Exp(float64(v) - m)
	}
	return float64(logits[id]) - m - math.Log(z)
}

func ones(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = 1
	}
	return v
}
