package plotting

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// Paired is what [Scatter] draws: two measurements of the same things, [N] each, and what they are, e.g. "Relevance" and
// "Effect of patching".
//
// What is drawn may also have
//
//	Correlation() (kind string, r, lo, hi float64)   // e.g. "Pearson", .71, .62, .78: with its 95 % interval, else Spearman's ρ is shown
//	PointNames() []string                            // [N]; the outermost points are named where there is room
type Paired interface {
	Points() (x, y []float64)
	Axes() (x, y string)
}

// Scatter describes a figure of how two measurements of the same things agree: a dot for each, the line on which both are equal,
// their correlation and n.
//
//	fig := plotting.Scatter(patching.Agreement(behavior))   // one Paired
//	fig := plotting.Scatter(relevance, gradient)            // two scores, which hold themselves against one another
//
// Of two, the first is asked to hold itself against the other, so it has the method
//
//	ScatterWith(others ...T) interface{ … }   // a [Paired]; its methods, written out
//
// x is asked for its numbers once, when the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN] or [ErrInfinity].
func Scatter[T any](x ...T) *Figure {
	x = slices.Clone(x)
	return newFigure("plotting.Scatter", func() (chart, error) {
		p, err := besides(x)
		if err != nil {
			return nil, err
		}
		return newScatterChart(p)
	})
}

// besides returns what is drawn: x itself where it is one measurement beside another, or what the first of two says.
func besides[T any](x []T) (Paired, error) {
	const where = "plotting.Scatter"
	const hint = "pass two measurements of the same things, e.g. two scores"
	if len(x) == 0 || any(x[0]) == nil {
		return nil, problemf(ErrNoData, where, hint, "got nothing")
	}
	switch first := any(x[0]).(type) {
	case Paired:
		if len(x) > 1 {
			return nil, problemf(ErrShape, where, "draw each in a figure of its own", "%d pairs of measurements, of which a figure shows one", len(x))
		}
		return first, nil
	case interface {
		ScatterWith(others ...T) interface {
			Points() (x, y []float64)
			Axes() (x, y string)
		}
	}:
		if len(x) != 2 {
			return nil, problemf(ErrShape, where, hint, "%s, and a dot has two places", count(len(x), "measurement"))
		}
		return first.ScatterWith(x[1:]...), nil
	}
	return nil, problemf(ErrNoData, where, hint, "%T has no points", x[0])
}

// scatterChart is the checked data of a Scatter figure.
type scatterChart struct {
	source
	x, y         []float64 // [N]
	xName, yName string
	names        []string // [N]; nil where points have none
	kind         string   // of the correlation
	r, lo, hi    float64  // NaN where unknown
}

func newScatterChart(p Paired) (chart, error) {
	const where = "plotting.Scatter"
	if p == nil {
		return nil, problemf(ErrNoData, where, "pass two measurements of the same things", "got nil")
	}
	s := &scatterChart{source: describe(p)}
	s.x, s.y = p.Points()
	s.xName, s.yName = p.Axes()
	if v, ok := p.(interface{ PointNames() []string }); ok {
		s.names = v.PointNames()
	}
	switch n := len(s.x); {
	case n == 0 && len(s.y) == 0:
		return nil, problemf(ErrNoData, where, "measure at least one neuron", "no point")
	case n != len(s.y):
		return nil, problemf(ErrShape, where, "Points() must return two numbers a point", "%d across and %d up", n, len(s.y))
	case s.names != nil && len(s.names) != n:
		return nil, problemf(ErrShape, where, "PointNames() must return one name a point", "%s for %s", count(len(s.names), "name"), count(n, "point"))
	}
	for i := range s.x {
		if err := finite(fmt.Sprintf("%s: %s", where, s.point(i)), s.x[i], s.y[i]); err != nil {
			return nil, err
		}
		if math.Abs(s.x[i]) > math.MaxFloat64/8 || math.Abs(s.y[i]) > math.MaxFloat64/8 {
			return nil, problemf(ErrInfinity, where, "divide the measurements by their largest", "the range overflows")
		}
	}
	s.kind, s.r, s.lo, s.hi = "Spearman", stats.Spearman(s.x, s.y), math.NaN(), math.NaN()
	if xlo, xhi, ylo, yhi := s.extent(); xlo == xhi || ylo == yhi {
		s.r = math.NaN()
	}
	if v, ok := p.(interface {
		Correlation() (kind string, r, lo, hi float64)
	}); ok {
		s.kind, s.r, s.lo, s.hi = v.Correlation()
	}
	return s, nil
}

// point names a point for an error.
func (s *scatterChart) point(i int) string {
	if s.names != nil {
		return s.names[i]
	}
	return fmt.Sprintf("point %d", i)
}

// things counts what is drawn.
func (s *scatterChart) things() string {
	one := strings.TrimSuffix(s.of, "s")
	if s.of == "" || s.n != len(s.x) {
		one = "point"
	}
	return grouped(len(s.x)) + " " + plural(len(s.x), one)
}

// title says whether the two go together, by the correlation and its interval.
func (s *scatterChart) title() string {
	x, y := s.xName, uncapitalized(s.yName)
	n := s.things()
	switch {
	case len(s.x) == 1:
		return fmt.Sprintf("%s is %s and %s %s at the only point", x, signed(s.x[0]), y, signed(s.y[0]))
	case math.IsNaN(s.r):
		return fmt.Sprintf("%s or %s does not vary over %s", x, y, n)
	case s.lo <= 0 && s.hi >= 0:
		return fmt.Sprintf("%s and %s do not go together beyond chance: %s over %s", x, y, s.correlation(), n)
	case s.r < 0:
		return fmt.Sprintf("%s and %s go opposite ways: %s over %s", x, y, s.correlation(), n)
	}
	return fmt.Sprintf("%s and %s go together: %s over %s", x, y, s.correlation(), n)
}

// correlation prints r with its interval, without leading zeros, as the field writes it.
func (s *scatterChart) correlation() string {
	out := s.kind + " " + coefficient(s.r)
	if !math.IsNaN(s.lo) && !math.IsNaN(s.hi) {
		out += fmt.Sprintf(" [%s, %s]", coefficient(s.lo), coefficient(s.hi))
	}
	return out
}

// coefficient prints a number from −1 to 1 with two decimals and no zero before them.
func coefficient(r float64) string {
	return typeset(strings.Replace(fmt.Sprintf("%.2f", r+0), "0.", ".", 1))
}

// uncapitalized is a name within a sentence; one of capitals, e.g. RelP or IG, stays.
func uncapitalized(s string) string {
	if len(s) > 1 && s[0] >= 'A' && s[0] <= 'Z' && strings.ToLower(s[1:]) == s[1:] {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

func (s *scatterChart) subtitle() string {
	t := "n = " + s.things()
	if s.about != "" {
		t = s.about + ", " + t
	}
	if s.of != "" && s.n != len(s.x) {
		t += ", " + grouped(s.n) + " " + s.of
	}
	if s.name != "" {
		return s.name + ": " + t
	}
	return t
}

// alt gives the correlation, the ranges, and on how many points the signs agree.
func (s *scatterChart) alt() string {
	xlo, xhi, ylo, yhi := s.extent()
	same := 0
	for i := range s.x {
		if s.x[i] > 0 && s.y[i] > 0 || s.x[i] < 0 && s.y[i] < 0 || s.x[i] == 0 && s.y[i] == 0 {
			same++
		}
	}
	return fmt.Sprintf("Scatter plot of %s across and %s up, %s. %s. The first goes from %s to %s, the second from %s to %s; the signs agree on %s.",
		s.xName, s.yName, s.things(), s.title(), signed(xlo), s.with(signed(xhi)), signed(ylo), s.with(signed(yhi)), grouped(same))
}
