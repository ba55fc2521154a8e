package steertest

import (
	"math"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// metric is m with its derivative in the last residual stream.
type metric struct {
	value, linear float64          // m, and ⟨∂m/∂z, z⟩ over the logits z
	gradient      [][width]float64 // ∂m/∂x [T,D]
}

// metric sums the terms: logits, or log-probabilities.
func (e *linear) metric(p *pass, terms []engine.Term, logProb bool) metric {
	m := metric{gradient: make([][width]float64, len(p.x))}
	logit := func(t int, id int32, slope float64) {
		m.linear += slope * dot(&e.w.head[id], &p.x[t])
		for d := range width {
			m.gradient[t][d] += slope * e.w.head[id][d]
		}
	}
	for _, c := range terms {
		w := float64(c.Factor())
		logit(c.Position, c.Target, w)
		if c.Versus >= 0 {
			logit(c.Position, c.Versus, -w)
		}
		if logProb {
			ps, lse := e.softmax(&p.x[c.Position])
			m.value += w * (dot(&e.w.head[c.Target], &p.x[c.Position]) - lse)
			for id, q := range ps {
				logit(c.Position, int32(id), -w*q)
			}
		}
	}
	if !logProb {
		m.value = m.linear
	}
	return m
}

// softmax returns the probabilities [V] and log Σ exp of the logits.
func (e *linear) softmax(x *[width]float64) (p []float64, lse float64) {
	p = make([]float64, vocabSize)
	top, sum := math.Inf(-1), 0.
	for id := range p {
		p[id] = dot(&e.w.head[id], x)
		top = max(top, p[id])
	}
	for _, z := range p {
		sum += math.Exp(z - top)
	}
	lse = top + math.Log(sum)
	for id := range p {
		p[id] = math.Exp(p[id] - lse)
	}
	return p, lse
}
