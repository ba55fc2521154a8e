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

// draw paints the whole figure: paper, title, subtitle, legend, and below them the chart.
func (f *Figure) draw(page vg.Canvas, ch chart, w, h vg.Length) error {
	c, t := canvas{page}, f.theme
	c.rect(vg.Rectangle{Max: vg.Point{X: w, Y: h}}, t.paper)
	body := vg.Rectangle{Min: vg.Point{X: margin, Y: margin}, Max: vg.Point{X: w - margin, Y: h - margin}}

	for _, s := range wrap(bold(titleSize), f.TitleText(), body.Size().X, 3) {
		c.text(bold(titleSize), s, vg.Point{X: body.Min.X, Y: body.Max.Y - titleSize*0.8}, start, 0, t.ink)
		body.Max.Y -= titleSize * leading
	}
	body.Max.Y = f.drawNotes(c, ch, body) - 8
	if body.Size().Y <= 0 || !ch.draw(c, t, body) {
		return problemf(ErrSize, f.where, "use a larger one, e.g. .Size(6.5, 3.5), or a shorter title",
			"%.2g × %.2g inches leave no room for the data", (w / vg.Inch).Points(), (h / vg.Inch).Points())
	}
	return nil
}

// drawNotes writes the subtitle, and the legend at the right end of its line or, where that is too narrow, on a line
// of its own. It returns the height at which they end.
func (f *Figure) drawNotes(c canvas, ch chart, body vg.Rectangle) (y vg.Length) {
	face, keys, text := sans(noteSize), ch.legend(f.theme), f.subtitle
	if text == "" {
		text = ch.subtitle()
	}
	room, beside := body.Size().X-legendWidth(keys)-keyGap, len(keys) > 0
	if lines := wrap(face, text, room, 2); beside && len(lines) > 1 {
		room, beside = body.Size().X, false
	}
	y = body.Max.Y
	for i, s := range wrap(face, text, room, 2) {
		base := y - noteSize*0.95
		c.text(face, s, vg.Point{X: body.Min.X, Y: base}, start, 0, f.theme.muted)
		if i == 0 && beside {
			drawLegend(c, f.theme, keys, body.Max.X-legendWidth(keys), base)
		}
		y -= noteSize * leading
	}
	if len(keys) > 0 && !beside {
		drawLegend(c, f.theme, keys, body.Min.X, y-noteSize*0.95)
		y -= noteSize * leading
	}
	return y
}

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
