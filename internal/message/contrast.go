package message

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ContrastSettings is a contrast of pairs as a message.
type ContrastSettings struct {
	Pairs  []Pair         `json:"pairs"`
	Answer bool           `json:"answer"` // mean over the answer, not the last token
	Edits  []Intervention `json:"edits"`
}

// Fits implements Fitting.
func (s ContrastSettings) Fits(shape engine.Shape) error { return CheckInterventions(shape, s.Edits) }

// Kind implements Settings.
func (ContrastSettings) Kind() Kind { return Kind{"contrast", "contrast", 1} }

// Check implements Settings.
func (s ContrastSettings) Check() error { return checkPairs(s.Pairs) }

// ContrastBody is the part of a contrast's record that is not tensors.
type ContrastBody struct {
	Shape  engine.Shape `json:"shape"`
	Pairs  int          `json:"pairs"`
	Answer bool         `json:"answer"`
}

// Pair is a pair as it stands in a request.
type Pair struct {
	Positive Prompt `json:"positive"`
	Negative Prompt `json:"negative"`
}

// checkPairs reports what is wrong with pairs that can be seen without a tokenizer.
func checkPairs(pairs []Pair) error {
	if len(pairs) == 0 {
		return engine.Mistake(engine.BadSetting, "there are no pairs").Try(`give some: steer.NewPairs(steer.Pair{Positive: "…", Negative: "…"}), or steer.Pairs("pairs.jsonl")`)
	}
	var list Mistakes
	for i, p := range pairs {
		list.Add(fmt.Sprintf("pair %d, positive", i+1), p.Positive.check())
		list.Add(fmt.Sprintf("pair %d, negative", i+1), p.Negative.check())
		if p.Positive.equals(p.Negative) && p.Positive.Text != "" {
			list.Add(fmt.Sprintf("pair %d", i+1), engine.Mistake(engine.BadSetting, "both prompts are the same, so they have no difference").Try("leave the pair out"))
		}
	}
	return list.Join()
}
