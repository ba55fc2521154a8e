package study

import (
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
)

// Progress says how far a study is.
type Progress struct {
	Step     string        // the step under way, or that has just finished
	Done     int           // finished steps
	Total    int           // of the study
	Event    steer.Event   // within the step, where it tells
	Finished bool          // the step has just finished
	Kept     bool          // it was in the store already
	Seconds  float64       // that it took
	Left     time.Duration // estimated for the rest; 0: unknown
	Notes    []string      // what a reader must know about the step's results
}

// clock estimates the time left: work is counted in prompts that pass through the model, by kind of work, since a step of
// one kind says little about one of another.
type clock struct {
	steps []step
	spent map[string]*pace
}

type pace struct{ seconds, cost float64 }

// newClock begins with what earlier runs took.
func newClock(steps []step, earlier map[string]float64) clock {
	c := clock{steps, map[string]*pace{}}
	for _, s := range steps {
		if t, ok := earlier[s.name]; ok {
			c.took(s, t)
		}
	}
	return c
}

func (c clock) took(s step, seconds float64) {
	for _, kind := range []string{s.kind, ""} { // "" is all kinds, for one that was not seen yet
		p := c.spent[kind]
		if p == nil {
			p = &pace{}
			c.spent[kind] = p
		}
		p.seconds += seconds
		p.cost += s.cost
	}
}

// left estimates the steps from the i-th on.
func (c clock) left(i int) time.Duration {
	var seconds float64
	for _, s := range c.steps[min(i, len(c.steps)):] {
		p := c.spent[s.kind]
		if p == nil {
			p = c.spent[""]
		}
		if p != nil && p.cost > 0 {
			seconds += p.seconds / p.cost * s.cost
		}
	}
	return time.Duration(seconds * float64(time.Second))
}

// tell reports an event of the i-th step, or its beginning.
func (r *runner) tell(i int, s step, e steer.Event) {
	r.told(Progress{Step: s.name, Done: i, Total: len(r.clock.steps), Event: e, Left: r.clock.left(i)})
}
