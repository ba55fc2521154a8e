package plotting

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Overlapping is what [Overlap] draws: circuits by pairs. i and j count the circuits from 0.
//
// What is drawn may also have P(i, j int) float64, the probability that chance gives at least the overlap of a pair; the
// title then speaks of a pair only where p, multiplied by the number of pairs (Bonferroni), is below .05.
type Overlapping interface {
	Len() int
	Names() []string
	Sizes() []int              // neurons of each circuit
	Jaccard(i, j int) float64  // shared / combined neurons, 0 to 1
	Expected(i, j int) float64 // Jaccard by chance: of random circuits with as many neurons in every layer; NaN where unknown
}

// Overlap describes a figure of what circuits have in common: the Jaccard index of each pair as the lower triangle of a
// matrix, the number of neurons on its diagonal, and as the last row what a random circuit with as many neurons in every
// layer would share with each.
//
//	fig := plotting.Overlap(found, contrast, parts)            // circuits, which compare themselves
//	fig := plotting.Overlap(steer.Overlap(found, contrast))    // or one Overlapping, in which they are compared already
//
// Of circuits, the first is asked to compare itself with the others, so they have the method
//
//	OverlapWith(others ...T) interface{ … }   // an [Overlapping]; its methods, written out
//
// x is asked for its numbers once, when the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN] or [ErrRange].
func Overlap[T any](x ...T) *Figure {
	x = slices.Clone(x)
	return newFigure("plotting.Overlap", func() (chart, error) {
		pairs, err := overlapping(x)
		if err != nil {
			return nil, err
		}
		return newOverlapChart(pairs)
	})
}

// overlapping returns what compares the pairs of x: x itself where it is one comparison, or what its first circuit says.
func overlapping[T any](x []T) (Overlapping, error) {
	const where = "plotting.Overlap"
	const hint = "compare two or more circuits, e.g. Overlap(a, b)"
	if len(x) == 0 {
		return nil, problemf(ErrNoData, where, hint, "got nothing")
	}
	switch first := any(x[0]).(type) {
	case nil:
		return nil, problemf(ErrNoData, where, hint, "got nil")
	case Overlapping:
		if len(x) > 1 {
			return nil, problemf(ErrShape, where, "draw each in a figure of its own", "%d comparisons, of which a figure shows one", len(x))
		}
		return first, nil
	case interface {
		OverlapWith(others ...T) interface {
			Len() int
			Names() []string
			Sizes() []int
			Jaccard(i, j int) float64
			Expected(i, j int) float64
		}
	}:
		return first.OverlapWith(x[1:]...), nil
	}
	return nil, problemf(ErrNoData, where, "pass circuits, e.g. those of TopK(200)", "%T cannot be compared", x[0])
}

// overlapChart is the checked data of an Overlap figure.
type overlapChart struct {
	source
	names  []string    // [n]
	sizes  []int       // [n]
	z      [][]float64 // [n][n] Jaccard
	chance [][]float64 // [n][n] the same by chance, NaN where unknown; the diagonal is the random row
	p      [][]float64 // [n][n] nil where unknown
}

func newOverlapChart(x Overlapping) (chart, error) {
	const where = "plotting.Overlap"
	const hint = "compare two or more circuits"
	n := x.Len()
	o := &overlapChart{names: append([]string(nil), x.Names()...), sizes: x.Sizes()}
	switch {
	case n < 2:
		return nil, problemf(ErrNoData, where, hint, "%s", count(n, "circuit"))
	case len(o.names) != n || len(o.sizes) != n:
		return nil, problemf(ErrShape, where, "Names() and Sizes() must return one value a circuit",
			"%d names and %d sizes for %s", len(o.names), len(o.sizes), count(n, "circuit"))
	}
	for i, name := range o.names {
		if strings.TrimSpace(name) == "" {
			o.names[i] = fmt.Sprintf("circuit %d", i+1)
		}
	}
	prob, known := x.(interface{ P(i, j int) float64 })
	for i := range n {
		o.z, o.chance = append(o.z, make([]float64, n)), append(o.chance, make([]float64, n))
		if known {
			o.p = append(o.p, make([]float64, n))
		}
		for j := range i + 1 {
			at := fmt.Sprintf("%s: circuits %d and %d", where, j+1, i+1)
			z, e := x.Jaccard(i, j), x.Expected(i, j)
			if math.IsNaN(z) {
				return nil, problemf(ErrNaN, at, "Jaccard() must return shared / combined neurons", "the overlap is NaN")
			}
			if z < 0 || z > 1 || e < 0 || e > 1 {
				return nil, problemf(ErrRange, at, "Jaccard() and Expected() must return numbers from 0 to 1", "%v, by chance %v", z, e)
			}
			o.z[i][j], o.chance[i][j] = z, e
			if known {
				o.p[i][j] = prob.P(i, j)
			}
		}
	}
	o.source = describe(x)
	o.source.name = "" // names belong to the rows
	return o, nil
}

// beyond reports whether a pair overlaps more than chance explains, by its p where that is known; known is false where
// nothing is known of chance.
func (o *overlapChart) beyond(i, j int) (more, known bool) {
	if o.p != nil && !math.IsNaN(o.p[i][j]) {
		n := len(o.names)
		return o.p[i][j]*float64(n*(n-1)/2) < .05, true
	}
	return o.z[i][j] > o.chance[i][j], !math.IsNaN(o.chance[i][j])
}

// title names the pair that has most in common, or says that chance explains it all.
func (o *overlapChart) title() string {
	n := len(o.names)
	bi, bj, shown, known := 1, 0, false, false
	for i := range n {
		for j := range i {
			if o.z[i][j] > o.z[bi][bj] {
				bi, bj = i, j
			}
			more, k := o.beyond(i, j)
			shown, known = shown || more, known || k
		}
	}
	pair := fmt.Sprintf("“%s” and “%s”", o.names[bj], o.names[bi])
	switch {
	case o.z[bi][bj] == 0 && n == 2:
		return pair + " share no neuron"
	case o.z[bi][bj] == 0:
		return fmt.Sprintf("No two of the %d circuits share a neuron", n)
	case known && !shown && n == 2:
		return pair + " share no more neurons than chance explains"
	case known && !shown:
		return fmt.Sprintf("No two of the %d circuits share more neurons than chance explains", n)
	}
	verb := "overlap most"
	if n == 2 {
		verb = "overlap"
	}
	if math.IsNaN(o.chance[bi][bj]) {
		return fmt.Sprintf("%s %s, Jaccard %s; what chance gives is unknown", pair, verb, share(o.z[bi][bj]))
	}
	return fmt.Sprintf("%s %s, Jaccard %s; chance gives %s", pair, verb, share(o.z[bi][bj]), share(o.chance[bi][bj]))
}

func (o *overlapChart) subtitle() string {
	return o.source.subtitle("Jaccard index: shared / combined neurons; last row: a random circuit with as many in every layer")
}

// pairsTold is how many pairs the alternative text lists.
const pairsTold = 10

// alt lists the pairs, and what chance gives for each.
func (o *overlapChart) alt() string {
	var s strings.Builder
	rows := make([]string, len(o.names))
	for i, name := range o.names {
		rows[i] = fmt.Sprintf("%s (n=%d)", name, o.sizes[i])
	}
	fmt.Fprintf(&s, "Matrix of the overlap of %s", count(len(o.names), "circuit"))
	if len(rows) <= pairsTold {
		s.WriteString(": " + list(rows))
	}
	fmt.Fprintf(&s, ". %s.", o.title())
	told := 0
	for i := range o.names {
		for j := range i {
			if told++; told > pairsTold {
				continue
			}
			fmt.Fprintf(&s, " %s and %s: %s, by chance %s", o.names[j], o.names[i], share(o.z[i][j]), share(o.chance[i][j]))
			if o.p != nil && !math.IsNaN(o.p[i][j]) {
				fmt.Fprintf(&s, ", p = %s", typeset(fmt.Sprintf("%.2g", o.p[i][j])))
			}
			s.WriteByte('.')
		}
	}
	if told > pairsTold {
		fmt.Fprintf(&s, " %d more pairs.", told-pairsTold)
	}
	least, most := math.Inf(1), math.Inf(-1)
	for i := range o.names {
		if v := o.chance[i][i]; !math.IsNaN(v) {
			least, most = min(least, v), max(most, v)
		}
	}
	if least > most {
		return s.String() + " What a random circuit shares with them is unknown."
	}
	chance := share(least)
	if share(most) != chance {
		chance += " to " + share(most)
	}
	return s.String() + fmt.Sprintf(" A random circuit, as many neurons in every layer, shares %s with them.", chance)
}

// cellShare formats a share for a cell, as .42.
func cellShare(v float64) string {
	if math.IsNaN(v) {
		return "?"
	}
	return strings.TrimPrefix(fmt.Sprintf("%.2f", v), "0")
}

// share formats a share in a sentence; a small one is not mistaken for none.
func share(v float64) string {
	switch {
	case math.IsNaN(v):
		return "unknown"
	case v > 0 && v < .005:
		return "under .01"
	case v == 0:
		return "0"
	}
	return cellShare(v)
}
