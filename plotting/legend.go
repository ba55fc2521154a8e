package plotting

import (
	"image/color"

	"gonum.org/v1/plot/vg"
)

// A key is one entry of a legend: a swatch, or a stroke where the mark is one.
type key struct {
	name   string
	color  color.NRGBA
	stroke bool
}

// Sizes of a legend: the swatch, from swatch to name, from entry to entry.
const (
	swatch    = vg.Length(9)
	swatchGap = vg.Length(4)
	keyGap    = vg.Length(12)
)

// legendWidth is the length of a legend in one line.
func legendWidth(keys []key) (w vg.Length) {
	for i, k := range keys {
		if i > 0 {
			w += keyGap
		}
		w += swatch + swatchGap + sans(tickSize).width(k.name)
	}
	return w
}

// drawLegend writes a legend in one line that begins at x.
func drawLegend(c canvas, t theme, keys []key, x, base vg.Length) {
	face := sans(tickSize)
	for _, k := range keys {
		mid := base + tickSize*capHeight/2
		if k.stroke {
			c.line(vg.Point{X: x, Y: mid}, vg.Point{X: x + swatch, Y: mid}, 1.6, k.color)
		} else {
			c.rect(vg.Rectangle{Min: vg.Point{X: x, Y: mid - 3.5}, Max: vg.Point{X: x + swatch, Y: mid + 3.5}}, k.color)
		}
		x += swatch + swatchGap
		c.text(face, k.name, vg.Point{X: x, Y: base}, start, 0, t.ink)
		x += face.width(k.name) + keyGap
	}
}
