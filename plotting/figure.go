package plotting

import (
	"math"
	"strings"
	"sync"

	"gonum.org/v1/plot/vg"
)

// A Figure describes a picture. It is immutable and safe for concurrent use: Title, Subtitle, Size and Dark return
// changed copies, which share the numbers of the original.
type Figure struct {
	where           string                // the function that described it, for errors
	chart           func() (chart, error) // computes at most once
	title, subtitle string                // empty: computed
	width, height   float64               // inches; 0: the chart's own
	theme           theme
}

// A chart is the checked data of one figure and knows how to draw it.
type chart interface {
	title() string                                         // the finding
	subtitle() string                                      // method, metric, sample
	alt() string                                           // the finding in words and numbers
	size() (w, h vg.Length)                                // width of the page and height below the heading, where none is asked for
	legend(t theme) []key                                  // may be empty
	draw(c canvas, t theme, into vg.Rectangle) (fits bool) // below the titles
}

func newFigure(where string, f func() (chart, error)) *Figure {
	return &Figure{where: where, chart: sync.OnceValues(f), theme: light}
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

// TitleText returns the title: the finding that the numbers show, unless Title replaced it.
// Where the numbers cannot be drawn it says so.
func (f *Figure) TitleText() string {
	if f.title != "" {
		return f.title
	}
	ch, err := f.chart()
	if err != nil {
		return "This figure cannot be drawn"
	}
	return ch.title()
}

// Alt returns the figure in words, with its main numbers, for whoever cannot see it. It is never empty.
func (f *Figure) Alt() string {
	ch, err := f.chart()
	if err != nil {
		return "This figure cannot be drawn: " + err.Error()
	}
	if f.title != "" {
		return sentence(f.title) + " " + ch.alt()
	}
	return ch.alt()
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
		if ch, err := f.chart(); err == nil {
			own, _ := ch.size()
			w = own.Points() / 72 * 96
		}
	}
	return int(math.Round(w))
}

// page returns the size to draw at: what was asked for, or the chart's own with its heading.
func (f *Figure) page(ch chart) (w, h vg.Length, err error) {
	for _, side := range []float64{f.width, f.height} {
		if side != 0 && !(side >= 1 && side <= 40) {
			return 0, 0, problemf(ErrSize, f.where, "use sides of 1 to 40 inches, e.g. .Size(6.5, 2.7)", "size %v × %v inches", f.width, f.height)
		}
	}
	w, h = ch.size()
	if f.width != 0 {
		w = vg.Length(f.width) * vg.Inch
	}
	h += 2*margin + f.heading(ch, w-2*margin).height()
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
