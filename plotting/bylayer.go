package plotting

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Layered is what [ByLayer] draws: for each layer the sum of the positive scores, at least 0, and the sum of the
// negative ones, at most 0. Both have one value a layer [L].
type Layered interface {
	ByLayer() (support, oppose []float64)
}

// ByLayer describes a figure of how much each layer supports and opposes, with the net of both.
// x is asked for its numbers once, when the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrSign].
func ByLayer(x Layered) *Figure {
	return newFigure("plotting.ByLayer", func() (chart, error) { return newLayerChart(x) })
}

// layerChart is the checked data of a ByLayer figure.
type layerChart struct {
	source
	support, oppose []float64 // [L]
	lengths         bool      // they are lengths of directions: nothing supports or opposes
}

func newLayerChart(x Layered) (chart, error) {
	const where = "plotting.ByLayer"
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass scores or a circuit", "got nil")
	}
	support, oppose := x.ByLayer()
	switch {
	case len(support) == 0 && len(oppose) == 0:
		return nil, problemf(ErrNoData, where, "select at least one neuron, e.g. TopK(20)", "no layer")
	case len(support) != len(oppose):
		return nil, problemf(ErrShape, where, "ByLayer() must return one value a layer in both",
			"%d layers support and %d oppose", len(support), len(oppose))
	}
	for l := range support {
		at := fmt.Sprintf("%s: layer %d", where, l)
		if err := finite(at, support[l], oppose[l]); err != nil {
			return nil, err
		}
		if support[l] < 0 || oppose[l] > 0 {
			return nil, problemf(ErrSign, at, "ByLayer() must return sums of positive and of negative scores, support ≥ 0 ≥ opposition",
				"support %s, opposition %s", signed(support[l]), signed(oppose[l]))
		}
	}
	if math.IsInf(2*(sum(support)-sum(oppose)), 0) { // twice, for the room around the bars
		return nil, problemf(ErrInfinity, where, "divide the scores by their largest", "the sum over layers overflows")
	}
	_, lengths := x.(interface{ Norms() []float64 })
	return &layerChart{describe(x), support, oppose, lengths}, nil
}

// title states where the larger of the two sides is concentrated.
func (b *layerChart) title() string {
	up, down := sum(b.support), -sum(b.oppose)
	if b.lengths {
		return b.longest()
	}
	switch {
	case up == 0 && down == 0:
		return "No layer supports or opposes"
	case len(b.support) == 1 && down == 0:
		return fmt.Sprintf("The only layer supports with %s; nothing opposes", b.with(signed(up)))
	case len(b.support) == 1 && up == 0:
		return fmt.Sprintf("The only layer opposes with %s; nothing supports", b.with(signed(-down)))
	case len(b.support) == 1:
		return fmt.Sprintf("The only layer supports with %s and opposes with %s", signed(up), b.with(signed(-down)))
	}
	side, what, tail := b.support, "support", ""
	switch {
	case down > up:
		side, what, tail = negated(b.oppose), "opposition", ", which outweighs the support"
		if up == 0 {
			tail = "; nothing supports"
		}
	case down == 0:
		tail = "; nothing opposes"
	}
	s, ok := concentration(side)
	if !ok {
		return spread(side, what) + tail
	}
	name, verb := s.layers()
	return capitalized(name) + " " + verb + " " + s.of(what) + tail
}

// longest states in which layers a vector is long. Lengths of layers do not add up, so no share of a sum is said.
func (b *layerChart) longest() string {
	at := largest(b.support)
	switch short := lowest(b.support); {
	case b.support[at] == 0:
		return "The vector is zero in every layer"
	case len(b.support) == 1 || b.support[short] == b.support[at]:
		return fmt.Sprintf("The vector is %s long in every layer", b.with(significant(b.support[at])))
	case b.support[short] == 0:
		return fmt.Sprintf("The vector is longest in layer %d, and has no direction in some", at)
	default:
		return fmt.Sprintf("The vector is longest in layer %d, %s times as long as in layer %d", at, significant(b.support[at]/b.support[short]), short)
	}
}

// lowest is the place of the smallest number.
func lowest(v []float64) (at int) {
	for i, x := range v {
		if x < v[at] {
			at = i
		}
	}
	return at
}

func (b *layerChart) subtitle() string {
	if b.lengths {
		return b.source.subtitle("length by layer")
	}
	return b.source.subtitle("score by layer")
}

// clipped says what is not drawn whole.
func (b *layerChart) clipped() string {
	if b.cut() {
		return "; a bar that is cut off has its value beside it"
	}
	return ""
}

// alt gives the totals and the largest layer of either side.
func (b *layerChart) alt() string {
	if b.lengths {
		at := largest(b.support)
		return fmt.Sprintf("Bar chart of the length of a vector by layer, %s. %s. It is %s in layer %d.",
			count(len(b.support), "layer"), b.title(), b.with(significant(b.support[at])), at)
	}
	up, down := sum(b.support), sum(b.oppose)
	s := fmt.Sprintf("Bar chart of the score by layer, %s. %s. Support %s, opposition %s, net %s.",
		count(len(b.support), "layer"), b.title(), signed(up), signed(down), b.with(signed(up+down)))
	if up > 0 {
		l := largest(b.support)
		s += fmt.Sprintf(" The largest support is %s, in layer %d.", signed(b.support[l]), l)
	}
	if down < 0 {
		l := largest(negated(b.oppose))
		s += fmt.Sprintf(" The largest opposition is %s, in layer %d.", signed(b.oppose[l]), l)
	}
	return s
}

func (b *layerChart) size() (w, h vg.Length) { return 6.5 * vg.Inch, 2 * vg.Inch }

// plot draws the bars. The legend names only what is there; a net needs a layer with both sides.
func (b *layerChart) plot(at *sheet) *plot.Plot {
	quantity := b.quantity()
	if b.lengths {
		quantity = b.named("Length")
	}
	p := newPlot("Layer", quantity)
	p.Add(rules()...)
	p.Add(signedBars{b.support, b.oppose})
	p.X.Tick.Marker, p.Y.Tick.Marker = counts{n: len(b.support), at: at}, rounds{at}
	if p.Y.Min == p.Y.Max {
		p.Y.Min, p.Y.Max, p.Y.Tick.Marker = -1, 1, plot.ConstantTicks{{Label: "0"}}
	} else {
		p.Y.Min, p.Y.Max = b.shown()
	}
	var up, down, net bool
	for l := range b.support {
		u, d := b.support[l] > 0, b.oppose[l] < 0
		up, down, net = up || u, down || d, net || u && d
	}
	if b.lengths {
		return p
	}
	if up {
		p.Legend.Add("supports", swatch{color: supportInk})
	}
	if down {
		p.Legend.Add("opposes", swatch{color: opposeInk})
	}
	if net {
		p.Legend.Add("net", swatch{color: textInk, stroke: true})
	}
	return p
}

// extent is the range of the bars, with some room at the ends.
func (b *layerChart) extent() (lo, hi float64) {
	return roomy(b.oppose[largest(negated(b.oppose))], b.support[largest(b.support)])
}

func roomy(lo, hi float64) (float64, float64) {
	pad := (hi - lo) * 0.04
	if lo < 0 {
		lo -= pad
	}
	return lo, hi + pad
}

// shown is the range of the axis: of bars that are outliers it has no more than their beginning, and their values are written.
func (b *layerChart) shown() (lo, hi float64) {
	lo, hi = b.oppose[largest(negated(b.oppose))], b.support[largest(b.support)]
	limit := withoutOutliers(slices.Concat(b.support, b.oppose), max(-lo, hi))
	lo, hi = max(lo, -limit), min(hi, limit)
	return roomy(lo, hi)
}

// cut reports whether a bar is longer than the axis.
func (b *layerChart) cut() bool {
	lo, hi := b.extent()
	from, to := b.shown()
	return from > lo || to < hi
}

// negated returns −v.
func negated(v []float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = -x
	}
	return out
}

// count returns "1 layer", "2 layers".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
