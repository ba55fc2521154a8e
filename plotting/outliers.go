package plotting

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// outlying is by how many times the next largest a value is an outlier, which would leave nothing to see of the others.
const outlying = 8

// withoutOutliers returns where a scale ends that shows the values but for one or two outliers; most where there is none.
func withoutOutliers(values []float64, most float64) float64 {
	sizes := make([]float64, len(values))
	for i, v := range values {
		sizes[i] = math.Abs(v)
	}
	slices.SortFunc(sizes, func(a, b float64) int { return cmp.Compare(b, a) })
	for i := 1; i < min(3, len(sizes)); i++ {
		if next := sizes[i]; next > 0 && sizes[i-1] > outlying*next {
			return 1.6 * next
		}
	}
	return most
}

// beyond marks the cells whose values the colors do not tell by a diamond, and writes the values beside them.
func (m cells) beyond(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	sty := style(boldFont, tickSize, textInk)
	sty.YAlign = draw.YCenter
	for l, row := range m.z {
		for t, v := range row {
			at := vg.Point{X: x(float64(t)), Y: y(float64(l))}
			if math.Abs(v) <= m.limit || !c.Contains(at) {
				continue
			}
			half := min(3.2, (x(1)-x(0))*.4)
			var mark vg.Path
			mark.Move(vg.Point{X: at.X - half, Y: at.Y})
			mark.Line(vg.Point{X: at.X, Y: at.Y + half})
			mark.Line(vg.Point{X: at.X + half, Y: at.Y})
			mark.Line(vg.Point{X: at.X, Y: at.Y - half})
			mark.Close()
			c.SetColor(signedInk(v, m.limit).text())
			c.Fill(mark)
			value := signed(v)
			w := sty.Width(value)
			left := x(float64(t)+.5) + 2
			if left+w+2 > c.Max.X {
				left = x(float64(t)-.5) - 4 - w
			}
			box := vg.Rectangle{Min: vg.Point{X: left - 1, Y: at.Y - tickSize*.6}, Max: vg.Point{X: left + w + 1, Y: at.Y + tickSize*.6}}
			fillRect(c, box, paperInk)
			c.FillText(sty, vg.Point{X: left, Y: at.Y}, value)
		}
	}
}
