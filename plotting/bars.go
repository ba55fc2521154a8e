package plotting

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// signedBars plots, for each index, a bar up from zero, a bar down, and a tick at their sum. The bars' width follows
// the axis, so it survives any size; those of plotter.BarChart have a fixed one.
type signedBars struct{ up, down []float64 }

// DataRange returns the places of the bars and their extremes.
func (b signedBars) DataRange() (xmin, xmax, ymin, ymax float64) {
	for i := range b.up {
		ymin, ymax = min(ymin, b.down[i]), max(ymax, b.up[i])
	}
	return -0.5, float64(len(b.up)) - 0.5, ymin, ymax
}

// Plot draws the bars.
func (b signedBars) Plot(c draw.Canvas, p *plot.Plot) {
	const half = 0.38 // of a place
	x, y := p.Transforms(&c)
	for i := range b.up {
		left, right, zero := x(float64(i)-half), x(float64(i)+half), y(0)
		fillRect(c, vg.Rectangle{Min: vg.Point{X: left, Y: zero}, Max: vg.Point{X: right, Y: y(b.up[i])}}, supportInk)
		fillRect(c, vg.Rectangle{Min: vg.Point{X: left, Y: y(b.down[i])}, Max: vg.Point{X: right, Y: zero}}, opposeInk)
	}
	for i := range b.up {
		if b.up[i] == 0 || b.down[i] == 0 || y(b.up[i])-y(b.down[i]) < 5 {
			continue // the net is the bar's own end, or the tick would cover what it is about
		}
		net := []vg.Point{{X: x(float64(i) - half), Y: y(b.up[i] + b.down[i])}, {X: x(float64(i) + half), Y: y(b.up[i] + b.down[i])}}
		c.StrokeLines(draw.LineStyle{Color: paperInk, Width: 2.6}, c.ClipLinesXY(net)...) // a halo, to stand out on both colors
		c.StrokeLines(draw.LineStyle{Color: textInk, Width: 1.3}, c.ClipLinesXY(net)...)
	}
}
