package plotting

import (
	"image"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A swatch stands before a name in a legend: a patch of color, or a stroke where the mark is one.
type swatch struct {
	color  color.Color
	stroke bool
}

// Sizes of a legend: the swatch, with the room before its name, and from entry to entry.
const (
	swatchWidth = vg.Length(9)
	thumbWidth  = vg.Length(11)
	keyGap      = vg.Length(12)
)

// Thumbnail draws the swatch.
func (s swatch) Thumbnail(c *draw.Canvas) {
	y, half := c.Center().Y, vg.Length(3.5)
	if s.stroke {
		half = 0.8
	}
	c.SetColor(s.color)
	c.Fill(vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: y - half}, Max: vg.Point{X: c.Min.X + swatchWidth, Y: y + half}}.Path())
}

// legendAbove reports whether a legend belongs above the plot: nobody has given it another place.
func legendAbove(l plot.Legend) bool { return !l.Top && !l.Left && l.XOffs == 0 && l.YOffs == 0 }

// legendRow sets the entries of a legend side by side, from a point on their baseline, and returns how long the row is.
// gonum sets one below the other and does not tell what they are, so the canvas moves along while it draws them.
func legendRow(l plot.Legend, c vg.Canvas, at vg.Point) vg.Length {
	sty := l.TextStyle
	m := &moved{Canvas: c}
	row := &legendHandler{
		Handler: sty.Handler, to: m, icon: l.ThumbnailWidth + sty.Width(" "), height: sty.Rectangle("x").Max.Y,
	}
	l.TextStyle.Handler = row
	l.Top, l.Left, l.Padding, l.YPosition = true, true, 0, draw.PosBottom
	up := row.height + sty.FontExtents().Descent
	l.Draw(draw.Canvas{Canvas: m, Rectangle: vg.Rectangle{Min: at, Max: at.Add(vg.Point{Y: up})}})
	return max(m.by.X-keyGap, 0)
}

// A legendHandler writes the names of a legend and moves the canvas on after each.
type legendHandler struct {
	text.Handler
	to           *moved
	icon, height vg.Length // what stands before a name, and from one entry to the next
}

func (h *legendHandler) Draw(c vg.Canvas, s string, sty text.Style, at vg.Point) {
	h.Handler.Draw(c, s, sty, at)
	h.to.by = h.to.by.Add(vg.Point{X: h.icon + sty.Width(s) + keyGap, Y: h.height})
}

// moved draws beside where it is told to.
type moved struct {
	vg.Canvas
	by vg.Point
}

func (m *moved) Fill(p vg.Path)   { m.Canvas.Fill(m.path(p)) }
func (m *moved) Stroke(p vg.Path) { m.Canvas.Stroke(m.path(p)) }

func (m *moved) FillString(f font.Face, at vg.Point, s string) {
	m.Canvas.FillString(f, at.Add(m.by), s)
}

func (m *moved) DrawImage(r vg.Rectangle, img image.Image) { m.Canvas.DrawImage(r.Add(m.by), img) }

func (m *moved) path(p vg.Path) vg.Path {
	out := slices.Clone(p)
	for i := range out {
		out[i].Pos, out[i].Control = out[i].Pos.Add(m.by), slices.Clone(out[i].Control)
		for k := range out[i].Control {
			out[i].Control[k] = out[i].Control[k].Add(m.by)
		}
	}
	return out
}
