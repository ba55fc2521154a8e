package steer

import "github.com/neuronsteer/neuronsteer/steer/engine"

// Placed returns the nodes as figures draw them, each [N]: what they are (NodeKind), their labels, their layers, −1 of an embedding
// and L of the metric, their positions, −1 where all are together, and their scores.
func (g Graph) Placed() (kinds, names []string, layers, positions []int, scores []float64) {
	for _, n := range g.data().nodes {
		kinds, names = append(kinds, string(n.Kind)), append(names, n.Label)
		layers, positions, scores = append(layers, n.Layer), append(positions, n.Position), append(scores, n.Score)
	}
	return kinds, names, layers, positions, scores
}

// Wires returns the edges as figures draw them, each [E], the largest first: the places of their ends in Placed, and their weights, with
// the sign of what they do to their targets: positive where they push a neuron or head the way that it goes, up or down, or raise the
// metric. A neuron whose activation is negative is supported by what lowers it.
func (g Graph) Wires() (from, to []int, weights []float64) {
	for _, l := range g.data().edges {
		from, to, weights = append(from, l.source), append(to, l.target), append(weights, l.toward)
	}
	return from, to, weights
}

// Labels returns the token at each position of the prompt [T].
func (g Graph) Labels() []string { return engine.Labels(g.data().body.Tokens) }

// About returns what the metric measures; nothing without one.
func (g Graph) About() string {
	if m := g.data().body.Metric; m != nil {
		return m.About()
	}
	return ""
}

// Method says which edges these are: direct or total.
func (g Graph) Method() string {
	if g.Direct() {
		return "direct edges"
	}
	return "total edges"
}

// N returns the sample: one prompt.
func (g Graph) N() (n int, of string) { return 1, "prompt" }
