package gonbext

import "github.com/neuronsteer/neuronsteer/steer"

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

// changed says what interventions changed in a run; ok is false where that is nothing.
func changed(run interface {
	Edited() int
	EditedHeads() int
}) (s string, ok bool) {
	n, h := run.Edited(), run.EditedHeads()
	return units(n, h) + " changed", n+h > 0
}
