package message

import (
	"fmt"
	"strconv"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TokenRef names one token: by its text, by its id, or by what the model itself says; or it names a whole answer.
type TokenRef struct {
	How  string `json:"how"` // "" none, "text", "id", "answer", "top", "runner-up"
	Text string `json:"text,omitempty"`
	ID   int32  `json:"id,omitempty"`
}

// How a token is named.
const (
	ByText   = "text"
	ByID     = "id"
	ByAnswer = "answer"    // Text is a whole answer of one or more tokens
	ByTop    = "top"       // the model's first choice
	RunnerUp = "runner-up" // the model's best token but the target
)

// String quotes a text so that a leading space is seen, and prints an id as #7042.
func (r TokenRef) String() string {
	switch r.How {
	case ByText, ByAnswer:
		return strconv.Quote(r.Text)
	case ByID:
		return fmt.Sprintf("#%d", r.ID)
	case ByTop, RunnerUp:
		return r.How
	}
	return "none"
}

// IDs returns the ids of tokens.
func IDs(ts []engine.Token) []int32 {
	out := make([]int32, len(ts))
	for i, t := range ts {
		out[i] = t.ID
	}
	return out
}
