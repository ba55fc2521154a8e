package plotting

import (
	"strings"
	"sync"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// A Figure describes a picture. It is immutable and safe for concurrent use: Title, Subtitle, Size, Dark and the like return
// changed copies, which share the numbers of the original, and its plot.
type Figure struct {
	where           string                  // the function that described it, for errors
	drawing         func() (drawing, error) // computes at most once
	title, subtitle string                  // empty: computed
	look
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
	return &Figure{where: where, look: look{theme: light}, drawing: sync.OnceValues(func() (drawing, error) {
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
	if v, ok := d.chart.(interface{ under() string }); ok && v.under() != "" && !strings.Contains(alt, spelled(v.under())) {
		alt = sentence(alt) + " The model was run " + sentence(spelled(v.under()))
	}
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
