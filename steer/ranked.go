package steer

import (
	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Ranked is a token with its place among the predictions for the next one.
type Ranked struct {
	Token
	Logit       float64 `json:"logit"`
	Probability float64 `json:"probability"` // 0 to 1
	Rank        int     `json:"rank"`        // 1 is the most likely; 0 where the vocabulary has no such id
}

func newRanked(r message.Ranked) Ranked { return Ranked(r) }
