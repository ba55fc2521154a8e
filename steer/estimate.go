package steer

import "github.com/neuronsteer/neuronsteer/internal/stats"

// An Estimate is a mean with its 95 % percentile interval from 10,000 bootstrap resamples (Efron 1979) of what was
// averaged over, N prompts or texts. One of them has no spread: Lo and Hi are then the value itself.
type Estimate struct {
	Value float64 `json:"value"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
	N     int     `json:"n"`
}

// apply maps an estimate by a rising function, which a percentile interval survives.
func (e Estimate) apply(f func(float64) float64) Estimate {
	return Estimate{f(e.Value), f(e.Lo), f(e.Hi), e.N}
}

// bootstrap estimates Σ series / Σ weights for every series [N], as stats.Bootstrap does.
func bootstrap(series [][]float64, weights []float64, seed uint64) []Estimate {
	out := make([]Estimate, len(series))
	for i, x := range stats.Bootstrap(series, weights, seed) {
		out[i] = Estimate(x)
	}
	return out
}
