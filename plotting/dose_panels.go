package plotting

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// mostPanels is how many curves are drawn, each in a panel of its own.
const mostPanels = 24

// Sizes of a panel: its least width and its height, with the room above for its name, and what is left and below for the numbers of
// the axes.
const (
	panelWide  = vg.Length(105)
	panelHigh  = vg.Length(82)
	panelName  = vg.Length(15)
	panelSpace = vg.Length(10)
	panelLeft  = vg.Length(30)
	panelFoot  = vg.Length(14)
)

// panelGrid returns how many panels stand side by side and how many rows of them there are.
func (d *doseChart) panelGrid(width vg.Length) (cols, rows int) {
	cols = max(1, min(int((width-panelLeft)/panelWide), len(d.curves)))
	rows = (len(d.curves) + cols - 1) / cols
	cols = (len(d.curves) + rows - 1) / rows // as many in every row, as far as it goes
	return cols, rows
}

// panelsPlot draws a panel for each curve on the same axes.
func (d *doseChart) panelsPlot(at *sheet) *plot.Plot {
	p := newPlot("Multiplier", d.named("Response"))
	p.Add(dosePanels{d, at})
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks{}, plot.ConstantTicks{}
	return p
}

// dosePanels plots them.
type dosePanels struct {
	*doseChart
	at *sheet
}

// Plot draws them row by row from the top.
func (d dosePanels) Plot(c draw.Canvas, _ *plot.Plot) {
	cols, rows := d.panelGrid(c.Size().X)
	xlo, xhi, ylo, yhi := d.extent()
	xlo, xhi = padded(xlo, xhi, .03)
	ylo, yhi = padded(ylo, yhi, .06)
	wide := (c.Size().X - panelLeft - panelSpace*vg.Length(cols-1)) / vg.Length(cols)
	high := (c.Size().Y-panelFoot)/vg.Length(rows) - panelName
	if wide < 20 || high < 12 {
		return
	}
	var names []string
	for _, k := range d.curves {
		names = append(names, k.name)
	}
	names = apartNames(bold(tickSize), names, wide)
	for i, k := range d.curves {
		left := c.Min.X + panelLeft + (wide+panelSpace)*vg.Length(i%cols)
		top := c.Max.Y - (high+panelName)*vg.Length(i/cols)
		in := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: left, Y: top - panelName - high}, Max: vg.Point{X: left + wide, Y: top - panelName}}}
		c.FillText(style(boldFont, tickSize, textInk), vg.Point{X: left, Y: in.Max.Y + 4}, names[i])
		d.panel(in, k, xlo, xhi, ylo, yhi)
		label := style(sansFont, tickSize-.5, mutedInk)
		if i%cols == 0 {
			label.XAlign, label.YAlign = draw.XRight, draw.YCenter
			for _, t := range roundTicks(ylo, yhi, max(2, int(high/22))) {
				c.FillText(label, vg.Point{X: left - 4, Y: in.Y((t.Value - ylo) / (yhi - ylo))}, t.Label)
			}
		}
		if i+cols >= len(d.curves) {
			label.XAlign, label.YAlign = draw.XCenter, draw.YTop
			for _, t := range (doses{d.doses(), &sheet{data: in.Size()}}).Ticks(xlo, xhi) {
				c.FillText(label, vg.Point{X: in.X((t.Value - xlo) / (xhi - xlo)), Y: in.Min.Y - 4}, t.Label)
			}
		}
	}
}

// panel draws one curve with what is beside it.
func (d dosePanels) panel(c draw.Canvas, k doseCurve, xlo, xhi, ylo, yhi float64) {
	p := newPlot("", "")
	p.BackgroundColor = nil
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = xlo, xhi, ylo, yhi
	fillRect(c, c.Rectangle, gridInk.faint(90))
	trX, trY := p.Transforms(&c)
	if y := trY(0); c.ContainsY(y) {
		c.StrokeLine2(draw.LineStyle{Color: mutedInk, Width: .8}, c.Min.X, y, c.Max.X, y)
	}
	if x := trX(1); c.ContainsX(x) {
		c.StrokeLine2(draw.LineStyle{Color: mutedInk, Width: .8, Dashes: []vg.Length{2, 2}}, x, c.Min.Y, x, c.Max.Y)
	}
	dots := &plotter.Scatter{XYs: xys(k.x, k.mean)}
	dots.GlyphStyle = draw.GlyphStyle{Color: lineInk(0), Radius: 1.5, Shape: draw.CircleGlyph{}}
	var all []plot.Plotter
	if k.randoms > 0 {
		all = append(all, k.random.shade(k.x, mutedInk.faint(60)), line(k.x, k.random.mean, 1, mutedInk))
	}
	if k.instructed() {
		all = append(all, d.level(k.instruction, xlo, xhi, 0)...)
	}
	all = append(all, k.shade(k.x, lineInk(0).faint(60)), line(k.x, k.mean, 1.5, lineInk(0)), dots)
	for _, x := range all {
		x.Plot(c, p)
	}
}

// bands is the height of all panels on a page of a width.
func (d *doseChart) bands(width vg.Length) vg.Length {
	_, rows := d.panelGrid(width - 30)
	return vg.Length(math.Max(1, float64(rows)))*panelHigh + panelFoot + 30
}
