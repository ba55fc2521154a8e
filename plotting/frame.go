package plotting

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// A frame maps data to the rectangle that the axes enclose, and draws the axes around it.
type frame struct {
	data                   vg.Rectangle // on the page
	xmin, xmax, ymin, ymax float64      // in the data
}

// x returns where a value of the horizontal axis lies on the page.
func (f frame) x(v float64) vg.Length {
	return f.data.Min.X + f.data.Size().X*vg.Length((v-f.xmin)/(f.xmax-f.xmin))
}

// y returns where a value of the vertical axis lies on the page.
func (f frame) y(v float64) vg.Length {
	return f.data.Min.Y + f.data.Size().Y*vg.Length((v-f.ymin)/(f.ymax-f.ymin))
}

// smallest is the least width and height of the data's rectangle that still shows something.
const smallest = 30 * vg.Length(1)

// fits reports whether the rectangle leaves room for data.
func (f frame) fits() bool { s := f.data.Size(); return s.X >= smallest && s.Y >= smallest }

// Room that axes need: between a tick label and the data, and for an axis' name with its distance.
const (
	tickGap  = vg.Length(5)
	nameRoom = labelSize*leading + 3
)

// leftRoom is the width of the labels and the name of a vertical axis.
func leftRoom(ticks []tick) vg.Length { return nameRoom + widest(sans(tickSize), ticks) + tickGap }

// widest returns the width of the widest label.
func widest(f typeface, ticks []tick) (w vg.Length) {
	for _, t := range ticks {
		w = max(w, f.width(t.label))
	}
	return w
}

// leftAxis writes tick labels and the name of the vertical axis.
func (f frame) leftAxis(c canvas, t theme, ticks []tick, name string) {
	face := sans(tickSize)
	for _, k := range ticks {
		at := vg.Point{X: f.data.Min.X - tickGap, Y: f.y(k.value) - tickSize*capHeight/2}
		c.text(face, k.label, at, end, 0, t.muted)
	}
	at := vg.Point{X: f.data.Min.X - leftRoom(ticks) + labelSize*capHeight, Y: (f.data.Min.Y + f.data.Max.Y) / 2}
	c.text(fitted(sans(labelSize), name, f.data.Size().Y+40), name, at, middle, math.Pi/2, t.ink)
}

// bottomRoom is the height of the labels and the name of a horizontal axis with plain labels.
const bottomRoom = tickGap + tickSize + nameRoom

// bottomAxis writes tick labels and the name of the horizontal axis.
func (f frame) bottomAxis(c canvas, t theme, ticks []tick, name string) {
	face := sans(tickSize)
	y := f.data.Min.Y - tickGap - tickSize*capHeight
	for _, k := range ticks {
		c.text(face, k.label, vg.Point{X: f.x(k.value), Y: y}, middle, 0, t.muted)
	}
	at := vg.Point{X: (f.data.Min.X + f.data.Max.X) / 2, Y: f.data.Min.Y - bottomRoom + labelSize*descent}
	c.text(sans(labelSize), name, at, middle, 0, t.ink)
}

// rules draws thin lines across at the ticks of the vertical axis, and a stronger one at zero.
func (f frame) rules(c canvas, t theme, ticks []tick) {
	for _, k := range ticks {
		from, to := vg.Point{X: f.data.Min.X, Y: f.y(k.value)}, vg.Point{X: f.data.Max.X, Y: f.y(k.value)}
		if k.value == 0 {
			c.line(from, to, 0.8, t.muted)
			continue
		}
		c.line(from, to, 0.6, t.grid)
	}
}

// fitted returns the face, smaller where the text would be longer than the room.
func fitted(f typeface, s string, room vg.Length) typeface {
	if w := f.width(s); w > room && w > 0 {
		f.size *= max(room/w, 0.6)
	}
	return f
}
