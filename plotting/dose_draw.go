package plotting

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// fewLines is how many prompts are drawn as lines of their own.
const fewLines = 12

func (d *doseChart) size() (w, h vg.Length) { return 6.5 * vg.Inch, d.tall(6.5*vg.Inch - 2*margin) }

// tall is the height on a page of a width.
func (d *doseChart) tall(width vg.Length) vg.Length {
	if d.paneled() {
		return d.bands(width)
	}
	return 2.1 * vg.Inch
}

// lines reports whether prompts are drawn.
func (d *doseChart) lines() bool {
	return len(d.curves) == 1 && len(d.curves[0].prompts) > 1 && len(d.curves[0].prompts) <= fewLines
}

// extent returns the range of the multipliers and of all that is drawn.
func (d *doseChart) extent() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, c := range d.curves {
		xmin, xmax = min(xmin, c.x[0]), max(xmax, c.x[len(c.x)-1])
		all := [][]float64{c.mean, c.lo, c.hi}
		if c.randoms > 0 {
			all = append(all, c.random.lo, c.random.hi)
		}
		all = append(all, c.instruction.lo, c.instruction.hi)
		if d.lines() {
			all = append(all, c.prompts...)
		}
		for _, v := range all {
			for _, y := range v {
				ymin, ymax = min(ymin, y), max(ymax, y)
			}
		}
	}
	return xmin, xmax, ymin, ymax
}

// padded widens a range so that lines keep off its edges; a range of one value gets some width.
func padded(lo, hi, by float64) (float64, float64) {
	pad := (hi - lo) * by
	if pad == 0 {
		pad = math.Abs(lo) / 2
	}
	if pad == 0 {
		pad = 1
	}
	return lo - pad, hi + pad
}

// ends returns the labels at the right.
func (d *doseChart) ends() (labels []endLabel) {
	for i, c := range d.curves {
		labels = append(labels, endLabel{c.name, c.mean[len(c.mean)-1], lineInk(i)})
	}
	if c := d.curves[0]; len(d.curves) == 1 && c.instructed() {
		labels = append(labels, endLabel{"instruction", c.instruction.mean[0], textInk})
	}
	for _, c := range d.curves {
		if c.randoms > 0 {
			return append(labels, endLabel{"random", c.random.mean[len(c.x)-1], mutedInk})
		}
	}
	return labels
}

// plot draws what is random first, then intervals and prompts, and the means on top. Lines are named at their ends.
func (d *doseChart) plot(at *sheet) *plot.Plot {
	if d.paneled() {
		return d.panelsPlot(at)
	}
	p := newPlot("Multiplier", d.named("Response"))
	p.Add(rules()...)
	xmin, xmax, ymin, ymax := d.extent()
	p.X.Min, p.X.Max = padded(xmin, xmax, 0.015)
	p.Y.Min, p.Y.Max = padded(ymin, ymax, 0.05)
	for _, k := range d.curves {
		if k.randoms > 0 {
			p.Add(k.random.shade(k.x, mutedInk.faint(44)), line(k.x, k.random.mean, 1.2, mutedInk))
		}
	}
	for i, k := range d.curves {
		p.Add(k.band.shade(k.x, lineInk(i).faint(48)))
		if d.lines() {
			for _, y := range k.prompts {
				p.Add(line(k.x, y, 0.5, lineInk(i).faint(120)))
			}
		}
	}
	for i, k := range d.curves {
		if k.instructed() {
			p.Add(d.level(k.instruction, p.X.Min, p.X.Max, i)...)
		}
	}
	p.Add(unsteered{d})
	for i, k := range d.curves {
		dots := &plotter.Scatter{XYs: xys(k.x, k.mean)} // what was measured
		dots.GlyphStyle = draw.GlyphStyle{Color: lineInk(i), Radius: 1.9, Shape: shapes[i]}
		p.Add(line(k.x, k.mean, 1.6, lineInk(i), dashes[i]...), dots)
	}
	p.Add(endLabels{d.ends(), at})
	p.X.Tick.Marker, p.Y.Tick.Marker = doses{d.doses(), at}, rounds{at}
	return p
}

// level draws an instruction's one value from edge to edge: of a single curve in the ink of the text, of several each in its
// curve's.
func (d *doseChart) level(b band, left, right float64, i int) []plot.Plotter {
	k := textInk
	if len(d.curves) > 1 {
		k = lineInk(i)
	}
	twice := func(v []float64) []float64 { return []float64{v[0], v[0]} }
	x := []float64{left, right}
	return []plot.Plotter{band{lo: twice(b.lo), hi: twice(b.hi)}.shade(x, k.faint(28)), line(x, twice(b.mean), 1.2, k, 5, 3)}
}

// doses returns the multipliers that were measured, rising.
func (d *doseChart) doses() (out []float64) {
	for _, c := range d.curves {
		out = append(out, c.x...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// doses labels the multipliers that were measured where their labels keep their distance, and round numbers elsewhere.
type doses struct {
	measured []float64
	at       *sheet
}

// Ticks returns the ticks of a range.
func (d doses) Ticks(lo, hi float64) (ticks []plot.Tick) {
	face, end := sans(tickSize), vg.Length(math.Inf(-1))
	for _, v := range d.measured {
		label := multiplier(v)
		x, half := d.at.data.X*vg.Length((v-lo)/(hi-lo)), face.width(label)/2
		if x-half < end {
			return roundTicks(lo, hi, max(2, min(10, int(d.at.data.X/24))))
		}
		ticks, end = append(ticks, plot.Tick{Value: v, Label: label}), x+half+4
	}
	return ticks
}

// unsteered marks the multiplier 1 by a dashed line, named where the fewest lines pass.
type unsteered struct{ *doseChart }

// Plot draws the line and its name.
func (u unsteered) Plot(c draw.Canvas, p *plot.Plot) {
	if p.X.Min > 1 || p.X.Max < 1 {
		return
	}
	trX, _ := p.Transforms(&c)
	x := trX(1)
	c.StrokeLine2(draw.LineStyle{Color: mutedInk, Width: 0.8, Dashes: []vg.Length{2, 2}}, x, c.Min.Y, x, c.Max.Y)
	const name = "unsteered (×1)"
	w, h := sans(tickSize).width(name), tickSize*1.4
	best, most := vg.Rectangle{}, vg.Length(math.Inf(-1))
	for _, left := range []vg.Length{x + 4, x - 4 - w} {
		for _, low := range []vg.Length{c.Min.Y + 2, c.Max.Y - h} {
			r := vg.Rectangle{Min: vg.Point{X: left, Y: low}, Max: vg.Point{X: left + w, Y: low + h}}
			if r.Min.X < c.Min.X || r.Max.X > c.Max.X {
				continue
			}
			if free := u.clearance(c, p, r); free > most {
				best, most = r, free
			}
		}
	}
	if most > vg.Length(math.Inf(-1)) {
		sty := style(sansFont, tickSize, mutedInk)
		sty.YAlign = draw.YCenter
		c.FillText(sty, vg.Point{X: best.Min.X, Y: best.Min.Y + h/2}, name)
	}
}

// clearance is how far the nearest line stays above or below a rectangle, at most 12; below zero it passes through.
func (d *doseChart) clearance(c draw.Canvas, p *plot.Plot, r vg.Rectangle) vg.Length {
	trX, trY := p.Transforms(&c)
	free := vg.Length(12)
	near := func(x, y []float64) {
		for i := 1; i < len(x); i++ {
			a, b := vg.Point{X: trX(x[i-1]), Y: trY(y[i-1])}, vg.Point{X: trX(x[i]), Y: trY(y[i])}
			lo, hi := max(a.X, r.Min.X), min(b.X, r.Max.X)
			if lo > hi || a.X == b.X {
				continue
			}
			slope := (b.Y - a.Y) / (b.X - a.X)
			from, to := a.Y+(lo-a.X)*slope, a.Y+(hi-a.X)*slope
			for _, y := range []vg.Length{from, to} {
				free = min(free, max(r.Min.Y-y, y-r.Max.Y))
			}
			if (from < r.Min.Y) != (to < r.Min.Y) {
				free = min(free, -1)
			}
		}
	}
	near([]float64{p.X.Min, p.X.Max}, []float64{0, 0}) // the rule at zero
	for _, k := range d.curves {
		near(k.x, k.mean)
		near(k.x, k.lo)
		near(k.x, k.hi)
		if k.randoms > 0 {
			near(k.x, k.random.lo)
			near(k.x, k.random.hi)
		}
		if k.instructed() {
			y := k.instruction.mean[0]
			near([]float64{p.X.Min, p.X.Max}, []float64{y, y})
		}
		if d.lines() {
			for _, y := range k.prompts {
				near(k.x, y)
			}
		}
	}
	return free
}
