package message

import (
	"math"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ExpSmall returns e^x for x ≤ 0 with an absolute error of 1e-16, for sums that have a term near 1. math.Exp is exact
// also where e^x is tiny, but its assembly is hundreds of times slower on a thread that has run one of the engine's AVX-512
// kernels (they leave the upper halves of the registers dirty): a fifth of a second for one vocabulary. math.Expm1 is plain
// Go.
func ExpSmall(x float64) float64 { return math.Expm1(x) + 1 }

// Rank places a token by logits [V].
func Rank(logits []float32, t engine.Token) Ranked {
	if int(t.ID) >= len(logits) || t.ID < 0 {
		return Ranked{Token: t}
	}
	r := Ranked{Token: t, Rank: 1}
	at := logits[t.ID]
	for id, v := range logits {
		if v > at || (v == at && int32(id) < t.ID) { // ties by id, as the ranking of Top does
			r.Rank++
		}
	}
	r.Logit, r.Probability = float64(at), NewSoftmax(logits).Of(at)
	return r
}

// A Softmax turns logits into probabilities, in float64. The largest is subtracted first, so that nothing overflows and nothing
// is lost beside a large one.
type Softmax struct{ top, sum float64 }

// NewSoftmax sums over logits [V].
func NewSoftmax(logits []float32) Softmax {
	s := Softmax{top: math.Inf(-1)}
	for _, v := range logits {
		s.top = max(s.top, float64(v))
	}
	for _, v := range logits {
		s.sum += ExpSmall(float64(v) - s.top)
	}
	return s
}

// Of returns the probability of a token with that logit.
func (s Softmax) Of(logit float32) float64 { return math.Exp(float64(logit)-s.top) / s.sum }

// LogSum returns log Σ exp of logits [V] in float64, the largest taken out first.
func LogSum(logits []float32) float64 {
	top := float32(math.Inf(-1))
	for _, x := range logits {
		top = max(top, x)
	}
	var sum float64
	for _, x := range logits {
		sum += ExpSmall(float64(x - top))
	}
	return float64(top) + math.Log(sum)
}

// Ranked is a token with its place among the predictions for the next one.
type Ranked struct {
	engine.Token
	Logit       float64 `json:"logit"`
	Probability float64 `json:"probability"` // 0 to 1
	Rank        int     `json:"rank"`        // 1 is the most likely; 0 where the vocabulary has no such id
}
