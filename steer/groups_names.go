package steer

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// ways are how groups that read and write the same most are told apart, the plainest first: by what else they write, by what else
// they read, by their layers.
var ways = []func(Group) string{
	func(g Group) string { return reading(g.Reads, 1) + " → " + writing(g.Writes, 2) },
	func(g Group) string { return reading(g.Reads, 2) + " → " + writing(g.Writes, 1) },
	func(g Group) string { return plainest(g) + " in " + layersOf(g.Circuit) },
}

// nameGroups names groups by the token that each reads most and the one that it writes most, e.g. " France" → " Paris"; what is written
// against has a minus. No two have the same name: where these agree the name goes on to what differs, or else to a number.
func nameGroups(groups []Group) {
	alike := map[string][]int{}
	for i, g := range groups {
		alike[plainest(g)] = append(alike[plainest(g)], i)
	}
	for plain, at := range alike {
		names := []string{plain}
		if len(at) > 1 {
			names = toldApart(groups, at)
		}
		for i, k := range at {
			groups[k].Circuit = groups[k].Circuit.Named(names[i])
		}
	}
}

// toldApart names groups of one plain name by the first of the ways that tells most of them apart, and numbers those that it does not.
func toldApart(groups []Group, at []int) []string {
	var names []string
	many := map[string]int{} // of each name
	for _, way := range ways {
		tried, seen := make([]string, len(at)), map[string]int{}
		for i, k := range at {
			tried[i] = way(groups[k])
			seen[tried[i]]++
		}
		if len(seen) > len(many) {
			names, many = tried, seen
		}
	}
	number := map[string]int{}
	for i, name := range names {
		if many[name] > 1 {
			number[name]++
			names[i] = fmt.Sprintf("%s #%d", name, number[name])
		}
	}
	return names
}

func plainest(g Group) string { return reading(g.Reads, 1) + " → " + writing(g.Writes, 1) }

// reading names up to n different tokens that are read most.
func reading(reads []Reading, n int) string {
	return firstOf(n, len(reads), func(i int) (string, float64) { return fmt.Sprintf("%q", reads[i].Label), reads[i].Relevance })
}

// writing names up to n different tokens that are written most.
func writing(writes []Writing, n int) string {
	return firstOf(n, len(writes), func(i int) (string, float64) {
		w := writes[i]
		if math.Signbit(w.Contribution) {
			return fmt.Sprintf("−%q", w.Token.Text), w.Contribution
		}
		return fmt.Sprintf("%q", w.Token.Text), w.Contribution
	})
}

// firstOf joins the first n names of many that differ and whose size is not 0.
func firstOf(n, many int, at func(int) (string, float64)) string {
	var out []string
	for i := range many {
		if name, size := at(i); size != 0 && len(out) < n && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		return "nothing"
	}
	return strings.Join(out, ", ")
}

// layersOf names the layers that a circuit is in.
func layersOf(c Circuit) string {
	lo, hi := math.MaxInt, -1
	for _, n := range c.Neurons() {
		lo, hi = min(lo, n.Layer), max(hi, n.Layer)
	}
	if lo == hi {
		return fmt.Sprintf("layer %d", lo)
	}
	return fmt.Sprintf("layers %d to %d", lo, hi)
}
