package steer

import (
	"fmt"
	"math"
	"slices"
	"sync"
)

// BehaviorScores holds the scores of every example of a behavior. It is immutable, and lazy when the task is.
//
// Mean, Any and AnyPercent bring the examples together position by position, aligned from the end, since that is where
// the model answers: the last tokens stand on one another, then those before them. The first token has a place of its
// own, the first position, however long the prompt is, since that is where a BOS or an attention sink is. A prompt counts
// as 0 where it has no token.
type BehaviorScores struct {
	load func() behavior
	view view
	mean func() dense
	any  func() dense
	gate Gate
}

// behavior is loaded scores of examples.
type behavior struct {
	examples []dense
	warnings []Warning
	header   Header
}

func newBehaviorScores(fetch func() Record, v view) BehaviorScores {
	load := sync.OnceValue(func() behavior { return behaviorOf(fetch()) })
	return BehaviorScores{
		load: load, view: v,
		mean: sync.OnceValue(func() dense { return load().mean() }),
		any:  sync.OnceValue(func() dense { return load().union(0) }),
		gate: newGate(func() gated { return load().gated() }),
	}
}

func behaviorOf(r Record) behavior {
	b := behavior{warnings: r.Header.Warnings, header: r.Header}
	for i, x := range body[behaviorBody](r).Examples {
		d := x.dense()
		d.scores, d.tokens, d.header = r.Tensors[scoresOfExample(i)].Data, r.Tensors[tokensOfExample(i)].Data, r.Header
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
	return newScores(func() dense {
		if d := b.data(); i >= 0 && i < len(d.examples) {
			return d.examples[i]
		}
		return dense{}
	}, b.view)
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
	return b.lazily(func() dense { return b.data().union(x) })
}

func (b BehaviorScores) lazily(load func() dense) Scores {
	if load == nil || b.load == nil {
		return Scores{}
	}
	return newScores(load, b.view)
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
	return append(slices.Clone(b.data().warnings), b.gate.weakens()...)
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
	return fmt.Sprintf("%s of %d examples: metric %+.3f in the mean, from %+.3f to %+.3f, positive in %d", d.examples[0].Method,
		len(ms), d.metric(), slices.Min(ms), slices.Max(ms), positive)
}

// metric returns the mean of the examples' metrics.
func (b behavior) metric() (m float64) {
	for _, d := range b.examples {
		m += d.Reference / float64(len(b.examples))
	}
	return m
}

// aligned describes scores over all examples, without the numbers, which are zeros.
func (b behavior) aligned(method string) dense {
	if len(b.examples) == 0 {
		return dense{}
	}
	d := dense{about: b.examples[0].about, warnings: b.warnings, header: b.header}
	d.Positions, d.Reference, d.N, d.Of, d.Method = 0, b.metric(), len(b.examples), "prompts", d.Method+", "+method
	for _, x := range b.examples {
		d.Positions = max(d.Positions, x.Positions)
		d.BOS = d.BOS && x.BOS
		if x.about.Metric != d.about.Metric {
			d.about.Metric = "each prompt's own logit difference"
			if d.Unit == "nats" {
				d.about.Metric = "log p of each prompt's own answer"
			}
		}
	}
	d.about.Labels = b.labels(d.Positions)
	d.scores = make([]float32, d.Shape.Layers*d.Positions*d.Shape.Neurons)
	return d
}

// place returns where position t of a prompt of n positions stands among T: the first is first, the others stand from the
// end.
func place(t, n, T int) int {
	if t == 0 {
		return 0
	}
	return T - n + t
}

// labels names the aligned positions: by the token where all prompts have the same, else by the place from the end.
func (b behavior) labels(T int) []string {
	out, set := make([]string, T), make([]bool, T)
	for _, d := range b.examples {
		for t, s := range d.about.Labels {
			p := place(t, d.Positions, T)
			switch {
			case !set[p]:
				out[p], set[p] = s, true
			case out[p] != s && p == 0:
				out[p] = "first"
			case out[p] != s:
				out[p] = fmt.Sprintf("−%d", T-p)
			}
		}
	}
	return out
}

// each calls f for every row [F] of every example with the row that it stands on in to [L,T,F].
func (b behavior) each(to dense, f func(example int, row, to []float32)) {
	T, F := to.Positions, to.Shape.Neurons
	for i, d := range b.examples {
		for l := range d.Shape.Layers {
			for t := range d.Positions {
				f(i, d.scores[(l*d.Positions+t)*F:][:F], to.scores[(l*T+place(t, d.Positions, T))*F:][:F])
			}
		}
	}
}

func (b behavior) mean() dense {
	d := b.aligned(fmt.Sprintf("mean of %d prompts", len(b.examples)))
	n := float32(len(b.examples))
	b.each(d, func(_ int, row, to []float32) {
		for i, v := range row {
			to[i] += v
		}
	})
	for i := range d.scores {
		d.scores[i] /= n
	}
	return d
}

func (b behavior) union(x float64) dense {
	name := fmt.Sprintf("largest of %d prompts", len(b.examples))
	if x > 0 {
		name = fmt.Sprintf("largest of %d prompts where it is %.3g %% of the metric", len(b.examples), 100*x)
	}
	d := b.aligned(name)
	least := make([]float32, len(b.examples))
	for i, e := range b.examples {
		least[i] = float32(x * math.Abs(e.Reference))
		if float64(least[i]) < x*math.Abs(e.Reference) {
			least[i] = math.Nextafter32(least[i], float32(math.Inf(1)))
		}
	}
	b.each(d, func(example int, row, to []float32) {
		bound := least[example]
		for i, v := range row {
			if m := abs32(v); m > abs32(to[i]) && m >= bound {
				to[i] = v
			}
		}
	})
	return d
}

func abs32(v float32) float32 { return math.Float32frombits(magnitude(v)) }
