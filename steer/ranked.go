package steer

import "math"

// Ranked is a token with its place among the predictions for the next one.
type Ranked struct {
	Token
	Logit       float64 `json:"logit"`
	Probability float64 `json:"probability"` // 0 to 1
	Rank        int     `json:"rank"`        // 1 is the most likely
}

// rank places a token by logits [V].
func rank(logits []float32, t Token) Ranked {
	logZ := logSumExp(logits)
	r := Ranked{Token: t, Rank: 1}
	if int(t.ID) >= len(logits) || t.ID < 0 {
		return r
	}
	at := logits[t.ID]
	for id, v := range logits {
		if v > at || (v == at && int32(id) < t.ID) { // ties by id, as the ranking of Top does
			r.Rank++
		}
	}
	r.Logit, r.Probability = float64(at), math.Exp(float64(at)-logZ)
	return r
}

// logSumExp returns log Σ exp(logit) in float64.
func logSumExp(logits []float32) float64 {
	m := math.Inf(-1)
	for _, v := range logits {
		m = max(m, float64(v))
	}
	var s float64
	for _, v := range logits {
		s += math.Exp(float64(v) - m)
	}
	return m + math.Log(s)
}
