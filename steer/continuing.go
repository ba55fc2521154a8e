package steer

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// continuing is what the tasks that continue prompts have in common.
type continuing struct {
	m         *Model
	prompt    message.Prompt
	max       int
	ignoreEnd bool
	edits     []Intervention
	stop      []string

	sampling message.Sampling
	drawn    bool // there is a temperature
	penalty  float64
}

func (c continuing) temperature(x float64) continuing {
	c.sampling.Temperature, c.drawn = x, true
	return c
}

// settings returns the part of a request that is not the prompt.
func (c continuing) settings(task string) (message.Continuation, error) {
	edits, err := interventions(task, c.m, c.edits)
	s := message.Continuation{MaxTokens: c.max, IgnoreEnd: c.ignoreEnd, Edits: edits, Stop: c.stop}
	switch c.penalty {
	case 1: // none, which a message does not mention
	case 0:
		err = errors.Join(err, message.BadPenalty(0))
	default:
		s.RepetitionPenalty = c.penalty
	}
	if c.drawn {
		s.Sampling = &c.sampling
		return s, err
	}
	unused := func(what string, value any) {
		err = errors.Join(err, engine.Mistake(engine.BadSetting, "%s(%v) is about what is drawn, and without a temperature the likeliest token is taken", what, value).
			Try("add Temperature(1)"))
	}
	if k := c.sampling.TopK; k != 0 {
		unused("TopK", k)
	}
	if p := c.sampling.TopP; p != 1 {
		unused("TopP", p)
	}
	if p := c.sampling.MinP; p != 0 {
		unused("MinP", p)
	}
	if seed := c.sampling.Seed; seed != 0 {
		unused("Seed", seed)
	}
	return s, err
}
