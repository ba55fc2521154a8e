package study

import "github.com/neuronsteer/neuronsteer/steer"

// writing sets how the texts of continuations are written.
func (t Test) writing(g steer.GenerateTask, seed uint64) steer.GenerateTask {
	g = g.MaxTokens(t.MaxTokens).TopK(t.TopK).MinP(t.MinP).Stop(t.Stop...)
	if t.Chat {
		g = g.Chat()
	}
	if t.Temperature != nil {
		g = g.Temperature(*t.Temperature).Seed(seed)
	}
	if t.TopP != nil {
		g = g.TopP(*t.TopP)
	}
	if t.Penalty != nil {
		g = g.RepetitionPenalty(*t.Penalty)
	}
	return g
}

// drawing says which settings of continuations are there beside those that every test of the kind has.
func (t Test) drawing() map[string]bool {
	return map[string]bool{"temperature": t.Temperature != nil, "top_k": t.TopK != 0, "top_p": t.TopP != nil, "min_p": t.MinP != 0,
		"repetition_penalty": t.Penalty != nil, "stop": len(t.Stop) > 0}
}
