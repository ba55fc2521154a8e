package gonbext

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// units counts neurons and heads: "3 neurons", "2 heads", "3 neurons and 2 heads".
func units(neurons, heads int) string {
	switch {
	case heads == 0:
		return count(neurons, "neuron")
	case neurons == 0:
		return count(heads, "head")
	}
	return count(neurons, "neuron") + " and " + count(heads, "head")
}

// unitsOf is units of a list.
func unitsOf(ns []steer.Neuron) string {
	heads := headsOf(ns)
	return units(len(ns)-heads, heads)
}

func headsOf(ns []steer.Neuron) (heads int) {
	for _, n := range ns {
		if n.Head {
			heads++
		}
	}
	return heads
}

// kindsOf says what a list holds: "neurons", "heads", "neurons and heads".
func kindsOf(ns []steer.Neuron) string {
	switch heads := headsOf(ns); {
	case heads == 0:
		return "neurons"
	case heads == len(ns):
		return "heads"
	}
	return "neurons and heads"
}

// columnOf heads the column that names entries.
func columnOf(es []steer.Entry) string {
	ns := make([]steer.Neuron, len(es))
	for i, e := range es {
		ns[i] = e.Neuron
	}
	return map[string]string{"neurons": "neuron", "heads": "head", "neurons and heads": "neuron or head"}[kindsOf(ns)]
}

// under says first on the card of a result what the model was run under, in words, and how much of it that changed.
func (c *card) under(result any) {
	var line []span
	if of, ok := result.(interface{ Interventions() string }); ok {
		if what := of.Interventions(); what != "" {
			line = append(line, span{"Under ", muted}, span{visible.Text(what), strong})
		}
	}
	if of, ok := result.(interface {
		Edited() int
		EditedHeads() int
	}); ok && of.Edited()+of.EditedHeads() > 0 {
		if line != nil {
			line = append(line, span{" · ", muted})
		}
		line = append(line, span{units(of.Edited(), of.EditedHeads()) + " changed", plain})
	}
	if line != nil {
		c.blocks = slices.Insert(c.blocks, 0, block{line: line})
	}
}
