package plotting

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func (d *calibrationChart) size() (w, h vg.Length) { return 6.5 * vg.Inch, 2.1 * vg.Inch }

// scaled returns values as they stand on the axis.
func (d *calibrationChart) scaled(v []float64) []float64 {
	out := make([]float64, len(v))
	for i, y := range v {
		out[i] = y
		if d.log {
			out[i] = math.Log10(y)
		}
	}
	return out
}

// place returns where a strength stands on the axis, at most as far from what is drawn as keeps the line readable.
func (d *calibrationChart) place(strength float64) float64 {
	away := math.Abs(strength - d.zero)
	if away == 0 {
		return d.x[0] - 1
	}
	return min(d.x[len(d.x)-1]+1, max(d.x[0]-1, math.Log10(away)))
}

// extent returns the ranges of all that is drawn.
func (d *calibrationChart) extent() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax = d.x[0], d.x[len(d.x)-1]
	if len(d.answer.mean) > 0 {
		for _, s := range []float64{d.answer.lo[0], d.answer.hi[0]} {
			xmin, xmax = min(xmin, d.place(s)), max(xmax, d.place(s))
		}
	}
	levels := []float64{d.sought}
	if !d.log {
		levels = append(levels, d.from)
	}
	ymin, ymax = math.Inf(1), math.Inf(-1)
	for _, v := range [][]float64{d.lo, d.hi, levels} {
		for _, y := range d.scaled(v) {
			ymin, ymax = min(ymin, y), max(ymax, y)
		}
	}
	return xmin, xmax, ymin, ymax
}

// plot draws the answer's interval first, then what was sought, and the tries on top.
func (d *calibrationChart) plot(at *sheet) *plot.Plot {
	p := newPlot("Strength", d.named("Value"))
	xmin, xmax, ymin, ymax := d.extent()
	p.X.Min, p.X.Max = padded(xmin, xmax, 0.03)
	p.Y.Min, p.Y.Max = padded(ymin, ymax, 0.08)
	if !d.log {
		p.Add(rules()...)
	} else {
		p.Add(rules()[0])
	}
	edge, level := []float64{p.X.Min, p.X.Max}, func(y float64) []float64 { return d.scaled([]float64{y, y}) }
	last := len(d.x) - 1
	labels := []endLabel{{"sought", level(d.sought)[0], textInk}}
	if !d.log {
		p.Add(line(edge, level(d.from), 0.8, mutedInk, 2, 2))
		labels = append(labels, endLabel{"unsteered", level(d.from)[0], mutedInk})
	}
	mean := d.scaled(d.mean)
	labels = append(labels, endLabel{"tried", mean[last], lineInk(0)})
	if len(d.answer.mean) > 0 {
		lo, hi, ends := d.place(d.answer.lo[0]), d.place(d.answer.hi[0]), []float64{p.Y.Min, p.Y.Max}
		p.Add(band{lo: []float64{p.Y.Min, p.Y.Min}, hi: []float64{p.Y.Max, p.Y.Max}}.shade([]float64{min(lo, hi), max(lo, hi)}, textInk.faint(24)))
		x := d.place(d.answer.mean[0])
		p.Add(line([]float64{x, x}, ends, 1.2, textInk))
	}
	p.Add(line(edge, level(d.sought), 1.2, textInk, 5, 3))
	dots := &plotter.Scatter{XYs: xys(d.x, mean)}
	dots.GlyphStyle = draw.GlyphStyle{Color: lineInk(0), Radius: 1.9, Shape: draw.CircleGlyph{}}
	p.Add(band{lo: d.scaled(d.lo), hi: d.scaled(d.hi)}.shade(d.x, lineInk(0).faint(48)), line(d.x, mean, 1.6, lineInk(0)), dots, numbered{d, mean}, endLabels{labels, at})
	p.X.Tick.Marker, p.Y.Tick.Marker = strengths{d, at}, rounds{at}
	if d.log {
		p.Y.Tick.Marker = decades{at}
	}
	return p
}

// numbered writes the number of each try above its dot, as far as they keep their distance.
type numbered struct {
	*calibrationChart
	mean []float64
}

// Plot writes the numbers; the later try, which lies nearer to the answer, goes before the earlier.
func (n numbered) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	sty := style(sansFont, tickSize, lineInk(0))
	sty.XAlign = draw.XCenter
	var taken []vg.Point
	for try := len(n.tries); try > 0; try-- {
		for i, k := range n.tries {
			at := vg.Point{X: trX(n.x[i]), Y: trY(n.mean[i]) + 4}
			if k != try || near(at, taken) || at.Y+tickSize > c.Max.Y {
				continue
			}
			taken = append(taken, at)
			c.FillText(sty, at, strconv.Itoa(k))
		}
	}
}

// near reports whether a number would collide with others.
func near(at vg.Point, taken []vg.Point) bool {
	for _, x := range taken {
		if math.Abs(float64(at.X-x.X)) < 1.2*float64(tickSize) && math.Abs(float64(at.Y-x.Y)) < 1.1*float64(tickSize) {
			return true
		}
	}
	return false
}

// strengths labels the answer, then the strengths that were tried as far as their labels keep their distance.
type strengths struct {
	*calibrationChart
	at *sheet
}

// Ticks returns the ticks of a range.
func (s strengths) Ticks(lo, hi float64) (ticks []plot.Tick) {
	face := sans(tickSize)
	var taken [][2]vg.Length
	add := func(i int) {
		label := multiplier(s.strengths[i])
		x, half := s.at.data.X*vg.Length((s.x[i]-lo)/(hi-lo)), face.width(label)/2
		for _, t := range taken {
			if x-half-4 < t[1] && x+half+4 > t[0] {
				return
			}
		}
		taken = append(taken, [2]vg.Length{x - half, x + half})
		ticks = append(ticks, plot.Tick{Value: s.x[i], Label: label})
	}
	if i := s.found(); i >= 0 {
		add(i)
	}
	for i := range s.x {
		add(i)
	}
	return ticks
}

// decades labels powers of ten on an axis of decimal logarithms, as many as it is comfortable with; where it has fewer than two,
// twos and fives between them too.
type decades struct{ at *sheet }

// Ticks returns the ticks of a range.
func (d decades) Ticks(lo, hi float64) (ticks []plot.Tick) {
	from, to := int(math.Ceil(lo-1e-9)), int(math.Floor(hi+1e-9))
	step := max(1, (to-from+tickCount(d.at.data.Y))/tickCount(d.at.data.Y))
	steps := []float64{1}
	if to-from < 1 {
		steps, from, to = []float64{1, 2, 5}, from-1, to+1
	}
	for e := from; e <= to; e += step {
		for _, m := range steps {
			v := float64(e) + math.Log10(m)
			if v < lo || v > hi {
				continue
			}
			ticks = append(ticks, plot.Tick{Value: v, Label: multiplier(m * math.Pow(10, float64(e)))})
		}
	}
	return ticks
}
