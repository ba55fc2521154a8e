package plotting

import "gonum.org/v1/plot/vg"

// seam is how far a cell reaches under its right and upper neighbors, so that no background shines through the
// smoothed edge between them.
const seam = vg.Length(0.35)

// cells fills the frame with a matrix of colors, z[row][column] [L][T], row 0 at the bottom. Equal neighbors in a row
// become one rectangle.
func cells(c canvas, t theme, f frame, z [][]float64, limit float64) {
	colors := t.signed()
	c.rect(f.data, t.zero)
	for row, v := range z {
		for k := 0; k < len(v); {
			fill, from := colors.at(v[k], limit), k
			for k < len(v) && colors.at(v[k], limit) == fill {
				k++
			}
			c.rect(vg.Rectangle{
				Min: vg.Point{X: f.x(float64(from) - 0.5), Y: f.y(float64(row) - 0.5)},
				Max: vg.Point{
					X: min(f.x(float64(k)-0.5)+seam, f.data.Max.X),
					Y: min(f.y(float64(row)+0.5)+seam, f.data.Max.Y),
				},
			}, fill)
		}
	}
}

// cellValues prints every value that is at least a twentieth of the limit in its cell, where all cells have room for
// it. The sign is then readable without color.
func cellValues(c canvas, t theme, f frame, z [][]float64, limit float64) {
	face, colors := sans(tickSize-0.5), t.signed()
	step := limit / 100
	for _, row := range z {
		for _, v := range row {
			if face.width(cellValue(v, step))+4 > f.x(1)-f.x(0) {
				return
			}
		}
	}
	if face.size*1.2 > f.y(1)-f.y(0) {
		return
	}
	for l, row := range z {
		for p, v := range row {
			if v > -limit/20 && v < limit/20 {
				continue
			}
			at := vg.Point{X: f.x(float64(p)), Y: f.y(float64(l)) - face.size*capHeight/2}
			c.text(face, cellValue(v, step), at, middle, 0, t.on(colors.at(v, limit)))
		}
	}
}

// cellValue formats v to about a hundredth of the scale, with its sign.
func cellValue(v, step float64) string {
	s := round(v, powerOfTen(step))
	if v > 0 && s != "0" {
		return "+" + s
	}
	return s
}
