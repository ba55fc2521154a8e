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

// left estimates the steps from the i-th on, those whose like was never seen by other seconds per unit of cost.
func (c clock) left(i int, other float64) time.Duration {
	var seconds float64
	for _, s := range c.steps[min(i, len(c.steps)):] {
		p := c.spent[s.kind]
		if p == nil {
			p = c.spent[""]
		}
		if p != nil && p.cost > 0 {
			seconds += p.seconds / p.cost * s.cost
		} else {
			seconds += other * s.cost
		}
	}
	return time.Duration(seconds * float64(time.Second))
}

// planned is the kind of a request that asks how long another takes.
const planned = "plan"

// tell reports an event of the i-th step, or its beginning. What is left of a step that says so itself, or whose plan is known, is
// what it says; else it is what others took.
func (r *runner) tell(i int, s step, e steer.Event) {
	left := r.clock.left(i, 0)
	if r.within != nil {
		r.within.Event(e)
		if of, _, ok := r.within.Left(); ok {
			like := 0.
			if s.cost > 0 {
				like = r.within.Whole().Seconds() / s.cost
			}
			left = of + r.clock.left(i+1, like)
		}
	}
	r.told(Progress{Step: s.name, Done: i, Total: len(r.clock.steps), Event: e, Left: left})
}
