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

// notesGap is the distance from the heading to the chart.
const notesGap = vg.Length(8)

// A heading is what stands above the chart, broken into lines.
type heading struct {
	title, subtitle []string
	keys            []key
	beside          bool // the legend stands at the right end of the first line of the subtitle
}

// heading breaks title and subtitle into lines of a width. The legend goes beside a subtitle that leaves room for it
// and otherwise below.
func (f *Figure) heading(ch chart, width vg.Length) heading {
	text := f.subtitle
	if text == "" {
		text = ch.subtitle()
	}
	h := heading{title: wrap(bold(titleSize), f.TitleText(), width, 3), keys: ch.legend(f.theme)}
	if len(h.keys) > 0 {
		h.subtitle = wrap(sans(noteSize), text, width-legendWidth(h.keys)-keyGap, 2)
		h.beside = len(h.subtitle) == 1
	}
	if !h.beside {
		h.subtitle = wrap(sans(noteSize), text, width, 2)
	}
	return h
}

// height is the height of the heading with its distance to the chart.
func (h heading) height() vg.Length {
	lines := len(h.subtitle)
	if len(h.keys) > 0 && !h.beside {
		lines++
	}
	return titleSize*leading*vg.Length(len(h.title)) + noteSize*leading*vg.Length(lines) + notesGap
}

// draw writes the heading at the top of a rectangle.
func (h heading) draw(c canvas, t theme, body vg.Rectangle) {
	x, y := body.Min.X, body.Max.Y
	for _, s := range h.title {
		c.text(bold(titleSize), s, vg.Point{X: x, Y: y - titleSize*0.8}, start, 0, t.ink)
		y -= titleSize * leading
	}
	if h.beside {
		drawLegend(c, t, h.keys, body.Max.X-legendWidth(h.keys), y-noteSize*0.95)
	}
	for _, s := range h.subtitle {
		c.text(sans(noteSize), s, vg.Point{X: x, Y: y - noteSize*0.95}, start, 0, t.muted)
		y -= noteSize * leading
	}
	if !h.beside {
		drawLegend(c, t, h.keys, x, y-noteSize*0.95)
	}
}

// draw paints the whole figure: paper, heading, and below it the chart.
func (f *Figure) draw(page vg.Canvas, ch chart, w, h vg.Length) error {
	c := canvas{page}
	c.rect(vg.Rectangle{Max: vg.Point{X: w, Y: h}}, f.theme.paper)
	body := vg.Rectangle{Min: vg.Point{X: margin, Y: margin}, Max: vg.Point{X: w - margin, Y: h - margin}}
	head := f.heading(ch, body.Size().X)
	head.draw(c, f.theme, body)
	body.Max.Y -= head.height()
	if !ch.draw(c, f.theme, body) {
		return problemf(ErrSize, f.where, "use a larger one, e.g. .Size(6.5, 3.5), or a shorter title",
			"%.2g × %.2g inches leave no room for the data", (w / vg.Inch).Points(), (h / vg.Inch).Points())
	}
	return nil
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
