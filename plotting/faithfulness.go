package plotting

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Faithful is what [Faithfulness] draws: for every number of units the share of a behavior that they carry alone, f, and the
// share that is left without them, c, each with its 95 % interval. Each slice has one value a size [K].
//
// What is drawn may also have
//
//	RandomBand() (mean, lo, hi []float64, n int)   // f of n random sets of units: mean and middle 95 %, each [K]
type Faithful interface {
	Sizes() []int // units, rising
	Faithfulness() (mean, lo, hi []float64)
	Completeness() (mean, lo, hi []float64)
}

// Faithfulness describes a figure of how much of a behavior the first units of a ranking carry: faithfulness and completeness
// by the number of units, on a logarithmic axis, with their intervals, beside random units in gray. A size of no unit has no
// place on the axis and is left out. The curve is asked for its numbers once, when the figure is first drawn or its text first
// read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func Faithfulness(x Faithful) *Figure {
	return newFigure("plotting.Faithfulness", func() (chart, error) { return newFaithfulnessChart(x) })
}

// faithfulnessChart is the checked data of a Faithfulness figure.
type faithfulnessChart struct {
	source
	units   []int     // [K], above 0
	x       []float64 // [K] their decimal logarithms
	f, c    band
	random  band // empty without random units
	randoms int
}

func newFaithfulnessChart(x Faithful) (chart, error) {
	const where = "plotting.Faithfulness"
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass the result of a faithfulness task", "got nil")
	}
	d := &faithfulnessChart{source: describe(x)}
	sizes := x.Sizes()
	var f, c, random band
	f.mean, f.lo, f.hi = x.Faithfulness()
	c.mean, c.lo, c.hi = x.Completeness()
	if len(sizes) > 0 && len(f.mean) == 0 {
		return nil, problemf(ErrNoData, where, "try another ablation: the model as it is and with all ablated differ by no more than noise", "the curve is not normalized")
	}
	if r, ok := x.(interface {
		RandomBand() (mean, lo, hi []float64, n int)
	}); ok {
		random.mean, random.lo, random.hi, d.randoms = r.RandomBand()
	}
	name := func(i int) string { return count(sizes[i], "unit") }
	for i := 1; i < len(sizes); i++ {
		if sizes[i] <= sizes[i-1] {
			return nil, problemf(ErrRange, where, "Sizes() must rise", "%d comes after %d", sizes[i], sizes[i-1])
		}
	}
	if err := f.holds(where+": faithfulness", len(sizes), "size", name); err != nil {
		return nil, err
	}
	if err := c.holds(where+": completeness", len(sizes), "size", name); err != nil {
		return nil, err
	}
	if d.randoms > 0 {
		if err := random.holds(where+": random units", len(sizes), "size", name); err != nil {
			return nil, err
		}
	}
	from, _ := slices.BinarySearch(sizes, 1)
	if from == len(sizes) {
		return nil, problemf(ErrNoData, where, "measure at least one size above 0", "no size")
	}
	for _, k := range sizes[from:] {
		d.units, d.x = append(d.units, k), append(d.x, math.Log10(float64(k)))
	}
	d.f, d.c = f.from(from), c.from(from)
	if d.randoms > 0 {
		d.random = random.from(from)
	}
	return d, nil
}

// from is the band from a place on.
func (b band) from(i int) band { return band{b.mean[i:], b.lo[i:], b.hi[i:]} }

// mostOf is the share of a behavior from which on units are said to carry it.
const mostOf = .9

// title says how many units carry the behavior, and what random ones carry.
func (d *faithfulnessChart) title() string {
	i := slices.IndexFunc(d.f.mean, func(f float64) bool { return f >= mostOf })
	reached := i >= 0
	if !reached {
		i = largest(d.f.mean)
	}
	s := fmt.Sprintf("%s %s carry %s of the behavior", grouped(d.units[i]), plural(d.units[i], "unit"), carried(d.f.mean[i]))
	if !reached {
		s = fmt.Sprintf("no size carries more than %s of the behavior, at %s %s", carried(d.f.mean[i]), grouped(d.units[i]), plural(d.units[i], "unit"))
	}
	if d.randoms > 0 {
		s += fmt.Sprintf("; as many random ones %s", carried(d.random.mean[i]))
	}
	return capitalized(s)
}

// plural is a noun for n.
func plural(n int, one string) string {
	if n == 1 {
		return one
	}
	return one + "s"
}

// carried prints a share as a percentage, which may lie outside of 0 to 100.
func carried(x float64) string { return typeset(fmt.Sprintf("%.0f %%", 100*x)) }

func (d *faithfulnessChart) subtitle() string {
	what := "faithfulness (units kept alone) and completeness (units ablated)"
	if d.about != "" {
		what += " of " + d.about
	}
	if d.of != "" {
		what += fmt.Sprintf(", %s %s", grouped(d.n), d.of)
	}
	if !slices.Equal(d.f.lo, d.f.hi) {
		what += ", with 95 % intervals"
	}
	if d.randoms > 0 {
		what += fmt.Sprintf("; gray: faithfulness of %s (95 %%)", count(d.randoms, "random set"))
	}
	if d.name != "" {
		return d.name + ": " + what
	}
	return capitalized(what)
}

// alt tells both shares for the first, the last, and the titled sizes.
func (d *faithfulnessChart) alt() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Line chart of faithfulness and completeness by number of units, on a logarithmic axis. %s. %s.", d.title(), d.subtitle())
	sep := " "
	for i, k := range d.units {
		fmt.Fprintf(&s, "%s%s: f %s, c %s", sep, count(k, "unit"), signed(d.f.mean[i]), signed(d.c.mean[i]))
		if d.randoms > 0 {
			fmt.Fprintf(&s, " (random f %s to %s)", signed(d.random.lo[i]), signed(d.random.hi[i]))
		}
		sep = "; "
	}
	s.WriteByte('.')
	return s.String()
}
