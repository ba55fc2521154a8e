package plotting

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// seam is how far a cell reaches under its right and upper neighbors, so that no background shines through the
// smoothed edge between them.
const seam = vg.Length(0.35)

// cells plots a matrix of colors, z[row][column] [L][T], row 0 at the bottom, from −limit to limit. The colors of gonum's
// heat map follow the data, so that zero is any color; here it is neutral, and equal neighbors in a row are one rectangle.
type cells struct {
	z     [][]float64
	limit float64
}

// DataRange returns the places of the cells.
func (m cells) DataRange() (xmin, xmax, ymin, ymax float64) {
	return -0.5, float64(len(m.z[0])) - 0.5, -0.5, float64(len(m.z)) - 0.5
}

// Plot fills the cells, and prints their values where all have room.
func (m cells) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	at := func(col, row float64) vg.Point { return vg.Point{X: x(col), Y: y(row)} }
	rows, cols := float64(len(m.z)), float64(len(m.z[0]))
	fillRect(c, vg.Rectangle{Min: at(-0.5, -0.5), Max: at(cols-0.5, rows-0.5)}, signedInk(0, m.limit))
	for row, v := range m.z {
		for k := 0; k < len(v); {
			fill, from := signedInk(v[k], m.limit), k
			for k < len(v) && signedInk(v[k], m.limit) == fill {
				k++
			}
			low, high := at(float64(from)-0.5, float64(row)-0.5), at(float64(k)-0.5, float64(row)+0.5)
			fillRect(c, vg.Rectangle{Min: low, Max: vg.Point{X: high.X + seam, Y: high.Y + seam}}, fill)
		}
	}
	if !m.values(c, p) {
		m.strokes(c, p)
	}
	m.beyond(c, p)
}

// strokes marks what opposes, where no value is printed: who does not see the colors sees a minus in every cell below a quarter of
// the scale.
func (m cells) strokes(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	wide, high := x(1)-x(0), y(1)-y(0)
	for l, row := range m.z {
		for t, v := range row {
			at := vg.Point{X: x(float64(t)), Y: y(float64(l))}
			if v > -m.limit/4 || !c.Contains(at) {
				continue
			}
			minusStroke(c, at, wide, high, signedInk(v, m.limit))
		}
	}
}

// minusStroke draws a minus in the middle of a cell of a color, in the color of text on it.
func minusStroke(c draw.Canvas, middle vg.Point, wide, high vg.Length, on ink) {
	half := vg.Point{X: min(wide*.3, 4), Y: min(high*.12, .7)}
	fillRect(c, vg.Rectangle{Min: middle.Sub(half), Max: middle.Add(half)}, on.text())
}

// values prints every value that is at least a twentieth of the limit in its cell, where all cells have room for
// it, and reports that. The sign is then readable without color.
func (m cells) values(c draw.Canvas, p *plot.Plot) bool {
	x, y := p.Transforms(&c)
	sty := style(sansFont, tickSize-0.5, textInk)
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	step := m.limit / 100
	for _, row := range m.z {
		for _, v := range row {
			if math.Abs(v) <= m.limit && sty.Width(cellValue(v, step))+4 > x(1)-x(0) {
				return false
			}
		}
	}
	if sty.Font.Size*1.2 > y(1)-y(0) {
		return false
	}
	for l, row := range m.z {
		for t, v := range row {
			at := vg.Point{X: x(float64(t)), Y: y(float64(l))}
			if v > -m.limit/20 && v < m.limit/20 || math.Abs(v) > m.limit || !c.Contains(at) {
				continue
			}
			sty.Color = signedInk(v, m.limit).text()
			c.FillText(sty, at, cellValue(v, step))
		}
	}
	return true
}

// cellValue formats v to about a hundredth of the scale, with its sign.
func cellValue(v, step float64) string {
	s := round(v, powerOfTen(step))
	if v > 0 && s != "0" {
		return "+" + s
	}
	return s
}
