package plotting

import (
	"image/color"

	"gonum.org/v1/plot"
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
	row := &legendHandler{Handler: sty.Handler, icon: l.ThumbnailWidth + sty.Width(" "), height: sty.Rectangle("x").Max.Y}
	l.TextStyle.Handler = row
	l.Top, l.Left, l.Padding, l.YPosition = true, true, 0, draw.PosBottom
	up := row.height + sty.FontExtents().Descent
	c.Push()
	l.Draw(draw.Canvas{Canvas: c, Rectangle: vg.Rectangle{Min: at, Max: at.Add(vg.Point{Y: up})}})
	c.Pop()
	return max(row.length-keyGap, 0)
}

// A legendHandler writes the names of a legend and moves the canvas on after each.
type legendHandler struct {
	text.Handler
	icon, height vg.Length // what stands before a name, and from one entry to the next
	length       vg.Length // so far
}

func (h *legendHandler) Draw(c vg.Canvas, s string, sty text.Style, at vg.Point) {
	h.Handler.Draw(c, s, sty, at)
	step := h.icon + sty.Width(s) + keyGap
	h.length += step
	c.Translate(vg.Point{X: step, Y: h.height})
}
