package steer

import (
	"fmt"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// BehaviorScores holds the scores of every example of a behavior. It is immutable, and lazy when the task is.
//
// Mean, Any and AnyPercent bring the examples together position by position, aligned from the end, since that is where
// the model answers: the last tokens stand on one another, then those before them. The first token has a place of its
// own, the first position, however long the prompt is, since that is where a BOS or an attention sink is. A prompt counts
// as 0 where it has no token. A position of such scores is therefore a place in the longest prompt, and an intervention
// AtPositions of a circuit selected from them means it only where all prompts have as many tokens.
type BehaviorScores struct {
	load     func() behavior
	view     view
	mean     func() dense
	any      func() dense
	list     func() []carrier
	baseline Baseline
	conditions
}

// behavior is loaded scores of examples.
type behavior struct {
	examples []dense
	warnings []Warning
	header   Header
}

func newBehaviorScores(fetch func() Record, v view, is []Intervention) BehaviorScores {
	load := sync.OnceValue(func() behavior { return behaviorOf(fetch()) })
	held := under(is, func() Header { return load().header })
	return BehaviorScores{
		load: load, view: v, conditions: held,
		mean:     sync.OnceValue(func() dense { return load().mean() }),
		any:      sync.OnceValue(func() dense { return load().union(0, nil) }),
		list:     sync.OnceValue(func() []carrier { return load().carriers(indexed) }),
		baseline: newBaseline(func() evidence { return load().evidence() }, held),
	}
}

func behaviorOf(r Record) behavior {
	b := behavior{warnings: r.Header.Warnings, header: r.Header}
	for i, x := range decodeBody[message.BehaviorBody](r).Examples {
		d := describe(x)
		d.scores, d.tokens, d.header = r.Tensors[message.ScoresOfExample(i)].Data, r.Tensors[message.TokensOfExample(i)].Data, r.Header
		d = d.withHeads(r.Tensors[message.HeadsOfExample(i)].Data, r.Tensors[message.SourcesOfExample(i)].Data)
		if d = d.fits(); d.Positions > 0 && (i == 0 || d.Shape == b.examples[0].Shape) {
			b.examples = append(b.examples, d)
		} else {
			return behavior{} // a record that does not fit its own header
		}
	}
	return b
}

func (b BehaviorScores) data() behavior {
	if b.load == nil {
		return behavior{}
	}
	return b.load()
}

// Len returns the number of examples.
func (b BehaviorScores) Len() int { return len(b.data().examples) }

// Example returns the scores [L,T_i,F] of one example, as Attribute gives them; empty ones outside 0 to Len−1.
func (b BehaviorScores) Example(i int) Scores {
	s := newScores(func() dense {
		if d := b.data(); i >= 0 && i < len(d.examples) {
			return d.examples[i]
		}
		return dense{}
	}, b.view)
	s.conditions = b.conditions
	return s
}

// Mean returns the mean of the examples' scores [L,T,F], T being the longest prompt's number of positions.
func (b BehaviorScores) Mean() Scores { return b.lazily(b.mean) }

// Any returns, for each neuron and position, the score of the example in which it is largest by |score|.
func (b BehaviorScores) Any() Scores { return b.lazily(b.any) }

// AnyPercent is Any of what in its own example carries at least the share x of that example's metric, |score| ≥ x·|m_i|,
// and 0 elsewhere: the union over examples of a threshold for each.
func (b BehaviorScores) AnyPercent(x float64) Scores {
	if x <= 0 {
		return b.Any()
	}
	return b.lazily(func() dense {
		if x < indexed {
			return b.data().union(x, nil)
		}
		return b.data().union(x, b.list())
	})
}

func (b BehaviorScores) lazily(load func() dense) Scores {
	if load == nil || b.load == nil {
		return Scores{}
	}
	s := newScores(load, b.view)
	s.conditions = b.conditions
	return s
}

// Metrics returns the metric of each example.
func (b BehaviorScores) Metrics() []float64 {
	var out []float64
	for _, d := range b.data().examples {
		out = append(out, d.Reference)
	}
	return out
}

// Warnings returns what a reader must know before concluding anything.
func (b BehaviorScores) Warnings() []Warning {
	d := b.data()
	return slices.Concat(d.warnings, behaviorDoubts(d.examples, b.view), b.baseline.weakens())
}

// String returns one line: how many examples there are and what their metrics are.
func (b BehaviorScores) String() string {
	ms := b.Metrics()
	if len(ms) == 0 {
		return "no examples"
	}
	positive := 0
	for _, m := range ms {
		if m > 0 {
			positive++
		}
	}
	d := b.data()
	return fmt.Sprintf("%s of %s: metric %+.3f in the mean, from %+.3f to %+.3f, positive in %d", d.examples[0].Method,
		several(len(ms), "example"), d.metric(), slices.Min(ms), slices.Max(ms), positive)
}

// metric returns the mean of the examples' metrics.
func (b behavior) metric() (m float64) {
	for _, d := range b.examples {
		m += d.Reference / float64(len(b.examples))
	}
	return m
}
