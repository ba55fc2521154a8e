package plotting

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Spanned is what [Explained] draws: how much of a vector a few neurons of a layer write together, R²(k) for
// k = 0, 1, 2, … neurons, from 0 to 1.
//
// What is drawn may also have
//
//	Total() []float64                  // R²(k) of the whole vector with k neurons of every layer
//	RandomCurve(layer int) []float64   // R²(k) of a random direction, chosen for in the same way
type Spanned interface {
	Decomposed() []int         // the layers that have a curve
	Curve(layer int) []float64 // from k = 0 on
}

// Explained describes a figure of how many neurons it takes to write a vector: R²(k) by layer, of the whole vector, and of
// random directions in gray, since the best of many neurons span some of any direction. x is asked for its numbers once,
// when the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrNaN], [ErrInfinity] or [ErrRange].
func Explained(x Spanned) *Figure {
	return newFigure("plotting.Explained", func() (chart, error) { return newSpanChart(x) })
}

// spanChart is the checked data of an Explained figure.
type spanChart struct {
	source
	layers []int
	curves [][]float64 // [layers] R²(k) by k
	total  []float64   // nil where unknown
	random band        // over layers: mean, least and most by k; empty where unknown
}

func newSpanChart(x Spanned) (chart, error) {
	const where, hint = "plotting.Explained", "decompose a vector with Greedy(50)"
	if x == nil {
		return nil, problemf(ErrNoData, where, hint, "got nil")
	}
	s := &spanChart{}
	random, hasRandom := x.(interface{ RandomCurve(layer int) []float64 })
	var randoms [][]float64
	for _, l := range x.Decomposed() {
		v := x.Curve(l)
		if len(v) < 2 {
			continue // the layer has nothing to span
		}
		if err := shares(fmt.Sprintf("%s: layer %d", where, l), v); err != nil {
			return nil, err
		}
		s.layers, s.curves = append(s.layers, l), append(s.curves, v)
		if hasRandom {
			if r := random.RandomCurve(l); len(r) > 1 {
				if err := shares(fmt.Sprintf("%s: random direction, layer %d", where, l), r); err != nil {
					return nil, err
				}
				randoms = append(randoms, r)
			}
		}
	}
	if len(s.layers) == 0 {
		return nil, problemf(ErrNoData, where, hint, "no layer has a curve")
	}
	if t, ok := x.(interface{ Total() []float64 }); ok && len(s.layers) > 1 {
		if v := t.Total(); len(v) > 1 {
			if err := shares(where+": all layers", v); err != nil {
				return nil, err
			}
			s.total = v
		}
	}
	s.random = across(randoms)
	s.source = describe(x)
	return s, nil
}

// shares holds a curve to numbers from 0 to 1.
func shares(where string, v []float64) error {
	for k, r := range v {
		at := fmt.Sprintf("%s, k = %d", where, k)
		if err := finite(at, r); err != nil {
			return err
		}
		if r < 0 || r > 1+1e-9 {
			return problemf(ErrRange, at, "R² is a share from 0 to 1", "got %v", r)
		}
	}
	return nil
}

// across returns the mean, the least and the most of curves at every k that all of them have.
func across(curves [][]float64) (b band) {
	if len(curves) == 0 {
		return band{}
	}
	n := len(curves[0])
	for _, v := range curves {
		n = min(n, len(v))
	}
	for k := range n {
		lo, hi, total := math.Inf(1), math.Inf(-1), 0.0
		for _, v := range curves {
			lo, hi, total = min(lo, v[k]), max(hi, v[k]), total+v[k]
		}
		b.mean, b.lo, b.hi = append(b.mean, total/float64(len(curves))), append(b.lo, lo), append(b.hi, hi)
	}
	return b
}

// told is the number of neurons that the words of the figure are about: 10, or the most that there are.
func (s *spanChart) told() int {
	k := 10
	for _, v := range append(slices.Clone(s.curves), s.total, s.random.mean) {
		if len(v) > 1 {
			k = min(k, len(v)-1)
		}
	}
	return k
}

// best returns the place of the layer that k neurons span best, and of the one they span worst.
func (s *spanChart) best(k int) (best, worst int) {
	for i, v := range s.curves {
		if v[k] > s.curves[best][k] {
			best = i
		}
		if v[k] < s.curves[worst][k] {
			worst = i
		}
	}
	return best, worst
}

// title says how much a few neurons span, and how much they would span of any direction.
func (s *spanChart) title() string {
	k := s.told()
	best, _ := s.best(k)
	var head string
	verb := "span"
	if k == 1 {
		verb = "spans"
	}
	r := s.curves[best][k]
	switch {
	case len(s.layers) == 1:
		head = fmt.Sprintf("%s of layer %d %s %s of the vector", count(k, "neuron"), s.layers[0], verb, percent(r))
	case s.total != nil:
		r = s.total[k]
		head = fmt.Sprintf("%s of each layer %s %s of the vector", count(k, "neuron"), verb, percent(r))
	default:
		head = fmt.Sprintf("%s of layer %d %s %s of the vector there, the most of %d layers", count(k, "neuron"), s.layers[best], verb, percent(r), len(s.layers))
	}
	switch {
	case len(s.random.mean) == 0:
		return head
	case r <= s.random.mean[k]:
		return head + fmt.Sprintf(", no more than of random directions (%s)", percent(s.random.mean[k]))
	case len(s.layers) == 1:
		return head + fmt.Sprintf("; of a random direction %s", percent(s.random.mean[k]))
	}
	return head + fmt.Sprintf("; of random directions %s", percent(s.random.mean[k]))
}

func (s *spanChart) subtitle() string {
	text := "R² of the first k neurons of a greedy choice"
	if s.about != "" {
		text += "; " + s.about
	}
	if sample := grouped(s.n) + " " + s.of; s.of != "" && s.n > 0 && !strings.Contains(s.about, sample) {
		text += ", " + sample
	}
	switch {
	case len(s.random.mean) == 0:
	case len(s.layers) > 1:
		text += "; gray: random directions of all layers"
	default:
		text += "; gray: a random direction"
	}
	return text
}

// alt tells the total, the best and the worst layer, and the random directions, at few neurons and at most.
func (s *spanChart) alt() string {
	k := s.told()
	best, worst := s.best(k)
	var b strings.Builder
	fmt.Fprintf(&b, "Line chart of R² by the number of neurons, %s. %s.", count(len(s.layers), "layer"), s.title())
	line := func(name string, v []float64) {
		last := len(v) - 1
		fmt.Fprintf(&b, " %s: %s with %s", name, share(v[k]), count(k, "neuron"))
		if last > k {
			fmt.Fprintf(&b, ", %s with %d", share(v[last]), last)
		}
		b.WriteByte('.')
	}
	if s.total != nil {
		line("All layers", s.total)
	}
	line(fmt.Sprintf("Layer %d", s.layers[best]), s.curves[best])
	if len(s.layers) > 1 {
		line(fmt.Sprintf("Layer %d, the least", s.layers[worst]), s.curves[worst])
	}
	if len(s.random.mean) > 0 {
		line("Random directions", s.random.mean)
	}
	return b.String()
}
