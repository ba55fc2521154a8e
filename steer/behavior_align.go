package steer

import (
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// aligned describes scores over all examples, without the numbers, which are zeros.
func (b behavior) aligned(method string) dense {
	if len(b.examples) == 0 {
		return dense{}
	}
	d := dense{about: b.examples[0].about, warnings: b.warnings, header: b.header, parts: b.examples}
	d.Positions, d.Reference, d.N, d.Of, d.Method = 0, b.metric(), len(b.examples), "prompts", d.Method+", "+method
	for _, x := range b.examples {
		d.Positions = max(d.Positions, x.Positions)
		d.BOS = d.BOS && x.BOS
		if x.about.Metric != d.about.Metric {
			d.about.Metric = message.OwnMetric(d.Unit)
		}
	}
	d.about.Labels = b.labels(d.Positions)
	d.scores = make([]float32, d.Shape.Layers*d.Positions*d.width())
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

// labels names the aligned positions: by the token where all prompts have the same, else by what the place is to all of them: the first,
// the last, or so many before the last.
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
			case out[p] != s && p == T-1:
				out[p] = "last"
			case out[p] != s:
				out[p] = fmt.Sprintf("last−%d", T-1-p)
			}
		}
	}
	return out
}

// each calls f for every row [F] of every example with the place in to [L,T,F] that it stands on.
func (b behavior) each(to dense, f func(example, at int, row []float32)) {
	T, F := to.Positions, to.width()
	for i, d := range b.examples {
		for l := range d.Shape.Layers {
			for t := range d.Positions {
				f(i, (l*T+place(t, d.Positions, T))*F, d.scores[(l*d.Positions+t)*F:][:F])
			}
		}
	}
}

// heads and sources are what a pass says of attention heads.
func heads(d dense) func() dense   { return d.headed }
func sources(d dense) func() dense { return d.sourced }

// of is the behavior of a part of the same passes; it has no example where there is none, or where a record does not fit.
func (b behavior) of(part func(dense) func() dense) behavior {
	h := behavior{warnings: b.warnings, header: b.header}
	for _, x := range b.examples {
		load := part(x)
		if load == nil {
			return behavior{}
		}
		d := load().fits()
		if d.Positions != x.Positions {
			return behavior{}
		}
		h.examples = append(h.examples, d)
	}
	return h
}

func (b behavior) mean() dense {
	d := b.aligned("mean of " + several(len(b.examples), "prompt"))
	d.headed, d.sourced = func() dense { return b.of(heads).mean() }, func() dense { return b.of(sources).mean() }
	n := float32(len(b.examples))
	b.each(d, func(_, at int, row []float32) {
		to := d.scores[at:][:len(row)]
		for i, v := range row {
			to[i] += v
		}
	})
	for i := range d.scores {
		d.scores[i] /= n
	}
	return d
}

// union keeps of each neuron and position the largest |score| over the examples, where it is at least the share x of its
// example's metric. list, where there is one, holds all scores that can pass.
func (b behavior) union(x float64, list []carrier) dense {
	name := "largest of " + several(len(b.examples), "prompt")
	if x > 0 {
		name = fmt.Sprintf("largest of %s where it is %.3g %% of the metric", several(len(b.examples), "prompt"), 100*x)
	}
	d, least := b.aligned(name), b.bounds(x)
	d.headed, d.sourced = func() dense { return b.of(heads).union(x, nil) }, func() dense { return b.of(sources).union(x, nil) }
	if list == nil {
		b.each(d, func(example, at int, row []float32) {
			to, bound := d.scores[at:][:len(row)], least[example]
			for i, v := range row {
				if m := abs32(v); m > abs32(to[i]) && m >= bound {
					to[i] = v
				}
			}
		})
		return d
	}
	for _, c := range list {
		if m := abs32(c.score); m >= least[c.example] && m > abs32(d.scores[c.at]) {
			d.scores[c.at] = c.score
		}
	}
	return d
}

// indexed is the share of a metric from which on AnyPercent looks at a list in place of all scores: few scores carry a
// thousandth of a metric.
const indexed = .001

// carrier is a score that carries at least that share of its example's metric.
type carrier struct {
	example int32
	at      uint32 // place among the aligned scores
	score   float32
}

func (b behavior) carriers(share float64) []carrier {
	list, d, least := []carrier{}, b.aligned(""), b.bounds(share)
	b.each(d, func(example, at int, row []float32) {
		bound := least[example]
		for i, v := range row {
			if v != 0 && abs32(v) >= bound {
				list = append(list, carrier{int32(example), uint32(at + i), v})
			}
		}
	})
	return list
}

// bounds returns the least |score| of each example that is the share x of its metric, rounded up to a float32.
func (b behavior) bounds(x float64) []float32 {
	least := make([]float32, len(b.examples))
	for i, e := range b.examples {
		bound := x * math.Abs(e.Reference)
		if least[i] = float32(bound); float64(least[i]) < bound {
			least[i] = math.Nextafter32(least[i], float32(math.Inf(1)))
		}
	}
	return least
}

func abs32(v float32) float32 { return math.Float32frombits(magnitude(v)) }
