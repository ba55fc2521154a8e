package plotting

import (
	"fmt"
	"math"
	"strings"
)

// Compared is what [Methods] draws: methods of finding neurons for one behavior, and what as many of each one's neurons do to it, with
// the 95 % interval, each [M].
//
// What is drawn may also have, each [M] by the same methods and NaN where unknown,
//
//	RandomBand() (mean, lo, hi []float64, n int)   // the effect of n random sets of as many neurons: mean and middle 95 %
//	Correlations() (r, lo, hi []float64)           // of the scores with exact patching, with the 95 % interval
//	Overlaps() (jaccard, chance []float64)         // with the neurons of the first method, and what chance gives
//	Profiles() [][]float64                         // [M][L] how the scores lie over the layers, sizes of any unit
type Compared interface {
	Methods() []string
	Effects() (mean, lo, hi []float64)
}

// Methods describes a figure of methods side by side: a row for each, a panel for each question: what its neurons do, beside random
// ones in gray, how its scores agree with patching, what its neurons share with those of the first method, beside chance in gray, and
// in which layers its scores lie. Panels that nothing is known for are left out. x is asked for its numbers once, when the figure is
// first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity], [ErrRange] or [ErrSign].
func Methods(x Compared) *Figure {
	return newFigure("plotting.Methods", func() (chart, error) { return newMethodsChart(x) })
}

// methodsChart is the checked data of a Methods figure.
type methodsChart struct {
	source
	names    []string
	effect   band
	random   band // empty without random sets
	randoms  int
	r        band        // nil where unknown
	jaccard  []float64   // nil where unknown
	chance   []float64   // of the same
	profiles [][]float64 // [M][L], nil where unknown
}

func newMethodsChart(x Compared) (chart, error) {
	const where = "plotting.Methods"
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass a comparison of methods", "got nil")
	}
	m := &methodsChart{source: describe(x), names: x.Methods()}
	n := len(m.names)
	if n == 0 {
		return nil, problemf(ErrNoData, where, "compare at least one method", "no method")
	}
	name := func(i int) string { return m.names[i] }
	m.effect.mean, m.effect.lo, m.effect.hi = x.Effects()
	if err := m.effect.holds(where+": effect", n, "method", name); err != nil {
		return nil, err
	}
	if v, ok := x.(interface {
		RandomBand() (mean, lo, hi []float64, n int)
	}); ok {
		if m.random.mean, m.random.lo, m.random.hi, m.randoms = v.RandomBand(); m.randoms > 0 {
			if err := m.random.holds(where+": random sets", n, "method", name); err != nil {
				return nil, err
			}
		}
	}
	if v, ok := x.(interface{ Correlations() (r, lo, hi []float64) }); ok {
		if m.r.mean, m.r.lo, m.r.hi = v.Correlations(); len(m.r.mean) > 0 {
			if err := m.shares(where+": correlation", -1, m.r.mean, m.r.lo, m.r.hi); err != nil {
				return nil, err
			}
		}
	}
	if v, ok := x.(interface {
		Overlaps() (jaccard, chance []float64)
	}); ok {
		if m.jaccard, m.chance = v.Overlaps(); len(m.jaccard) > 0 {
			if err := m.shares(where+": overlap", 0, m.jaccard, m.chance); err != nil {
				return nil, err
			}
		}
	}
	if v, ok := x.(interface{ Profiles() [][]float64 }); ok {
		m.profiles = v.Profiles()
	}
	return m, m.checkProfiles(where)
}

// shares checks numbers from lo to 1, of every method; NaN is unknown.
func (m *methodsChart) shares(where string, lo float64, lists ...[]float64) error {
	for _, v := range lists {
		if len(v) != len(m.names) {
			return problemf(ErrShape, where, "return one value a method in all, NaN where unknown", "%d values for %s", len(v), count(len(m.names), "method"))
		}
		for i, x := range v {
			if x < lo-slack || x > 1+slack {
				return problemf(ErrRange, where+" of "+m.names[i], fmt.Sprintf("it is a number from %v to 1", lo), "got %v", x)
			}
		}
	}
	return nil
}

// checkProfiles checks the profiles, which may be none.
func (m *methodsChart) checkProfiles(where string) error {
	if len(m.profiles) == 0 {
		return nil
	}
	if len(m.profiles) != len(m.names) {
		return problemf(ErrShape, where, "Profiles() must return one row a method", "%d rows for %s", len(m.profiles), count(len(m.names), "method"))
	}
	for i, row := range m.profiles {
		at := where + ": profile of " + m.names[i]
		if len(row) != len(m.profiles[0]) || len(row) == 0 {
			return problemf(ErrShape, at, "Profiles() must return one value a layer", "%d layers, the first has %d", len(row), len(m.profiles[0]))
		}
		if err := finite(at, row...); err != nil {
			return err
		}
		for l, v := range row {
			if v < 0 {
				return problemf(ErrSign, at, "Profiles() must return sizes", "%s in layer %d", signed(v), l)
			}
		}
	}
	return nil
}

// title names the method with the largest effect by size, and those that it cannot be told from.
func (m *methodsChart) title() string {
	best := 0
	for i, v := range m.effect.mean {
		if math.Abs(v) > math.Abs(m.effect.mean[best]) {
			best = i
		}
	}
	v := m.effect.mean[best]
	if v == 0 {
		return "No method finds neurons that do anything"
	}
	s := fmt.Sprintf("The neurons of %s do most, %s", m.names[best], m.with(signed(v)))
	if len(m.names) == 1 {
		s = fmt.Sprintf("The neurons of %s do %s", m.names[best], m.with(signed(v)))
	}
	var alike []string
	for i := range m.names {
		if i != best && m.effect.lo[i] <= m.effect.hi[best] && m.effect.lo[best] <= m.effect.hi[i] {
			alike = append(alike, m.names[i])
		}
	}
	if len(alike) > 3 {
		alike = append(alike[:2:2], fmt.Sprintf("%d others", len(alike)-2))
	}
	if len(alike) > 0 {
		s += fmt.Sprintf("; not to be told from %s", list(alike))
	}
	if m.randoms > 0 {
		s += fmt.Sprintf("; random ones %s", signed(m.random.mean[best]))
		if m.random.lo[best] <= m.effect.hi[best] && m.effect.lo[best] <= m.random.hi[best] {
			s += ", which is within chance"
		}
	}
	return s
}

func (m *methodsChart) subtitle() string {
	t := "effect of equally many neurons"
	if m.about != "" {
		t += " on " + m.about
	}
	if m.of != "" {
		t += ", " + grouped(m.n) + " " + m.of
	}
	t += ", 95 % intervals"
	if m.randoms > 0 {
		t += fmt.Sprintf("; gray: %s", count(m.randoms, "random set"))
	} else if len(m.jaccard) > 0 {
		t += "; gray: chance"
	}
	if m.name != "" {
		return m.name + ": " + t
	}
	return capitalized(t)
}

// alt lists what is known of each method.
func (m *methodsChart) alt() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Panels of %s side by side. %s.", count(len(m.names), "method"), m.title())
	for i, name := range m.names[:min(pairsTold, len(m.names))] {
		told := []string{fmt.Sprintf("effect %s [%s, %s]", m.with(signed(m.effect.mean[i])), signed(m.effect.lo[i]), signed(m.effect.hi[i]))}
		if len(m.r.mean) > 0 && !math.IsNaN(m.r.mean[i]) {
			told = append(told, "correlation with patching "+coefficient(m.r.mean[i]))
		}
		if len(m.jaccard) > 0 && !math.IsNaN(m.jaccard[i]) {
			told = append(told, fmt.Sprintf("overlap with %s %s, by chance %s", m.names[0], share(m.jaccard[i]), share(m.chance[i])))
		}
		if len(m.profiles) > 0 {
			told = append(told, fmt.Sprintf("most in layer %d", largest(m.profiles[i])))
		}
		fmt.Fprintf(&s, " %s: %s.", name, strings.Join(told, ", "))
	}
	if more := len(m.names) - pairsTold; more > 0 {
		fmt.Fprintf(&s, " %d more methods.", more)
	}
	return s.String()
}
