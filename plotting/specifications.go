package plotting

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Specified is what [Specifications] draws: the effect that was found with every combination of choices that one could have made just
// as well, with its interval, each [S]; and the choices: their names [C], the options of each, and which of them each specification has
// [S][C].
//
// What is drawn may also have
//
//	Null() (lo, hi []float64)   // what chance gives in each specification: the middle 95 % [S]
type Specified interface {
	Effects() (mean, lo, hi []float64)
	Choices() (names []string, options [][]string, of [][]int)
}

// Specifications describes a specification curve: the effects of all specifications in rising order with their intervals, beside
// chance in gray, and below which options each of them has (Simonsohn, Simmons and Nelson, Nat. Hum. Behav. 4, 2020). Gray dots
// are within chance, or, where nothing is known of it, have an interval that holds 0. x is asked for its numbers once, when the figure
// is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func Specifications(x Specified) *Figure {
	return newFigure("plotting.Specifications", func() (chart, error) { return newSpecificationChart(x) })
}

// specificationChart is the checked data of a Specifications figure, in rising order.
type specificationChart struct {
	source
	band           // [S]
	nullLo, nullHi []float64
	names          []string
	options        [][]string
	of             [][]int // [S][C]
}

func newSpecificationChart(x Specified) (chart, error) {
	const where = "plotting.Specifications"
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass the result of many specifications", "got nil")
	}
	var b band
	b.mean, b.lo, b.hi = x.Effects()
	n := len(b.mean)
	if n == 0 {
		return nil, problemf(ErrNoData, where, "estimate at least one specification", "no specification")
	}
	place := func(i int) string { return fmt.Sprintf("specification %d", i) }
	if err := b.holds(where+": effects", n, "specification", place); err != nil {
		return nil, err
	}
	c := &specificationChart{source: describe(x)}
	var of [][]int
	c.names, c.options, of = x.Choices()
	if len(c.names) != len(c.options) || len(of) != n {
		return nil, problemf(ErrShape, where, "Choices() must return options for every name, and a row for every specification",
			"%d names, %d lists of options, %d rows for %s", len(c.names), len(c.options), len(of), count(n, "specification"))
	}
	for i, row := range of {
		if len(row) != len(c.names) {
			return nil, problemf(ErrShape, where+": "+place(i), "Choices() must return one option a choice", "%d options for %s", len(row), count(len(c.names), "choice"))
		}
		for k, o := range row {
			if o < 0 || o >= len(c.options[k]) {
				return nil, problemf(ErrRange, where+": "+place(i), "options are counted from 0", "option %d of %d for %s", o, len(c.options[k]), c.names[k])
			}
		}
	}
	var lo, hi []float64
	if v, ok := x.(interface{ Null() (lo, hi []float64) }); ok {
		if lo, hi = v.Null(); len(lo)+len(hi) > 0 {
			if err := (band{lo, lo, hi}).holds(where+": null", n, "specification", place); err != nil {
				return nil, err
			}
		}
	}
	order := upTo(0, n-1)
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(b.mean[i], b.mean[j]) })
	for _, i := range order {
		c.mean, c.lo, c.hi, c.of = append(c.mean, b.mean[i]), append(c.lo, b.lo[i]), append(c.hi, b.hi[i]), append(c.of, of[i])
		if len(lo) > 0 {
			c.nullLo, c.nullHi = append(c.nullLo, lo[i]), append(c.nullHi, hi[i])
		}
	}
	return c, nil
}

// beyond reports whether an estimate is beyond chance: above or below the null where that is known, and with its interval off 0
// elsewhere.
func (c *specificationChart) beyond(i int) bool {
	if c.nullLo != nil {
		return c.lo[i] > c.nullHi[i] || c.hi[i] < c.nullLo[i]
	}
	return c.lo[i] > 0 || c.hi[i] < 0
}

// median is the middle estimate.
func (c *specificationChart) median() float64 {
	n := len(c.mean)
	return c.mean[(n-1)/2]/2 + c.mean[n/2]/2
}

// title says on how many specifications the estimate is beyond chance, and how far they differ.
func (c *specificationChart) title() string {
	n, k := len(c.mean), 0
	for i := range c.mean {
		if c.beyond(i) {
			k++
		}
	}
	than := "chance"
	if c.nullLo == nil {
		than = "zero"
	}
	switch {
	case n == 1 && k == 1:
		return fmt.Sprintf("The only specification gives %s, beyond %s", c.with(signed(c.mean[0])), than)
	case n == 1:
		return fmt.Sprintf("The only specification gives %s, not beyond %s", c.with(signed(c.mean[0])), than)
	}
	how := fmt.Sprintf("%d of %d specifications are", k, n)
	switch k {
	case n:
		how = fmt.Sprintf("All %d specifications are", n)
	case 0:
		how = fmt.Sprintf("None of %d specifications is", n)
	case 1:
		how = fmt.Sprintf("1 of %d specifications is", n)
	}
	return fmt.Sprintf("%s beyond %s: from %s to %s, median %s", how, than, signed(c.mean[0]), signed(c.mean[n-1]), c.with(signed(c.median())))
}

func (c *specificationChart) subtitle() string {
	t := c.source.subtitle("effects")
	t += fmt.Sprintf("; n = %s, 95 %% intervals", count(len(c.mean), "specification"))
	if c.nullLo != nil {
		t += "; gray: chance"
	}
	return t
}

// alt tells the extremes with their options, and which option of each choice has the largest median.
func (c *specificationChart) alt() string {
	last := len(c.mean) - 1
	var s strings.Builder
	fmt.Fprintf(&s, "Specification curve, %s of %s. %s.", count(len(c.mean), "specification"), count(len(c.names), "choice"), c.title())
	for _, e := range []struct {
		what string
		at   int
	}{{"smallest", 0}, {"largest", last}} {
		var told []string
		for k, o := range c.of[e.at] {
			told = append(told, c.names[k]+" "+c.options[k][o])
		}
		fmt.Fprintf(&s, " The %s, %s [%s, %s]", e.what, c.with(signed(c.mean[e.at])), signed(c.lo[e.at]), signed(c.hi[e.at]))
		if len(told) > 0 {
			s.WriteString(", has " + strings.Join(told, ", "))
		}
		s.WriteString(".")
	}
	for k, name := range c.names {
		if len(c.options[k]) < 2 || len(c.options[k]) > pairsTold {
			continue
		}
		var told []string
		for o, option := range c.options[k] {
			if m := c.medianOf(k, o); !math.IsNaN(m) {
				told = append(told, option+" "+signed(m))
			}
		}
		fmt.Fprintf(&s, " Medians by %s: %s.", name, strings.Join(told, ", "))
	}
	return s.String()
}

// medianOf is the middle estimate of the specifications with an option; NaN of none.
func (c *specificationChart) medianOf(choice, option int) float64 {
	var v []float64
	for i, row := range c.of {
		if row[choice] == option {
			v = append(v, c.mean[i])
		}
	}
	if len(v) == 0 {
		return math.NaN()
	}
	return v[(len(v)-1)/2]/2 + v[len(v)/2]/2
}
