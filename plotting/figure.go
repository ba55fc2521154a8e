package plotting

import (
	"math"
	"strings"
	"sync"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// A Figure describes a picture. It is immutable and safe for concurrent use: Title, Subtitle, Size and Dark return
// changed copies, which share the numbers of the original, and its plot.
type Figure struct {
	where           string                  // the function that described it, for errors
	drawing         func() (drawing, error) // computes at most once
	title, subtitle string                  // empty: computed
	width, height   float64                 // inches; 0: the chart's own
	theme           *theme
}

// A chart is the checked data of one figure and knows how to plot it.
type chart interface {
	title() string             // the finding
	subtitle() string          // method, metric, sample
	alt() string               // the finding in words and numbers
	size() (w, h vg.Length)    // width of the page and height below the heading, where none is asked for
	plot(at *sheet) *plot.Plot // its tickers and plotters ask the sheet how much room they have
}

// A drawing is a chart with its plot.
type drawing struct {
	chart
	plot *plot.Plot
	at   *sheet
}

func newFigure(where string, f func() (chart, error)) *Figure {
	return &Figure{where: where, theme: light, drawing: sync.OnceValues(func() (drawing, error) {
		ch, err := f()
		if err != nil {
			return drawing{plot: newPlot("", "")}, err
		}
		at := newSheet(ch.size())
		p := ch.plot(at)
		p.Title.Text = spelled(ch.title())
		return drawing{ch, p, at}, nil
	})}
}

// Plot returns the plot that the figure draws, for whatever gonum's plot can do that a Figure has no word for: add a
// line or a label, move the legend, set the range of an axis or its ticks.
//
//	p := fig.Plot()
//	p.Add(line)
//	p.Legend.Add("threshold", line)
//	err := fig.Save("praise.svg")   // shows both
//
// It is the same plot every time, and that of the figure's copies, whenever they were made: what is added appears in all of
// them and in every format. To have the figure with and without, describe it twice. Change a plot before its figure
// is drawn or shown, not meanwhile.
//
// The figure sets the plot's title, which is the finding, its own subtitle, and the entries of the legend, in a row,
// above the plot. A legend whose Top, Left, XOffs or YOffs is set stands within the plot instead. A color bar is a plotter
// of the same plot; no figure has more than one. Colors that come from the plot, e.g. that of p.Legend.TextStyle, and
// gonum's default black follow the theme.
//
// Where the numbers cannot be drawn the plot is empty, and drawing says why.
func (f *Figure) Plot() *plot.Plot {
	d, _ := f.drawing() // drawing returns the error
	return d.plot
}

// Title replaces the computed title. An empty one brings it back.
func (f *Figure) Title(s string) *Figure { g := *f; g.title = s; return &g }

// Subtitle replaces the computed subtitle. An empty one brings it back.
func (f *Figure) Subtitle(s string) *Figure { g := *f; g.subtitle = s; return &g }

// Size sets the width and height in inches, each from 1 to 40; 0 leaves a side to the figure.
// A column of a paper is about 3.25 inches wide, a page 6.5.
func (f *Figure) Size(w, h float64) *Figure { g := *f; g.width, g.height = w, h; return &g }

// Dark changes the colors to those of a dark page.
func (f *Figure) Dark() *Figure { g := *f; g.theme = dark; return &g }

// TitleText returns the title: the finding that the numbers show, unless Title or the plot's title replaced it.
// Where the numbers cannot be drawn it says so.
func (f *Figure) TitleText() string {
	d, err := f.drawing()
	switch title := f.headline(d); {
	case title != "":
		return title
	case err != nil:
		return "This figure cannot be drawn"
	}
	return spelled(d.chart.title())
}

// headline returns the title to draw; it is empty where the plot's title was taken away.
func (f *Figure) headline(d drawing) string {
	if f.title != "" {
		return spelled(f.title)
	}
	return spelled(d.plot.Title.Text)
}

// Alt returns the figure in words, with its main numbers, for whoever cannot see it. It is never empty.
func (f *Figure) Alt() string {
	d, err := f.drawing()
	if err != nil {
		return spelled("This figure cannot be drawn: " + err.Error())
	}
	alt := spelled(d.alt())
	if title := f.headline(d); title != "" && title != spelled(d.chart.title()) {
		return sentence(title) + " " + alt
	}
	return alt
}

// sentence returns a title as one, with an end.
func sentence(s string) string {
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") {
		return s
	}
	return s + "."
}

// Width returns the width in CSS pixels, 96 to the inch; the PNG has twice as many.
func (f *Figure) Width() int {
	w := f.width * 96
	if w == 0 {
		w = 6.5 * 96
		if d, err := f.drawing(); err == nil {
			own, _ := d.size()
			w = own.Points() / 72 * 96
		}
	}
	return int(math.Round(w))
}

// page returns the size to draw at: what was asked for, or the chart's own with its heading.
func (f *Figure) page(d drawing) (w, h vg.Length, err error) {
	for _, side := range []float64{f.width, f.height} {
		if side != 0 && !(side >= 1 && side <= 40) {
			return 0, 0, problemf(ErrSize, f.where, "use sides of 1 to 40 inches, e.g. .Size(6.5, 2.7)", "size %v × %v inches", f.width, f.height)
		}
	}
	w, h = d.size()
	if f.width != 0 {
		w = vg.Length(f.width) * vg.Inch
	}
	h += 2*margin + f.heading(d, w-2*margin).height()
	if f.height != 0 {
		h = vg.Length(f.height) * vg.Inch
	}
	return wholePixels(w), wholePixels(h), nil
}

// wholePixels rounds a length to CSS pixels, 96 to the inch, so that a bitmap has no half-covered edge.
func wholePixels(x vg.Length) vg.Length {
	const px = vg.Inch / 96
	return vg.Length(math.Round(float64(x/px))) * px
}
