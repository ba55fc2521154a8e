package steer

import (
	"math"

	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Rows returns the units as figures draw them, in the order of Units: their names [U], what they read [U,T] and write [U,J] on all
// prompts together, in logits, and what they give to the metric, summed over the prompts [U]. As where units are grouped, what is
// written counts less its mean over the outputs of a prompt.
func (p Profiles) Rows() (units []string, reads, writes [][]float64, effects []float64) {
	ns := p.Units()
	r := p.rows()
	if len(r.inputs) != len(ns) {
		return nil, nil, nil, nil
	}
	for _, n := range ns {
		units, effects = append(units, n.String()), append(effects, p.total(n))
	}
	return units, r.inputs, r.outputs, effects
}

// Columns returns the tokens that are read [T] and written [J], those of all prompts one after another.
func (p Profiles) Columns() (tokens, outputs []string) {
	for _, c := range p.rec.body().Cases {
		tokens = append(tokens, engine.Labels(c.Tokens)...)
		for _, o := range c.Outputs {
			outputs = append(outputs, o.Token.Text)
		}
	}
	return tokens, outputs
}

// Unit returns the unit of all numbers: logits.
func (p Profiles) Unit() string { return "logits" }

// total is what a unit gives to the metric, over all prompts.
func (p Profiles) total(n Neuron) (sum float64) {
	for _, e := range p.Effect(n) {
		sum += e
	}
	return sum
}

// Rows returns the units as figures draw them, as Profiles.Rows does, in the order of the tree: units of a group stand beside one
// another, and of two branches the one that gives more to the metric, by size, comes first.
func (g Groups) Rows() (units []string, reads, writes [][]float64, effects []float64) {
	names, in, out, sums := g.profiles.Rows()
	for _, u := range g.data().order {
		units, reads, writes, effects = append(units, names[u]), append(reads, in[u]), append(writes, out[u]), append(effects, sums[u])
	}
	return units, reads, writes, effects
}

// Columns returns the tokens that are read [T] and written [J], those of all prompts one after another.
func (g Groups) Columns() (tokens, outputs []string) { return g.profiles.Columns() }

// Parts returns the groups as figures draw them: their names, silhouettes and stabilities, each [G], and in which of them each of the
// units of Rows is [U].
func (g Groups) Parts() (names []string, of []int, silhouettes, stabilities []float64) {
	d := g.data()
	in := map[Neuron]int{}
	for i, x := range d.groups {
		names, silhouettes, stabilities = append(names, x.Circuit.Name()), append(silhouettes, x.Silhouette), append(stabilities, x.Stability)
		for _, n := range x.Circuit.Neurons() {
			in[n] = i
		}
	}
	units := g.profiles.Units()
	for _, u := range d.order {
		of = append(of, in[units[u]])
	}
	return names, of, silhouettes, stabilities
}

// Fit returns the silhouette of all units, the middle 95 % of those that chance gives, and the p value, as Silhouette and Null do.
func (g Groups) Fit() (silhouette, lo, hi, p float64) {
	d := g.data()
	return d.silhouette, d.null.Lo, d.null.Hi, d.p
}

// Tree returns how the units were joined (U−1 times): the units of Rows are the clusters 0 to U−1, and the k-th merge joins a and b to the
// cluster U+k, at the height of their mean distance, 1 − the mean of two cosines: 0 where profiles point the same way, 2 where they
// are opposite. Groups are what is left where the last merges are taken back.
func (g Groups) Tree() (a, b []int, heights []float64) {
	d := g.data()
	place := make([]int, len(d.order)) // of units among Rows
	for i, u := range d.order {
		place[u] = i
	}
	at := func(cluster int) int {
		if cluster < len(place) {
			return place[cluster]
		}
		return cluster
	}
	for _, m := range d.tree {
		a, b, heights = append(a, at(m.A)), append(b, at(m.B)), append(heights, max(m.Height, 0))
	}
	return a, b, heights
}

// About says what the metric is, e.g. logit(" Paris") − logit(" Rome").
func (g Groups) About() string { return g.profiles.About() }

// N returns the number of prompts.
func (g Groups) N() (n int, of string) { return g.profiles.N() }

// Unit returns the unit of all numbers: logits.
func (g Groups) Unit() string { return g.profiles.Unit() }

// ordered returns the units in an order in which no branches of a tree cross; of two branches the one whose units give more to the
// metric, by size, comes first.
func (p Profiles) ordered(tree []stats.Merge) []int {
	var leaves [][]int
	var sums []float64
	for u, n := range p.Units() {
		leaves, sums = append(leaves, []int{u}), append(sums, p.total(n))
	}
	for _, m := range tree {
		a, b := m.A, m.B
		if math.Abs(sums[b]) > math.Abs(sums[a]) {
			a, b = b, a
		}
		leaves, sums = append(leaves, append(append([]int{}, leaves[a]...), leaves[b]...)), append(sums, sums[a]+sums[b])
	}
	if len(leaves) == 0 {
		return nil
	}
	return leaves[len(leaves)-1]
}
