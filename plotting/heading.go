package plotting

import "gonum.org/v1/plot/vg"

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
