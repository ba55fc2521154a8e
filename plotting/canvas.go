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

// polyline strokes a line through points, round at its corners, dashed where dashes are given.
func (c canvas) polyline(points []vg.Point, width vg.Length, ink color.Color, dashes ...vg.Length) {
	if len(points) < 2 {
		return
	}
	c.SetColor(ink)
	c.SetLineWidth(width)
	c.SetLineDash(dashes, 0)
	c.Stroke(through(points))
	c.SetLineDash(nil, 0)
}

// polygon fills what the points enclose.
func (c canvas) polygon(points []vg.Point, fill color.Color) {
	p := through(points)
	p.Close()
	c.SetColor(fill)
	c.Fill(p)
}

func through(points []vg.Point) (p vg.Path) {
	for i, at := range points {
		if i == 0 {
			p.Move(at)
		} else {
			p.Line(at)
		}
	}
	return p
}

// dot fills a circle.
func (c canvas) dot(at vg.Point, radius vg.Length, fill color.Color) {
	var p vg.Path
	p.Move(vg.Point{X: at.X + radius, Y: at.Y})
	p.Arc(at, radius, 0, 2*math.Pi)
	p.Close()
	c.SetColor(fill)
	c.Fill(p)
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
