package engine

import (
	"math"

	"github.com/gomlx/gomlx/core/tensors"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
)

// headRows bounds how many rows of logits [n,V] are on the device at once.
const headRows = 64

// logProbs evaluates m = Σ w·log p(target) of each prompt in float64 [B], and returns the gradient of each log p in the normed
// residual stream [N,D]: W_Uᵀ(1[target] − p), p the probabilities. A sum over a vocabulary is no good in float32, so that p is made
// on the host.
func (s *scope) logProbs(rules decoder.Rules, x *tensors.Tensor, l termList) (gradient *tensors.Tensor, metric []float64, err error) {
	d, v, limit := s.e.cfg.Width, s.e.cfg.Vocab, s.e.cfg.LogitCap
	metric = make([]float64, l.b)
	all := make([]float32, 0, len(l.rows)*d)
	for from := 0; from < len(l.rows); from += headRows {
		to := min(from+headRows, len(l.rows))
		z, err := s.rawLogits(x, l.rows[from:to])
		if err != nil {
			return nil, nil, err
		}
		g := make([]float32, 0, (to-from)*v) // ∂m/∂z [n,V]
		for i, row := range z {
			logp := slope(row, l.target[from+i], limit, rules.Cap)
			metric[l.prompt[from+i]] += float64(l.weight[from+i]) * logp
			g = append(g, row...)
		}
		gz, err := upload(s, g, to-from, v)
		if err != nil {
			return nil, nil, err
		}
		out, err := s.run(graphKey{kind: pullGraph, shape: [3]int{to - from}}, []*tensors.Tensor{s.e.weights.head, gz})
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

// slope returns log p(target) for logits z [V] before their cap, and puts its derivative in z in their place: 1[target] − p
// times the slope of the cap, or the factor by which it scales where a rule holds that constant.
func slope(z []float32, target int32, limit float64, constant bool) (logp float64) {
	y, top := make([]float64, len(z)), math.Inf(-1) // capped
	for i, v := range z {
		if y[i] = float64(v); limit > 0 {
			y[i] = limit * tanh(y[i]/limit)
		}
		top = max(top, y[i])
	}
	sum := 0.
	for _, v := range y {
		sum += exp(v - top)
	}
	lse := top + math.Log(sum)
	logp = y[target] - lse
	for i, v := range y {
		g := -exp(v - lse)
		if i == int(target) {
			g = -math.Expm1(logp) // 1 − p, exact where p is near 1
		}
		switch x := float64(z[i]); {
		case limit > 0 && !constant:
			e := exp(-2 * math.Abs(x/limit)) // 1 − tanh² has no digits where a cap saturates
			g *= 4 * e / ((1 + e) * (1 + e))
		case limit > 0 && x != 0:
			g *= v / x
		}
		z[i] = float32(g)
	}
	return logp
}

// tanh is tanh(x), by expm1 for the reason that decoder's sigmoid gives.
func tanh(x float64) float64 {
	e := math.Expm1(-2 * math.Abs(x))
	return math.Copysign(e/(e+2), x)
}

// exp is eˣ for x ≤ 0 within 1e-16, by expm1 for the reason that decoder's sigmoid gives.
func exp(x float64) float64 { return math.Expm1(x) + 1 }
