package plotting

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// A canvas is a page with the three things a figure draws on it. Lengths are points, y points up.
type canvas struct{ vg.Canvas }

// rect fills a rectangle.
func (c canvas) rect(r vg.Rectangle, fill color.Color) {
	c.SetColor(fill)
	c.Fill(r.Path())
}

// line strokes a straight line.
func (c canvas) line(from, to vg.Point, width vg.Length, ink color.Color) {
	var p vg.Path
	p.Move(from)
	p.Line(to)
	c.SetColor(ink)
	c.SetLineWidth(width)
	c.Stroke(p)
}

// An anchor is the place of a line of text that comes to lie at the given point.
type anchor float64

const (
	start  anchor = 0
	middle anchor = 0.5
	end    anchor = 1
)

// text writes a line whose baseline passes through the point, turned left by the angle.
func (c canvas) text(f typeface, s string, at vg.Point, a anchor, radians float64, ink color.Color) {
	path := f.outline(s, at.Sub(along(radians, vg.Length(a)*f.width(s))), radians)
	if len(path) > 0 {
		c.SetColor(ink)
		c.Fill(path)
	}
}

// along returns the vector of a length in a direction.
func along(radians float64, length vg.Length) vg.Point {
	sin, cos := math.Sincos(radians)
	return vg.Point{X: length * vg.Length(cos), Y: length * vg.Length(sin)}
}
