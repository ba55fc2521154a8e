package study

import (
	"github.com/neuronsteer/neuronsteer/steer"
)

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

// checkContinuations reports what the task itself finds wrong, and what cannot go together.
func (t Test) checkContinuations(c *checker, where string) {
	if t.checkMultipliers(c, where); len(t.Prompts) == 0 {
		c.add(where, "there are no prompts").Try(`prompts: ["I think that"]`)
	}
	t.checkAim(c, where)
	t.MaxTokens = 1 // which has been looked at
	c.checkTask(where, t.writing(steer.New("", nil).Generate("x"), 0).Request)
}

// steering are the changes of one multiplier: the circuit scaled, everywhere or where the vector's projection is above when; and the
// vector's direction taken out.
func (t Test) steering(c steer.Circuit, x float64, v steer.Vector) []steer.Intervention {
	scaled := t.gated(steer.Scale(c, x), v)
	if t.ProjectOut != nil {
		return []steer.Intervention{scaled, steer.ProjectOut(v, *t.ProjectOut)}
	}
	return []steer.Intervention{scaled}
}
