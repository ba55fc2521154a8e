package engine

import (
	"math"

	"github.com/gomlx/gomlx/core/tensors"
)

// headRows bounds how many rows of logits [n,V] are on the device at once.
const headRows = 64

// logProbs evaluates m = Σ w·log p(target) of each prompt in float64 [B], and returns the gradient of each log p in the normed
// residual stream [N,D]: W_Uᵀ(1[target] − p), p the probabilities. A sum over a vocabulary is no good in float32, so that p is made
// on the host.
func (s *scope) logProbs(x *tensors.Tensor, l termList) (gradient *tensors.Tensor, metric []float64, err error) {
	d, v := s.e.cfg.Width, s.e.cfg.Vocab
	metric = make([]float64, l.b)
	all := make([]float32, 0, len(l.rows)*d)
	for from := 0; from < len(l.rows); from += headRows {
		to := min(from+headRows, len(l.rows))
		z, err := s.logits(x, l.rows[from:to], ones(to-from))
		if err != nil {
			return nil, nil, err
		}
		g := make([]float32, 0, (to-from)*v) // ∂m/∂z [n,V]
		for i, row := range z {
			logp := slope(row, l.target[from+i])
			metric[l.prompt[from+i]] += float64(l.weight[from+i]) * logp
			g = append(g, row...)
		}
		gz, err := upload(s, g, to-from, v)
		if err != nil {
			return nil, nil, err
		}
		out, err := s.run(graphKey{kind: pullGraph, shape: [2]int{to - from}}, []*tensors.Tensor{s.e.weights.head, gz})
		if err != nil {
			return nil, nil, err
		}
		if err := read(out[0], func(x []float32) { all = append(all, x...) }); err != nil {
			return nil, nil, internal(s.task, err)
		}
		s.free(gz, out[0])
	}
	gradient, err = upload(s, all, len(l.rows), d)
	return gradient, metric, err
}

// slope returns log p(target) for logits z [V] and puts its derivative 1[target] − p in their place.
func slope(z []float32, target int32) (logp float64) {
	top := math.Inf(-1)
	for _, v := range z {
		top = max(top, float64(v))
	}
	sum := 0.
	for _, v := range z {
		sum += exp(float64(v) - top)
	}
	lse := top + math.Log(sum)
	logp = float64(z[target]) - lse
	for i, v := range z {
		z[i] = float32(-exp(float64(v) - lse))
	}
	z[target] = float32(-math.Expm1(logp)) // 1 − p, exact where p is near 1
	return logp
}

// exp is eˣ for x ≤ 0 within 1e-16, by expm1 for the reason that decoder's sigmoid gives.
func exp(x float64) float64 { return math.Expm1(x) + 1 }
