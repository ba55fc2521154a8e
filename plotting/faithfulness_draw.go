package plotting

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func (d *faithfulnessChart) size() (w, h vg.Length) { return 6.5 * vg.Inch, 2.1 * vg.Inch }

// extent returns the range of all that is drawn, with 0 and 1, between which shares lie.
func (d *faithfulnessChart) extent() (ymin, ymax float64) {
	ymin, ymax = 0, 1
	for _, v := range [][]float64{d.f.lo, d.f.hi, d.c.lo, d.c.hi, d.random.lo, d.random.hi} {
		for _, y := range v {
			ymin, ymax = min(ymin, y), max(ymax, y)
		}
	}
	return ymin, ymax
}

// plot draws random units first, then the intervals, and both lines on top, named at their ends.
func (d *faithfulnessChart) plot(at *sheet) *plot.Plot {
	p := newPlot("Units", "Share of the behavior")
	p.Add(rules()...)
	xmin, xmax := padded(d.x[0], d.x[len(d.x)-1], 0.015)
	whole := line([]float64{xmin, xmax}, []float64{1, 1}, 0.8, mutedInk)
	whole.Dashes = []vg.Length{2, 2}
	p.Add(whole)
	last := len(d.x) - 1
	labels := []endLabel{{"faithfulness", d.f.mean[last], lineInk(0)}, {"completeness", d.c.mean[last], lineInk(1)}}
	if d.randoms > 0 {
		p.Add(d.random.shade(d.x, mutedInk.faint(44)), line(d.x, d.random.mean, 1.2, mutedInk))
		labels = append(labels, endLabel{"random", d.random.mean[last], mutedInk})
	}
	for i, b := range []band{d.f, d.c} {
		p.Add(b.shade(d.x, lineInk(i).faint(48)))
	}
	for i, b := range []band{d.f, d.c} {
		dots := &plotter.Scatter{XYs: xys(d.x, b.mean)} // what was measured
		dots.GlyphStyle = draw.GlyphStyle{Color: lineInk(i), Radius: 1.9, Shape: shapes[i]}
		p.Add(line(d.x, b.mean, 1.6, lineInk(i), dashes[i]...), dots)
	}
	p.Add(endLabels{labels, at})
	ymin, ymax := d.extent()
	p.X.Min, p.X.Max = xmin, xmax
	p.Y.Min, p.Y.Max = padded(ymin, ymax, 0.05)
	p.X.Tick.Marker, p.Y.Tick.Marker = sizes{d, at}, rounds{at}
	return p
}

// sizes labels the sizes that were measured, as many as keep their distance.
type sizes struct {
	*faithfulnessChart
	at *sheet
}

// Ticks returns the ticks of a range.
func (s sizes) Ticks(lo, hi float64) (ticks []plot.Tick) {
	face, end := sans(tickSize), vg.Length(math.Inf(-1))
	for i, v := range s.x {
		label := grouped(s.units[i])
		x, half := s.at.data.X*vg.Length((v-lo)/(hi-lo)), face.width(label)/2
		if x-half < end {
			label = ""
		} else {
			end = x + half + 4
		}
		ticks = append(ticks, plot.Tick{Value: v, Label: label})
	}
	return ticks
}
