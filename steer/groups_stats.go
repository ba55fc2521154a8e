package steer

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// How groups are found and tested.
const (
	mostGroups       = 12  // that are tried where their number is not given
	groupResamples   = 200 // of what profiles are over
	groupShuffles    = 99
	fewestToResample = 5 // prompts; fewer say nothing, and tokens and outputs are drawn in their place
)

// profileRows are the profiles as numbers.
type profileRows struct {
	inputs, outputs [][]float64 // [U,T] and, less their mean over the outputs of a prompt, [U,J]
	tokens, words   []int       // of which prompt each column is
}

func (p Profiles) rows() (r profileRows) {
	b := p.rec.body()
	for i, c := range b.Cases {
		r.tokens = append(r.tokens, slices.Repeat([]int{i}, len(c.Tokens))...)
		r.words = append(r.words, slices.Repeat([]int{i}, len(c.Outputs))...)
	}
	for _, n := range b.Units {
		in, out := widen(p.row("inputs", n)), widen(p.row("outputs", n))
		if len(in) != len(r.tokens) || len(out) != len(r.words) {
			return profileRows{}
		}
		at := 0
		for _, c := range b.Cases {
			part := out[at:][:len(c.Outputs)]
			mean := stats.Mean(part)
			for j := range part {
				part[j] -= mean
			}
			at += len(part)
		}
		r.inputs, r.outputs = append(r.inputs, in), append(r.outputs, out)
	}
	return r
}

// distances returns 1 − the mean cosine of two units' inputs and outputs [U,U], columns counting so many times.
func (r profileRows) distances(tokens, words []float64) [][]float64 {
	d := make([][]float64, len(r.inputs))
	for i := range d {
		d[i] = make([]float64, len(d))
		for j := range i {
			x := 1 - (stats.Cosine(r.inputs[i], r.inputs[j], tokens)+stats.Cosine(r.outputs[i], r.outputs[j], words))/2
			d[i][j], d[j][i] = x, x
		}
	}
	return d
}

// resample draws prompts, or where they are few columns, and says how often each column counts.
func (r profileRows) resample(rng *rand.Rand, prompts int) (tokens, words []float64) {
	draw := func(n int) []float64 {
		out := make([]float64, n)
		for range n {
			out[rng.IntN(n)]++
		}
		return out
	}
	if prompts < fewestToResample {
		return draw(len(r.tokens)), draw(len(r.words))
	}
	times := draw(prompts)
	for _, i := range r.tokens {
		tokens = append(tokens, times[i])
	}
	for _, i := range r.words {
		words = append(words, times[i])
	}
	return tokens, words
}

// shuffled returns profiles whose numbers stand in any order, each unit's in its own.
func (r profileRows) shuffled(rng *rand.Rand) profileRows {
	out := profileRows{tokens: r.tokens, words: r.words}
	mix := func(rows [][]float64) (mixed [][]float64) {
		for _, row := range rows {
			row = slices.Clone(row)
			rng.Shuffle(len(row), func(i, j int) { row[i], row[j] = row[j], row[i] })
			mixed = append(mixed, row)
		}
		return mixed
	}
	out.inputs, out.outputs = mix(r.inputs), mix(r.outputs)
	return out
}

// cut joins units into k groups, or with 0 into as many as fit best, by cutting a tree of them.
func cut(distance [][]float64, k int) (tree []stats.Merge, labels []int, silhouette float64) {
	tree = stats.Agglomerate(distance)
	if k == 0 {
		labels, silhouette = stats.BestCut(distance, tree, mostGroups)
		return tree, labels, silhouette
	}
	labels = stats.CutTree(tree, len(distance), k)
	return tree, labels, stats.Mean(stats.Silhouettes(distance, labels))
}

// grouped joins the units.
func (p Profiles) grouped(k int) grouping {
	r, b := p.rows(), p.rec.body()
	if len(r.inputs) == 0 {
		return grouping{}
	}
	tokens, words := stats.Ones(len(r.tokens)), stats.Ones(len(r.words))
	d := r.distances(tokens, words)
	tree, labels, silhouette := cut(d, k)
	out := grouping{silhouette: silhouette, tree: tree, order: p.ordered(tree), resampled: "prompts"}
	if len(b.Cases) < fewestToResample {
		out.resampled = "tokens and outputs"
	}
	n := slices.Max(labels) + 1

	rng := stats.Rand(0, stats.Profiles)
	found := make([]float64, n)
	for range groupResamples {
		_, again, _ := cut(r.distances(r.resample(rng, len(b.Cases))), n)
		for i, x := range stats.Recovered(labels, again) {
			found[i] += x / groupResamples
		}
	}
	var null []float64
	for range groupShuffles {
		_, _, s := cut(r.shuffled(rng).distances(tokens, words), k)
		null = append(null, s)
	}
	out.null, out.p = newBand(null), stats.AboveP(silhouette, null)

	each := stats.Silhouettes(d, labels)
	for i := range n {
		g := p.group(b, r, func(u int) bool { return labels[u] == i })
		var own []float64
		for u, x := range each {
			if labels[u] == i {
				own = append(own, x)
			}
		}
		g.Silhouette, g.Stability = stats.Mean(own), found[i]
		out.groups = append(out.groups, g)
	}
	slices.SortStableFunc(out.groups, func(a, b Group) int {
		return cmp.Compare(math.Abs(p.effect(b)), math.Abs(p.effect(a)))
	})
	nameGroups(out.groups)
	out.warnings = groupWarnings(out, len(b.Units))
	return out
}

// group is the part of the circuit whose units are in it.
func (p Profiles) group(b message.ProfilesBody, r profileRows, in func(unit int) bool) Group {
	var g Group
	var ns []Neuron
	reads, writes := make([]float64, len(r.tokens)), make([]float64, len(r.words))
	for u, n := range b.Units {
		if !in(u) {
			continue
		}
		ns = append(ns, n)
		for t, x := range r.inputs[u] {
			reads[t] += x
		}
		for j, x := range r.outputs[u] {
			writes[j] += x
		}
	}
	for t, c := range p.Reads(ns[0]) {
		c.Relevance = reads[t]
		g.Reads = append(g.Reads, c)
	}
	for j, o := range p.Writes(ns[0]) {
		o.Contribution = writes[j]
		g.Writes = append(g.Writes, o)
	}
	slices.SortStableFunc(g.Reads, func(a, b Reading) int { return cmp.Compare(math.Abs(b.Relevance), math.Abs(a.Relevance)) })
	slices.SortStableFunc(g.Writes, func(a, b Writing) int { return cmp.Compare(math.Abs(b.Contribution), math.Abs(a.Contribution)) })
	g.Circuit = p.circuit.of(ns)
	return g
}

// effect is what a group gives to the metric, over all prompts.
func (p Profiles) effect(g Group) (sum float64) {
	for _, n := range g.Circuit.Neurons() {
		sum += p.total(n)
	}
	return sum
}

// of returns the entries of c whose neurons are among the given.
func (c Circuit) of(ns []Neuron) Circuit {
	es := c.sifted(NewNeuronSet("", ns...), true)
	c.entries = func() []Entry { return es }
	return c
}

// groupWarnings says what a reader of groups must know.
func groupWarnings(g grouping, units int) []Warning {
	var ws []Warning
	warn := func(code, format string, args ...any) {
		ws = append(ws, Warning{Code: code, Text: fmt.Sprintf(format, args...)})
	}
	switch {
	case units < 3:
		warn("few", "%d units are too few to group", units)
	case len(g.groups) == 1:
		warn("groups", "no number of groups sets the units apart: they are one")
	case g.p > stats.Level:
		warn("chance", "profiles with shuffled numbers group about as well (p = %.2g): these groups may be chance", g.p)
	}
	var loose []string
	for _, x := range g.groups {
		if len(g.groups) > 1 && x.Stability < .6 {
			loose = append(loose, x.Circuit.Name())
		}
	}
	if len(loose) > 0 {
		warn("unstable", "%d of %d groups are not found again in most resamples of %s (mean Jaccard below .6), the first of them %s", len(loose), len(g.groups), g.resampled, loose[0])
	}
	return ws
}
