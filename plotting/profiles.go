package plotting

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Profiled is what [Profiles] draws: what each of U units of a circuit reads from T tokens and writes to J outputs, and what it gives to
// the metric; and what these tokens and outputs are.
//
// What is drawn may also have
//
//	Parts() (names []string, of []int, silhouettes, stabilities []float64)   // G groups, [G], and which of them each unit is in, [U]
//	Fit() (silhouette, lo, hi, p float64)                                    // of all groups, and of groups by chance the middle 95 %
//	Tree() (a, b []int, heights []float64)                                   // how units were joined, U−1 times
//
// Units of a group stand beside one another. A tree is of clusters: the units are the first U, and the k-th merge joins a and b to
// the cluster U+k at its height, the distance of the two.
type Profiled interface {
	Rows() (units []string, reads, writes [][]float64, effects []float64) // [U], [U][T], [U][J], [U]
	Columns() (tokens, outputs []string)                                  // [T], [J]
}

// Profiles describes a figure of what the units of a circuit read and write: a row for each, a column for each token that is read
// and each that is written, and what the unit gives to the metric as a bar. Each unit's two profiles are drawn as of length 1, so
// that rows show what is compared where units are grouped by the cosine of their profiles. Groups stand under their names, with the
// tree that they were cut from. Of many columns the strongest are drawn. x is asked for its numbers once, when the figure is first
// drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func Profiles(x Profiled) *Figure {
	return newFigure("plotting.Profiles", func() (chart, error) { return newProfilesChart(x) })
}

// profilesChart is the checked data of a Profiles figure.
type profilesChart struct {
	source
	units   []string // [U]
	reads   profileSide
	writes  profileSide
	effects []float64 // [U]
	limit   float64   // the largest number by size, of profiles of length 1
	groups  []unitGroup
	fit     *groupFit // nil where unknown
	tree    []merge   // empty where unknown
}

// A profileSide is what units read, or what they write.
type profileSide struct {
	labels  []string    // of the columns that are drawn
	z       [][]float64 // [U][columns], parts of profiles of length 1
	every   []string    // the labels of all columns
	amounts [][]float64 // [U][all columns], as they came, divided by the largest
}

// A unitGroup is a range of rows.
type unitGroup struct {
	name                  string // "" where units are not grouped
	from, to              int    // rows; to is not among them
	silhouette, stability float64
}

// A groupFit says how well units fall into groups.
type groupFit struct{ silhouette, lo, hi, p float64 }

// A merge joins two clusters of units at a height.
type merge struct {
	a, b   int
	height float64
}

// The most columns of each side that are drawn.
const (
	mostRead    = 18
	mostWritten = 12
)

func newProfilesChart(x Profiled) (chart, error) {
	const where = "plotting.Profiles"
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass the profiles of a circuit", "got nil")
	}
	units, reads, writes, effects := x.Rows()
	tokens, outputs := x.Columns()
	n := len(units)
	c := &profilesChart{units: units, effects: effects}
	switch {
	case n == 0 || len(tokens)+len(outputs) == 0:
		return nil, problemf(ErrNoData, where, "select at least one neuron, e.g. TopEntries(50)", "%s, %s and %s", count(n, "unit"), count(len(tokens), "token"), count(len(outputs), "output"))
	case len(reads) != n || len(writes) != n || len(effects) != n:
		return nil, problemf(ErrShape, where, "Rows() must return one row and one effect a unit", "%d rows of tokens, %d of outputs and %s for %s",
			len(reads), len(writes), count(len(effects), "effect"), count(n, "unit"))
	}
	for i, name := range units {
		at := fmt.Sprintf("%s: unit %d (%s)", where, i, name)
		if len(reads[i]) != len(tokens) || len(writes[i]) != len(outputs) {
			return nil, problemf(ErrShape, at, "Rows() must return one number a column of Columns()", "%d and %d numbers for %s and %s",
				len(reads[i]), len(writes[i]), count(len(tokens), "token"), count(len(outputs), "output"))
		}
		if err := finite(at, append(append([]float64{effects[i]}, reads[i]...), writes[i]...)...); err != nil {
			return nil, err
		}
	}
	c.reads, c.writes = newProfileSide(tokens, reads, mostRead), newProfileSide(outputs, writes, mostWritten)
	for _, row := range append(slices.Clone(c.reads.z), c.writes.z...) {
		for _, v := range row {
			c.limit = max(c.limit, math.Abs(v))
		}
	}
	if err := c.group(where, x); err != nil {
		return nil, err
	}
	c.source = describe(x)
	return c, nil
}

// newProfileSide gives rows the length 1 and keeps the strongest columns, in their order.
func newProfileSide(columns []string, rows [][]float64, most int) profileSide {
	s := profileSide{z: make([][]float64, len(rows)), amounts: make([][]float64, len(rows))}
	if len(columns) == 0 {
		return s
	}
	s.every = tokenLabels(columns)
	top, scaled, strength := 0., make([][]float64, len(rows)), make([]float64, len(columns))
	for i, row := range rows {
		scaled[i] = unitLength(row)
		for j, v := range row {
			top = max(top, math.Abs(v))
			strength[j] += math.Abs(scaled[i][j])
		}
	}
	kept := strongestOf(strength, most)
	for _, j := range kept {
		s.labels = append(s.labels, s.every[j])
	}
	for i, row := range rows {
		for _, j := range kept {
			s.z[i] = append(s.z[i], scaled[i][j])
		}
		for _, v := range row {
			s.amounts[i] = append(s.amounts[i], v/max(top, math.SmallestNonzeroFloat64))
		}
	}
	return s
}

// strongest returns the column with most of what all units read or write, by size, and its share; "" where it is nothing.
func (s profileSide) strongest() (label string, share float64) {
	columns := make([]float64, len(s.every))
	for _, row := range s.amounts {
		for j, v := range row {
			columns[j] += math.Abs(v)
		}
	}
	total := sum(columns)
	if total == 0 {
		return "", 0
	}
	at := largest(columns)
	return s.every[at], columns[at] / total
}

// unitLength divides numbers by their length; nothing stays nothing.
func unitLength(v []float64) []float64 {
	out, top := make([]float64, len(v)), 0.
	for _, x := range v {
		top = max(top, math.Abs(x))
	}
	if top == 0 {
		return out
	}
	length := 0.
	for i, x := range v {
		out[i] = x / top // at most 1, so that squares neither overflow nor vanish
		length += out[i] * out[i]
	}
	for i := range out {
		out[i] /= math.Sqrt(length)
	}
	return out
}

// strongestOf returns the places of the n largest values, rising.
func strongestOf(v []float64, n int) []int {
	order := upTo(0, len(v)-1)
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(v[j], v[i]) })
	order = order[:min(n, len(order))]
	slices.Sort(order)
	return order
}
