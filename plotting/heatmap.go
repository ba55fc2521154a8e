package plotting

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Grid is what [HeatMap] draws: the score of every layer at every position [L][T], and the token of each position [T].
type Grid interface {
	ByLayerPos() [][]float64
	Labels() []string
}

// HeatMap describes a figure of the score by layer and position: layers up, tokens across, white is zero.
// x is asked for its numbers once, when the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN] or [ErrInfinity].
func HeatMap(x Grid) *Figure {
	return newFigure("plotting.HeatMap", func() (chart, error) { return newGridChart(x) })
}

// gridChart is the checked data of a HeatMap figure.
type gridChart struct {
	source
	z      [][]float64 // [L][T]
	labels []string    // [T], as drawn
	limit  float64     // the largest |z|
	top    []int       // the positions with most of the score by size
	share  float64     // of the top positions
	found  bool        // the share is worth a title
}

func newGridChart(x Grid) (chart, error) {
	const where = "plotting.HeatMap"
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass scores with a position axis", "got nil")
	}
	g := &gridChart{z: x.ByLayerPos()}
	tokens := x.Labels()
	if len(g.z) == 0 || len(g.z[0]) == 0 {
		return nil, problemf(ErrNoData, where, "pass scores with a position axis, or draw ByLayer", "no layer or no position")
	}
	g.labels = tokenLabels(tokens)
	total := 0.0
	for l, row := range g.z {
		if len(row) != len(tokens) {
			return nil, problemf(ErrShape, fmt.Sprintf("%s: layer %d", where, l), "ByLayerPos() must return one value a token of Labels()",
				"%s for %s", count(len(row), "position"), count(len(tokens), "token"))
		}
		for p, v := range row {
			if err := finite(fmt.Sprintf("%s: layer %d, position %d (%s)", where, l, p, g.labels[p]), v); err != nil {
				return nil, err
			}
			g.limit = max(g.limit, math.Abs(v))
			total += math.Abs(v)
		}
	}
	if math.IsInf(2*total, 0) {
		return nil, problemf(ErrInfinity, where, "divide the scores by their largest", "the sum of the scores overflows")
	}
	if total > 0 {
		g.top, g.share, g.found = leaders(g.columns())
	}
	g.source = describe(x)
	return g, nil
}

// columns returns the score by size of every position [T].
func (g *gridChart) columns() []float64 {
	out := make([]float64, len(g.labels))
	for _, row := range g.z {
		for p, v := range row {
			out[p] += math.Abs(v)
		}
	}
	return out
}

// title states which tokens have most of the score by size, and of a single one, in which layers.
func (g *gridChart) title() string {
	switch top := g.top; {
	case g.limit == 0:
		return "The score is zero at every layer and position"
	case len(g.labels) > 1 && !g.found:
		return fmt.Sprintf("The score is spread over %d tokens; most, %s, is at %s", len(g.labels), percent(g.share), g.token(top[0]))
	case len(top) > 1:
		names := make([]string, len(top))
		for i, p := range top {
			names[i] = g.token(p)
		}
		return fmt.Sprintf("%s have %s of the absolute score", list(names), percent(g.share))
	}
	title := fmt.Sprintf("%s has %s of the absolute score", g.token(g.top[0]), percent(g.share))
	column := make([]float64, len(g.z)) // [L]
	for l, row := range g.z {
		column[l] = math.Abs(row[g.top[0]])
	}
	if layers, ok := concentration(column); ok {
		name, _ := layers.layers()
		title += fmt.Sprintf(", %s of it in %s", percent(layers.share), name)
	}
	return title
}

// token quotes the label of a position.
func (g *gridChart) token(p int) string { return "“" + g.labels[p] + "”" }

func (g *gridChart) subtitle() string { return g.source.subtitle("score by layer and position") }

// alt gives the extremes, where they are, and the sum. It counts the tokens that are drawn, which need not be the
// first of the prompt.
func (g *gridChart) alt() string {
	s := fmt.Sprintf("Heat map of the score, %s by %s. %s.", count(len(g.z), "layer"), count(len(g.labels), "token"), g.title())
	if g.limit == 0 {
		return s
	}
	var total float64
	var lo, hi struct {
		v    float64
		l, p int
	}
	for l, row := range g.z {
		for p, v := range row {
			total += v
			if v < lo.v {
				lo.v, lo.l, lo.p = v, l, p
			}
			if v > hi.v {
				hi.v, hi.l, hi.p = v, l, p
			}
		}
	}
	if hi.v > 0 {
		s += fmt.Sprintf(" The largest is %s, in layer %d at token %d of %d, %s.", g.with(signed(hi.v)), hi.l, hi.p+1, len(g.labels), g.token(hi.p))
	}
	if lo.v < 0 {
		s += fmt.Sprintf(" The smallest is %s, in layer %d at token %d of %d, %s.", g.with(signed(lo.v)), lo.l, lo.p+1, len(g.labels), g.token(lo.p))
	}
	return s + fmt.Sprintf(" The sum is %s.", g.with(signed(total)))
}

// size grows with layers and positions, so that cells are neither huge nor thin.
func (g *gridChart) size() (w, h vg.Length) {
	layers, positions := vg.Length(len(g.z)), vg.Length(len(g.labels))
	w = min(max(100+72*positions, 3.25*vg.Inch), 6.5*vg.Inch)
	rows := min(max(5.6*layers, min(30+18*layers, 100)), 300)
	return w, rows + newSlantedAxis(monoFont, g.labels, (w-100)/positions, nil).height()
}

// shown is the end of the color scale: of cells that are outliers it has no more than the beginning, and their values are written.
func (g *gridChart) shown() float64 {
	if all := slices.Concat(g.z...); g.limit > 0 {
		return min(g.limit, withoutOutliers(all, g.limit))
	}
	return 0
}

// clipped says what the colors do not tell.
func (g *gridChart) clipped() string {
	if g.shown() < g.limit {
		return "; a score beyond the scale is written beside its diamond"
	}
	return ""
}

func (g *gridChart) plot(at *sheet) *plot.Plot {
	p := newPlot("", "Layer")
	limit := g.shown()
	bar := colorBar{lo: -limit, hi: limit, name: g.quantity(), at: at}
	if limit == 0 {
		limit = 1
	}
	bar.color = func(v float64) ink { return signedInk(v, limit) }
	p.Add(cells{g.z, limit}, bar)
	slantedNames{monoFont, func() []string { return g.labels }, g.top, at}.on(&p.X)
	p.Y.Tick.Marker = counts{n: len(g.z), at: at, up: true}
	return p
}
