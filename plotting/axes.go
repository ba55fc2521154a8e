package plotting

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// tickGap is the distance from the data to the labels of its ticks.
const tickGap = vg.Length(5)

// newPlot returns a plot in the style of every figure: axes without lines, whose names are empty where they speak for themselves.
func newPlot(x, y string) *plot.Plot {
	p := plot.New()
	p.TextHandler, p.BackgroundColor = lettering{}, paperInk
	p.Title.TextStyle = style(boldFont, titleSize, textInk)
	p.Title.TextStyle.XAlign, p.Title.TextStyle.YAlign = text.XCenter, text.YTop
	p.Title.Padding = notesGap
	p.Legend.TextStyle = style(sansFont, tickSize, textInk)
	p.Legend.ThumbnailWidth, p.Legend.Padding = thumbWidth, tickSize*(leading-capHeight)
	for a, name := range map[*plot.Axis]string{&p.X: x, &p.Y: y} {
		a.Label.Text, a.Label.Padding = name, 8.6
		a.Label.TextStyle = restyled(a.Label.TextStyle, labelSize, textInk)
		a.Tick.Label = restyled(a.Tick.Label, tickSize, mutedInk)
		a.Tick.LineStyle, a.Tick.Length = draw.LineStyle{Color: mutedInk, Width: 0.5}, 0
		a.LineStyle.Width = 0
		a.Padding = tickGap
	}
	p.Y.Padding -= p.Y.Label.TextStyle.Width(" ") // which gonum adds
	return p
}

// restyled is an axis' style in our font.
func restyled(s text.Style, size vg.Length, color color.Color) text.Style {
	out := style(sansFont, size, color)
	out.XAlign, out.YAlign = s.XAlign, s.YAlign
	return out
}

// rules are thin lines across at the ticks of the vertical axis, and a stronger one at zero.
func rules() []plot.Plotter {
	thin := plotter.NewGrid()
	thin.Vertical.Color = nil
	thin.Horizontal = draw.LineStyle{Color: gridInk, Width: 0.6}
	zero := plotter.NewFunction(func(float64) float64 { return 0 })
	zero.Samples = 2
	zero.LineStyle = draw.LineStyle{Color: mutedInk, Width: 0.8}
	return []plot.Plotter{thin, zero}
}

// xys pairs the values of a series.
func xys(x, y []float64) plotter.XYs {
	out := make(plotter.XYs, len(y))
	for i := range y {
		out[i] = plotter.XY{X: x[i], Y: y[i]}
	}
	return out
}

// dashes and shapes tell the lines of a figure apart where colors do not: the first is solid, and its points are round.
var (
	dashes = [maxCurves][]vg.Length{nil, {6, 2}, {2, 1.5}, {7, 2, 2, 2}}
	shapes = [maxCurves]draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.TriangleGlyph{}, draw.CrossGlyph{}}
)

// line joins the points of a series, dashed where dashes are given.
func line(x, y []float64, width vg.Length, color color.Color, dashes ...vg.Length) *plotter.Line {
	return &plotter.Line{XYs: xys(x, y), LineStyle: draw.LineStyle{Color: color, Width: width, Dashes: dashes}}
}

// shade fills the interval of a band.
func (b band) shade(x []float64, fill color.Color) plot.Plotter {
	if len(x) == 1 { // an interval of one dose is a stroke
		return line([]float64{x[0], x[0]}, []float64{b.lo[0], b.hi[0]}, 5, fill)
	}
	ring := xys(x, b.hi)
	for _, at := range slices.Backward(xys(x, b.lo)) {
		ring = append(ring, at)
	}
	return &plotter.Polygon{XYs: []plotter.XYs{ring}, Color: fill}
}
