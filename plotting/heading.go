package plotting

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
)

// notesGap is the distance from the heading to the chart.
const notesGap = vg.Length(8)

// A heading is what stands above the plot, broken into lines.
type heading struct {
	title, subtitle []string
	key             []string   // what stands for characters that no font has
	style           text.Style // of the title
	legend          plot.Legend
	row             vg.Length // length of the legend; 0 where it has no entries or stands within the plot
	beside          bool      // the legend stands at the right end of the first line of the subtitle
}

// note is the chart's subtitle, with what the model was run under.
func (d drawing) note() string {
	s := d.subtitle()
	if v, ok := d.chart.(interface{ under() string }); ok && v.under() != "" {
		s += ", " + v.under()
	}
	return s
}

// heading breaks title and subtitle into lines of a width. The legend goes beside a subtitle that leaves room for it
// and otherwise below.
func (f *Figure) heading(d drawing, lacking *lacking, width vg.Length) heading {
	title, note := f.headline(d), f.subtitle
	if f.untitled {
		title = ""
	} else if note == "" {
		note = d.note()
		if x, ok := d.chart.(interface{ clipped() string }); ok && !f.symlog {
			note += x.clipped()
		}
	}
	h := heading{style: d.plot.Title.TextStyle, legend: d.plot.Legend}
	h.style.XAlign, h.style.YAlign = text.XLeft, text.YBottom
	h.title = wrap(face(h.style.Font), title, width, 3)
	if legendAbove(h.legend) {
		h.row = legendRow(h.legend, &recorder.Canvas{}, vg.Point{})
	}
	if h.row > 0 {
		h.subtitle = wrap(sans(noteSize), note, width-h.row-keyGap, 2)
		h.beside = len(h.subtitle) == 1
	}
	if !h.beside {
		h.subtitle = wrap(sans(noteSize), note, width, 2)
	}
	h.key = wrap(sans(tickSize), lacking.key(), width, 3)
	return h
}

// height is the height of the heading with its distance to the chart.
func (h heading) height() vg.Length {
	notes := len(h.subtitle)
	if h.row > 0 && !h.beside {
		notes++
	}
	if len(h.title)+len(h.key)+notes == 0 {
		return 0
	}
	return h.style.Font.Size*leading*vg.Length(len(h.title)) + noteSize*leading*vg.Length(notes) + tickSize*leading*vg.Length(len(h.key)) + notesGap
}

// draw writes the heading at the top of a canvas.
func (h heading) draw(c draw.Canvas) {
	x, y := c.Min.X, c.Max.Y
	size := h.style.Font.Size
	for _, s := range h.title {
		c.FillText(h.style, vg.Point{X: x, Y: y - size*0.8}, s)
		y -= size * leading
	}
	if h.beside {
		legendRow(h.legend, c, vg.Point{X: c.Max.X - h.row, Y: y - noteSize*0.95})
	}
	for _, s := range h.subtitle {
		c.FillText(style(sansFont, noteSize, mutedInk), vg.Point{X: x, Y: y - noteSize*0.95}, s)
		y -= noteSize * leading
	}
	if !h.beside && h.row > 0 {
		legendRow(h.legend, c, vg.Point{X: x, Y: y - noteSize*0.95})
		y -= noteSize * leading
	}
	for _, s := range h.key {
		c.FillText(style(sansFont, tickSize, mutedInk), vg.Point{X: x, Y: y - tickSize*0.95}, s)
		y -= tickSize * leading
	}
}
