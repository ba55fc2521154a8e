package steer

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// Groups are the units of a circuit, joined by what they read and write. They are immutable.
type Groups struct {
	profiles Profiles
	load     func() grouping
}

// A Group is a part of a circuit whose units read and write alike. Whatever takes a circuit takes its Circuit: it is steered,
// swept and measured as any other.
type Group struct {
	Circuit    Circuit
	Reads      []Reading // all tokens, by falling |Σ relevance| over the units
	Writes     []Writing // all outputs, by falling |Σ contribution|, less the mean of their prompt
	Silhouette float64   // mean over its units: 1 is well apart from other groups, 0 between them
	Stability  float64   // how much of it is found again in resamples: mean Jaccard index; .75 and more is stable (Hennig 2007)
}

// grouping is computed groups.
type grouping struct {
	groups     []Group
	tree       []stats.Merge // that they were cut from
	order      []int         // of the units, as the tree has them
	silhouette float64
	null       Band    // of profiles whose numbers are shuffled
	p          float64 // of the silhouette among them
	resampled  string  // what resamples draw
	warnings   []Warning
}

func (g Groups) data() grouping {
	if g.load == nil {
		return grouping{}
	}
	return g.load()
}

// All returns the groups, the one with the largest |Σ effect| on the metric first.
func (g Groups) All() []Group { return slices.Clone(g.data().groups) }

// Silhouette returns the mean silhouette of all units.
func (g Groups) Silhouette() float64 { return g.data().silhouette }

// Null returns the middle 95 % of the silhouettes that as many groups have where each unit's numbers are shuffled within its
// profiles, so that units are as uneven as these and have nothing in common, and the p value of Silhouette among them.
func (g Groups) Null() (band Band, p float64) { return g.data().null, g.data().p }

// Profiles returns the profiles that the groups were made of.
func (g Groups) Profiles() Profiles { return g.profiles }

// Warnings returns what a reader must know before concluding anything.
func (g Groups) Warnings() []Warning {
	return append(g.profiles.Warnings(), g.data().warnings...)
}

// Edges adds up the edges of a graph between groups: the edge from one group to another is the sum of those from its units to the
// other's, at all positions. What is in no group, tokens and metric among them, stays as it is. Edges within a group are left out. The
// largest come first.
func (g Groups) Edges(of Graph) []Edge {
	d := of.data()
	nodes := slices.Clone(d.nodes)
	place := make([]int, len(nodes))
	in := map[Neuron]int{}
	groups := g.data().groups
	for i, x := range groups {
		for _, n := range x.Circuit.Neurons() {
			in[n] = i
		}
	}
	first := make([]int, len(groups))
	for i := range first {
		first[i] = -1
	}
	for i, n := range nodes {
		place[i] = i
		k, ok := in[n.Neuron]
		if !ok || n.Kind != NeuronNode && n.Kind != HeadNode {
			continue
		}
		if first[k] < 0 {
			first[k] = i
			nodes[i] = Node{Neuron: Neuron{Layer: n.Layer, Index: k}, Kind: GroupNode, Position: -1, Label: groups[k].Circuit.Name(), Score: groups[k].Circuit.Total()}
		}
		nodes[first[k]].Layer = min(nodes[first[k]].Layer, n.Layer)
		place[i] = first[k]
	}
	joined := graph{nodes: nodes, edges: slices.DeleteFunc(d.summed(place), func(l link) bool { return l.source == l.target })}
	joined.sort()
	return each(joined.edges, joined.edge)
}

// String returns one line for all groups, and one for each.
func (g Groups) String() string {
	d := g.data()
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s, silhouette %.2f (shuffled %.2f to %.2f, p = %.2g)", several(len(d.groups), "group"), units(g.profiles.rec.body().Units), d.silhouette, d.null.Lo, d.null.Hi, d.p)
	for _, x := range d.groups {
		fmt.Fprintf(&b, "\n%v", x)
	}
	return b.String()
}

// String returns one line.
func (g Group) String() string {
	return fmt.Sprintf("%s: %s, silhouette %.2f, stability %.2f", g.Circuit.Name(), units(g.Circuit.Neurons()), g.Silhouette, g.Stability)
}

// MarshalJSON writes the group with its ten strongest contexts and outputs.
func (g Group) MarshalJSON() ([]byte, error) {
	const shown = 10
	return json.Marshal(struct {
		Name       string    `json:"name"`
		Entries    []Entry   `json:"entries"`
		Reads      []Reading `json:"reads"`
		Writes     []Writing `json:"writes"`
		Silhouette float64   `json:"silhouette"`
		Stability  float64   `json:"stability"`
	}{g.Circuit.Name(), g.Circuit.Entries(), g.Reads[:min(shown, len(g.Reads))], g.Writes[:min(shown, len(g.Writes))], g.Silhouette, g.Stability})
}

// MarshalJSON writes the groups.
func (g Groups) MarshalJSON() ([]byte, error) {
	d := g.data()
	return json.Marshal(struct {
		Metric     string  `json:"metric"`
		Groups     []Group `json:"groups"`
		Silhouette float64 `json:"silhouette"`
		Null       Band    `json:"null"`
		P          float64 `json:"p"`
		Resampled  string  `json:"resampled"`
	}{g.profiles.About(), d.groups, d.silhouette, d.null, d.p, d.resampled})
}

// Table returns a line for every unit.
func (g Groups) Table() Table {
	t := Table{Caption: firstLine(g.String()), Columns: []string{"group", "name", "unit", "effect", "silhouette", "stability"}}
	for i, x := range g.data().groups {
		for _, n := range x.Circuit.Neurons() {
			t.Add(i+1, x.Circuit.Name(), n, g.profiles.total(n), x.Silhouette, x.Stability)
		}
	}
	return t
}

// CSV returns the table as comma-separated values, with a line of the columns' names.
func (g Groups) CSV() string { return g.Table().CSV() }
