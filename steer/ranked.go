package steer

import (
	"math"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Ranked is a token with its place among the predictions for the next one.
type Ranked struct {
	engine.Token
	Logit       float64 `json:"logit"`
	Probability float64 `json:"probability"` // 0 to 1
	Rank        int     `json:"rank"`        // 1 is the most likely; 0 where the vocabulary has no such id
}

// rank places a token by logits [V].
func rank(logits []float32, t engine.Token) Ranked {
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
	r.Logit, r.Probability = float64(at), probability(logits, at)
	return r
}

// probability returns the softmax of one logit among logits [V], in float64. The largest is subtracted first, so that
// nothing overflows and nothing is lost beside a large one.
func probability(logits []float32, at float32) float64 {
	m := math.Inf(-1)
	for _, v := range logits {
		m = max(m, float64(v))
	}
	var z float64
	for _, v := range logits {
		z += expSmall(float64(v) - m)
	}
	return math.Exp(float64(at)-m) / z
}
