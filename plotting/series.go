package plotting

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
)

// points returns where a series lies on the page.
func (f frame) points(x, y []float64) []vg.Point {
	out := make([]vg.Point, len(x))
	for i := range x {
		out[i] = vg.Point{X: f.x(x[i]), Y: f.y(y[i])}
	}
	return out
}

// shade fills the interval of a band.
func (b band) shade(c canvas, f frame, x []float64, fill color.Color) {
	if len(x) < 2 {
		if len(x) == 1 { // an interval of one dose is a stroke
			c.line(vg.Point{X: f.x(x[0]), Y: f.y(b.lo[0])}, vg.Point{X: f.x(x[0]), Y: f.y(b.hi[0])}, 5, fill)
		}
		return
	}
	ring := f.points(x, b.hi)
	for _, at := range slices.Backward(f.points(x, b.lo)) {
		ring = append(ring, at)
	}
	c.polygon(ring, fill)
}

// faint returns a color that lets what is below shine through.
func faint(c color.NRGBA, alpha uint8) color.NRGBA { c.A = alpha; return c }
