package execute

import (
	"math"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// sweepResponse collects what is measured.
type sweepResponse struct {
	m, c, n                    int       // multipliers, circuits 1+R, cases
	difference, target, versus []float32 // [M,1+R,N]
	unsteered                  []float32 // [3,N]
	prompted                   []float32 // [3,N]; nil without an instruction
}

func newSweepResponse(m, c, n int) *sweepResponse {
	r := &sweepResponse{m: m, c: c, n: n, unsteered: make([]float32, 3*n)}
	r.difference, r.target, r.versus = make([]float32, m*c*n), make([]float32, m*c*n), make([]float32, m*c*n)
	return r
}

// measured returns what a case comes to by the logits [V] of a pass, whose log Σ exp is norm: the difference and both
// probabilities.
func measured(logits []float32, norm float64, c message.SweepPrompt) [3]float32 {
	probability := func(id int32) float32 { return float32(math.Exp(float64(logits[id]) - norm)) }
	got := [3]float32{metricAt(logits, c), probability(c.Target.ID), 0}
	if c.Versus != nil {
		got[2] = probability(c.Versus.ID)
	}
	return got
}

// put keeps what a case comes to in a pass.
func (r *sweepResponse) put(p sweepPass, at int, got [3]float32) {
	if p.row < 0 {
		r.column(r.unsteered, at, got)
		return
	}
	i := (p.row*r.c+p.circuit)*r.n + at
	r.difference[i], r.target[i], r.versus[i] = got[0], got[1], got[2]
}

// column writes what a case comes to in an array [3,N].
func (r *sweepResponse) column(to []float32, at int, got [3]float32) {
	for k, x := range got {
		to[k*r.n+at] = x
	}
}

// fill writes the unsteered response where the multiplier is 1.
func (r *sweepResponse) fill(multipliers []float64) {
	for m, x := range multipliers {
		for c := range r.c {
			if x == 1 {
				at := (m*r.c + c) * r.n
				copy(r.difference[at:][:r.n], r.unsteered)
				copy(r.target[at:][:r.n], r.unsteered[r.n:])
				copy(r.versus[at:][:r.n], r.unsteered[2*r.n:])
			}
		}
	}
}

// tensors returns the arrays of the record.
func (r *sweepResponse) tensors(controls [][]engine.Neuron) tensors {
	shape := []int{r.m, r.c, r.n}
	out := tensors{
		"difference": {Shape: shape, Data: r.difference}, "target": {Shape: shape, Data: r.target}, "versus": {Shape: shape, Data: r.versus},
		"unsteered": {Shape: []int{3, r.n}, Data: r.unsteered},
	}
	if r.prompted != nil {
		out["prompted"] = steer.Tensor{Shape: []int{3, r.n}, Data: r.prompted}
	}
	if len(controls) > 0 {
		var data []float32 // [R,K,2]; a float32 holds whole numbers up to 2²⁴ exactly
		for _, ns := range controls {
			for _, n := range ns {
				data = append(data, float32(n.Layer), float32(n.Index))
			}
		}
		out["controls"] = steer.Tensor{Shape: []int{len(controls), len(controls[0]), 2}, Data: data}
	}
	return out
}
