package plotting

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// colorBarRoom is the width that a color bar needs beside the data for its ticks.
func colorBarRoom(ticks []tick) vg.Length {
	return barGap + barWidth + barTickGap + widest(sans(tickSize), ticks) + nameRoom
}

const (
	barGap     = vg.Length(10)  // from the data
	barWidth   = vg.Length(9)   // of the bar
	barTickGap = vg.Length(4.5) // from the bar to its labels
)

// colorBar draws the scale of a ramp, from lo to hi, right of the frame.
func colorBar(c canvas, t theme, f frame, colors ramp, lo, hi float64, ticks []tick, name string) {
	scale := frame{ymin: lo, ymax: hi, xmax: 1}
	scale.data.Min = vg.Point{X: f.data.Max.X + barGap, Y: f.data.Min.Y}
	scale.data.Max = vg.Point{X: scale.data.Min.X + barWidth, Y: f.data.Max.Y}
	height := scale.data.Size().Y / vg.Length(len(colors))
	for i, fill := range colors {
		r := scale.data
		r.Min.Y += vg.Length(i) * height
		r.Max.Y = min(r.Min.Y+height+seam, r.Max.Y)
		c.rect(r, fill)
	}
	face := sans(tickSize)
	x := scale.data.Max.X
	for _, k := range ticks {
		y := scale.y(k.value)
		c.line(vg.Point{X: x, Y: y}, vg.Point{X: x + 2.5, Y: y}, 0.5, t.muted)
		c.text(face, k.label, vg.Point{X: x + barTickGap, Y: y - tickSize*capHeight/2}, start, 0, t.muted)
	}
	at := vg.Point{
		X: x + barTickGap + widest(face, ticks) + nameRoom - labelSize*descent,
		Y: (f.data.Min.Y + f.data.Max.Y) / 2,
	}
	c.text(fitted(sans(labelSize), name, f.data.Size().Y+40), name, at, middle, math.Pi/2, t.ink)
}
