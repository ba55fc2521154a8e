package plotting

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A colorBar plots the scale of a ramp right of the data, as part of the same plot; that of gonum's plotter needs a plot of
// its own, and has its axis on the left.
type colorBar struct {
	lo, hi float64
	color  func(v float64) ink
	name   string
	at     *sheet
	beyond func() vg.Length // from the data, what else stands there; nil: nothing
}

const (
	barGap     = vg.Length(10)  // from the data
	barWidth   = vg.Length(9)   // of the bar
	barTickGap = vg.Length(4.5) // from the bar to its labels
	nameRoom   = labelSize*leading + 3
)

// ticks labels round values, or where the bar is too short for those its ends and its middle.
func (b colorBar) ticks() []plot.Tick {
	if b.lo == b.hi {
		return []plot.Tick{{Label: "0"}}
	}
	ticks := roundTicks(b.lo, b.hi, tickCount(b.at.data.Y))
	if len(ticks) < 3 && b.lo < 0 {
		ticks = []plot.Tick{{Value: b.lo, Label: significant(b.lo)}, {Label: "0"}, {Value: b.hi, Label: significant(b.hi)}}
	}
	return ticks
}

// room is the width that the bar needs beside the data.
func (b colorBar) room() vg.Length {
	return b.offset() + barWidth + barTickGap + widest(sans(tickSize), b.ticks()) + nameRoom
}

// offset is the distance of the bar from the data.
func (b colorBar) offset() vg.Length {
	if b.beyond == nil {
		return barGap
	}
	return b.beyond() + barGap
}

// GlyphBoxes returns the room that the bar needs right of the data.
func (b colorBar) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	return []plot.GlyphBox{{X: 1, Rectangle: vg.Rectangle{Max: vg.Point{X: b.room()}}}}
}

// Plot draws the bar, its ticks and its name.
func (b colorBar) Plot(c draw.Canvas, _ *plot.Plot) {
	ticks := b.ticks()
	c = draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
		Min: vg.Point{X: c.Max.X + b.offset(), Y: c.Min.Y}, Max: vg.Point{X: c.Max.X + b.offset() + barWidth, Y: c.Max.Y},
	}}
	lo, hi := b.lo, b.hi
	if lo == hi {
		lo, hi = -1, 1
	}
	step := (c.Max.Y - c.Min.Y) / rampLen
	for i := range rampLen {
		low := c.Min.Y + vg.Length(i)*step
		v := lo + (hi-lo)*float64(i)/(rampLen-1)
		fillRect(c, vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: low}, Max: vg.Point{X: c.Max.X, Y: low + step + seam}}, b.color(v))
	}
	if b.lo < 0 && b.hi > 0 && c.Size().Y > 40 { // what cells without room for their values have
		mid := vg.Point{X: (c.Min.X + c.Max.X) / 2, Y: c.Min.Y + (c.Max.Y-c.Min.Y)*.12}
		half := vg.Point{X: 2.6, Y: .6}
		fillRect(c, vg.Rectangle{Min: mid.Sub(half), Max: mid.Add(half)}, b.color(lo+(hi-lo)*.12).text())
	}
	label := style(sansFont, tickSize, mutedInk)
	label.YAlign = draw.YCenter
	for _, k := range ticks {
		y := c.Y((k.Value - lo) / (hi - lo))
		c.StrokeLine2(draw.LineStyle{Color: mutedInk, Width: 0.5}, c.Max.X, y, c.Max.X+2.5, y)
		c.FillText(label, vg.Point{X: c.Max.X + barTickGap, Y: y}, k.Label)
	}
	name := style(sansFont, labelSize, textInk)
	size, text := fitted(name, b.name, c.Max.Y-c.Min.Y+40)
	name.Font.Size = size
	name.XAlign, name.Rotation = draw.XCenter, math.Pi/2
	x := c.Max.X + barTickGap + widest(sans(tickSize), ticks) + nameRoom - labelSize*descent
	c.FillText(name, vg.Point{X: x, Y: (c.Min.Y + c.Max.Y) / 2}, text)
}
