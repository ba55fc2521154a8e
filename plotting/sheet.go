package plotting

import (
	"sync"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A sheet tells the tickers and plotters of a plot how much room they have. gonum asks a ticker for the ticks of a
// range and a plotter for the room that it needs, and says to neither how large the plot is.
type sheet struct {
	mu   sync.Mutex // held while a figure is drawn
	page vg.Length  // width within the margins
	data vg.Point   // width and height of the rectangle that the axes enclose
}

// newSheet is for a plot that is drawn by other means than its figure; it is about as large as the figure.
func newSheet(w, h vg.Length) *sheet {
	return &sheet{page: w - 2*margin, data: vg.Point{X: w - 2*margin - 45, Y: h - 28}}
}

// smallest is the least width and height of the data's rectangle that still shows something.
const smallest = 30 * vg.Length(1)

// A fitter is a ticker whose labels follow the room on their axis. It sets their size, and returns how far they reach
// beyond the left edge of the data.
type fitter interface{ fit(*plot.Axis) vg.Length }

// lay finds the place of a plot on the canvas, and reports whether it leaves room for data. What an axis needs depends
// on its ticks, and those on the room that is left: it goes on until neither changes.
func (s *sheet) lay(p *plot.Plot, c draw.Canvas) (into draw.Canvas, fits bool) {
	s.page = c.Max.X - c.Min.X
	into = draw.Crop(c, 0, 0, labelSize*descent, 0) // below the baseline of the lower axis' name
	s.data = into.Rectangle.Size()
	p.X.Label.TextStyle.Font.Size, p.X.Label.Text = fitted(p.X.Label.TextStyle, p.X.Label.Text, s.data.X)
	p.Y.Label.TextStyle.Font.Size, p.Y.Label.Text = fitted(p.Y.Label.TextStyle, p.Y.Label.Text, s.data.Y)
	for range 20 {
		reach := vg.Length(0)
		for _, a := range []*plot.Axis{&p.X, &p.Y} {
			if t, ok := a.Tick.Marker.(fitter); ok {
				reach = max(reach, t.fit(a))
			}
		}
		data := p.DataCanvas(into)
		beyond := max(0, reach-(data.Min.X-c.Min.X))
		into.Min.X += beyond
		size := data.Rectangle.Size()
		if size.X < smallest || size.Y < smallest {
			return into, false
		}
		if beyond < 0.01 && size == s.data {
			break
		}
		s.data = size
	}
	return into, true
}

// fitted returns the size of a line of text, smaller where it would be longer than the room, and what there is room for.
func fitted(sty text.Style, s string, room vg.Length) (vg.Length, string) {
	f := face(sty.Font)
	if w := f.width(s); w > room {
		f.size *= max(room/w, 0.6)
	}
	return f.size, oneLine(f, s, room)
}
