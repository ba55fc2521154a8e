package plotting

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A canvas is a page of a theme: inks get their colors, and text, whoever writes it, becomes outlines. A color that is
// not set, and the black that gonum sets where a user does not, is the theme's ink, so that it shows on a dark page.
type canvas struct {
	vg.Canvas
	theme   *theme
	lost    *bool    // whether a mark had no place on any page
	lacking *lacking // what no font has
}

func (c canvas) Fill(p vg.Path) {
	if c.placed(p) {
		c.Canvas.Fill(p)
	}
}

func (c canvas) Stroke(p vg.Path) {
	if c.placed(p) {
		c.Canvas.Stroke(p)
	}
}

// placed reports whether a path can be drawn. One through a point that is not a number, or miles away, keeps a
// rasterizer busy for hours.
func (c canvas) placed(p vg.Path) bool {
	const miles = 1e6
	for _, k := range p {
		if x, y := float64(k.Pos.X), float64(k.Pos.Y); !(math.Abs(x) < miles && math.Abs(y) < miles) {
			*c.lost = true
			return false
		}
	}
	return true
}

func (c canvas) SetColor(k color.Color) {
	if k == nil || k == color.Black {
		k = textInk
	}
	if i, ok := k.(ink); ok {
		k = i.in(c.theme)
	}
	c.Canvas.SetColor(k)
}

func (c canvas) FillString(f font.Face, at vg.Point, s string) {
	if path := (typeface{f.Face, f.Font.Size}).outline(s, at, 0, c.lacking.number); len(path) > 0 {
		c.Fill(path)
	}
}

// fillRect fills the part of a rectangle that lies on the canvas.
func fillRect(c draw.Canvas, r vg.Rectangle, fill color.Color) {
	r = vg.Rectangle{
		Min: vg.Point{X: max(min(r.Min.X, r.Max.X), c.Min.X), Y: max(min(r.Min.Y, r.Max.Y), c.Min.Y)},
		Max: vg.Point{X: min(max(r.Min.X, r.Max.X), c.Max.X), Y: min(max(r.Min.Y, r.Max.Y), c.Max.Y)},
	}
	if r.Min.X < r.Max.X && r.Min.Y < r.Max.Y {
		c.SetColor(fill)
		c.Fill(r.Path())
	}
}
