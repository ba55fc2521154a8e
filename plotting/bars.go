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
		b.torn(c, x(float64(i)-half), x(float64(i)+half), b.up[i], p.Y.Max, c.Max.Y, -1)
		b.torn(c, x(float64(i)-half), x(float64(i)+half), b.down[i], p.Y.Min, c.Min.Y, 1)
	}
	for i := range b.up {
		if sum := b.up[i] + b.down[i]; sum > p.Y.Max || sum < p.Y.Min {
			continue
		}
		if b.up[i] == 0 || b.down[i] == 0 || y(b.up[i])-y(b.down[i]) < 5 {
			continue // the net is the bar's own end, or the tick would cover what it is about
		}
		net := []vg.Point{{X: x(float64(i) - half), Y: y(b.up[i] + b.down[i])}, {X: x(float64(i) + half), Y: y(b.up[i] + b.down[i])}}
		c.StrokeLines(draw.LineStyle{Color: paperInk, Width: 2.6}, c.ClipLinesXY(net)...) // a halo, to stand out on both colors
		c.StrokeLines(draw.LineStyle{Color: textInk, Width: 1.3}, c.ClipLinesXY(net)...)
	}
}

// torn marks a bar that goes on beyond the axis: two strokes of paper across its end, and its value beside it.
func (signedBars) torn(c draw.Canvas, left, right vg.Length, v, limit float64, end vg.Length, inward vg.Length) {
	if v == 0 || limit == 0 || v/limit <= 1+1e-9 {
		return
	}
	for _, off := range []vg.Length{7, 11} {
		y, tilt := end+inward*off, min((right-left)/4, 2.5)
		c.StrokeLines(draw.LineStyle{Color: paperInk, Width: 1.6}, c.ClipLinesXY([]vg.Point{{X: left - 1, Y: y - tilt}, {X: right + 1, Y: y + tilt}})...)
	}
	text := style(boldFont, tickSize, textInk)
	name, at := signed(v), vg.Point{X: right + 3, Y: end + inward*9}
	text.YAlign = draw.YCenter
	if w := text.Width(name); at.X+w > c.Max.X {
		at.X = left - 3 - w
	}
	if c.Contains(at) {
		c.FillText(text, at, name)
	}
}
