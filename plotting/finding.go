package plotting

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// A span is a range of layers or positions, both ends included, and its share of the total.
type span struct {
	lo, hi int
	share  float64
}

// concentrated is by how much a span's share must exceed its share of the axis to count as a finding.
const concentrated = 0.15

// concentration returns the span whose share of the total exceeds its share of the axis by the most, and whether that
// is enough to speak of. The values are at least 0 and not all 0. It is the maximum subarray of v/Σv − 1/n
// (Kadane's algorithm; J. Bentley, Programming Pearls, 1984); among equals the first is taken.
func concentration(v []float64) (best span, ok bool) {
	total := sum(v)
	uniform := 1 / float64(len(v))
	excess, from, most := 0.0, 0, 0.0
	for i, x := range v {
		if excess <= 0 {
			excess, from = 0, i
		}
		excess += x/total - uniform
		if excess > most {
			most, best = excess, span{lo: from, hi: i}
		}
	}
	best.share = sum(v[best.lo:best.hi+1]) / total
	return best, most >= concentrated
}

// leaders returns the one, two or three places whose share of the total exceeds their share of the axis by the most,
// in their order on the axis, and whether that is enough to speak of; if not, the largest place alone.
// The values are at least 0 and not all 0.
func leaders(v []float64) (top []int, share float64, ok bool) {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(v[j], v[i]) })
	total, running, most := sum(v), 0.0, math.Inf(-1)
	for k := 1; k <= min(3, len(v)); k++ {
		running += v[order[k-1]] / total
		if excess := running - float64(k)/float64(len(v)); excess > most {
			most, share, top = excess, running, order[:k]
		}
	}
	if most < concentrated {
		top, share = order[:1], v[order[0]]/total
	}
	slices.Sort(top)
	return top, share, most >= concentrated
}

// list joins names as a sentence does: "a", "a and b", "a, b and c".
func list(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// largest returns the index of the largest value, the first among equals.
func largest(v []float64) (at int) {
	for i, x := range v {
		if x > v[at] {
			at = i
		}
	}
	return at
}

func sum(v []float64) (s float64) {
	for _, x := range v {
		s += x
	}
	return s
}

// layers names the layers of a span and returns the verb that follows.
func (s span) layers() (name, verb string) {
	if s.lo == s.hi {
		return fmt.Sprintf("layer %d", s.lo), "carries"
	}
	return fmt.Sprintf("layers %d–%d", s.lo, s.hi), "carry"
}

// of returns the share as a phrase: "81 % of the support", "all of the support".
func (s span) of(what string) string { return percent(s.share) + " of the " + what }

// spread says that no span stands out.
func spread(v []float64, what string) string {
	at := largest(v)
	return fmt.Sprintf("The %s is spread over %d layers; most, %s, is in layer %d", what, len(v), percent(v[at]/sum(v)), at)
}
