package plotting

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func (s *scatterChart) size() (w, h vg.Length) { return 4.6 * vg.Inch, 3.2 * vg.Inch }

// extent returns the ranges of both measurements.
func (s *scatterChart) extent() (xlo, xhi, ylo, yhi float64) {
	return slices.Min(s.x), slices.Max(s.x), slices.Min(s.y), slices.Max(s.y)
}

// alike is by how much the ranges of two axes may differ for them to share one.
const alike = 3

// plot draws the line of equality below the dots. Axes of about the same range share it, so that the line is the diagonal.
func (s *scatterChart) plot(at *sheet) *plot.Plot {
	p := newPlot(s.named(s.xName), s.named(s.yName))
	xlo, xhi, ylo, yhi := s.extent()
	if w, h := xhi-xlo, yhi-ylo; w <= alike*h && h <= alike*w && xlo <= yhi && ylo <= xhi {
		xlo, ylo = min(xlo, ylo), min(xlo, ylo)
		xhi, yhi = max(xhi, yhi), max(xhi, yhi)
	}
	p.X.Min, p.X.Max = padded(xlo, xhi, .04)
	p.Y.Min, p.Y.Max = padded(ylo, yhi, .04)
	cross := plotter.NewGrid()
	cross.Vertical, cross.Horizontal = draw.LineStyle{Color: gridInk, Width: .6}, draw.LineStyle{Color: gridInk, Width: .6}
	equal := plotter.NewFunction(func(x float64) float64 { return x })
	equal.Samples, equal.XMin, equal.XMax = 2, max(p.X.Min, p.Y.Min), min(p.X.Max, p.Y.Max)
	equal.LineStyle = draw.LineStyle{Color: mutedInk, Width: .9, Dashes: []vg.Length{3, 2}}
	x, y := p.X, p.Y
	p.Add(cross, zeros{})
	if equal.XMin < equal.XMax {
		p.Add(equal)
		p.Legend.Add("y = x", equal)
	}
	p.Add(dots{s})
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = x.Min, x.Max, y.Min, y.Max
	p.X.Tick.Marker, p.Y.Tick.Marker = sideways{at}, rounds{at}
	return p
}

// sideways labels round values of a horizontal axis.
type sideways struct{ at *sheet }

// Ticks returns the ticks of a range.
func (a sideways) Ticks(lo, hi float64) []plot.Tick {
	for n := max(2, min(8, int(a.at.data.X/30))); n > 1; n-- {
		ticks := roundTicks(lo, hi, n)
		pitch := a.at.data.X / vg.Length(max(1, len(ticks)-1))
		if len(ticks) > 1 {
			pitch = a.at.data.X * vg.Length((ticks[1].Value-ticks[0].Value)/(hi-lo))
		}
		if widest(sans(tickSize), ticks)+6 <= pitch {
			return ticks
		}
	}
	return roundTicks(lo, hi, 2)
}

// zeros marks zero on both axes.
type zeros struct{}

// Plot draws the lines that are within the data.
func (zeros) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	sty := draw.LineStyle{Color: mutedInk, Width: .8}
	if x := trX(0); c.ContainsX(x) {
		c.StrokeLine2(sty, x, c.Min.Y, x, c.Max.Y)
	}
	if y := trY(0); c.ContainsY(y) {
		c.StrokeLine2(sty, c.Min.X, y, c.Max.X, y)
	}
}

// dots plots the points, and names the outermost of them.
type dots struct{ *scatterChart }

// DataRange returns the ranges of the points.
func (d dots) DataRange() (xmin, xmax, ymin, ymax float64) { return d.extent() }

// Plot draws each place once, however many points lie there.
func (d dots) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	radius, alpha := vg.Length(2.1), uint8(200)
	switch n := len(d.x); {
	case n > 2000:
		radius, alpha = 1.1, 110
	case n > 150:
		radius, alpha = 1.6, 140
	}
	fill := draw.GlyphStyle{Color: lineInk(0).faint(alpha), Radius: radius, Shape: draw.CircleGlyph{}}
	const grain = 1. / 1500 // of an axis
	type place struct{ x, y int }
	seen := map[place]bool{}
	for i := range d.x {
		at := vg.Point{X: trX(d.x[i]), Y: trY(d.y[i])}
		k := place{int(math.Round(p.X.Norm(d.x[i]) / grain)), int(math.Round(p.Y.Norm(d.y[i]) / grain))}
		if !seen[k] && c.Contains(at) {
			seen[k] = true
			c.DrawGlyph(fill, at)
		}
	}
	d.name(c, p, radius)
}

// callouts is how many points are named at most.
const callouts = 6

// name writes the names of the outermost points, which are dots of this radius, beside them, where nothing else is.
func (d dots) name(c draw.Canvas, p *plot.Plot, radius vg.Length) {
	if d.names == nil {
		return
	}
	trX, trY := p.Transforms(&c)
	out := func(i int) float64 { // by the farther of the two coordinates, as a share of the axis
		return max(math.Abs(d.x[i])/(p.X.Max-p.X.Min), math.Abs(d.y[i])/(p.Y.Max-p.Y.Min))
	}
	order := upTo(0, len(d.x)-1)
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(out(j), out(i)) })
	sty := style(sansFont, tickSize-1, mutedInk)
	sty.YAlign = draw.YCenter
	var taken []vg.Rectangle
	gap := 2 * radius
	free := func(r vg.Rectangle, of int) bool {
		if !c.Contains(r.Min) || !c.Contains(r.Max) || overlapsAny(r, taken) {
			return false
		}
		below, above := trY(p.X.Min+(p.X.Max-p.X.Min)*float64((r.Min.X-c.Min.X)/c.Size().X)), trY(p.X.Min+(p.X.Max-p.X.Min)*float64((r.Max.X-c.Min.X)/c.Size().X))
		if above > r.Min.Y && below < r.Max.Y { // the line of equality passes through
			return false
		}
		if x, y := trX(0), trY(0); x > r.Min.X && x < r.Max.X || y > r.Min.Y && y < r.Max.Y { // or an axis
			return false
		}
		for i := range d.x { // or another dot is as near
			if x, y := trX(d.x[i]), trY(d.y[i]); i != of && x > r.Min.X-gap && x < r.Max.X+gap && y > r.Min.Y-gap && y < r.Max.Y+gap {
				return false
			}
		}
		return true
	}
	for _, i := range order[:min(callouts, len(order))] {
		name := oneLine(face(sty.Font), d.names[i], c.Size().X/4)
		w, h := sty.Width(name), tickSize
		at := vg.Point{X: trX(d.x[i]), Y: trY(d.y[i])}
		for _, from := range []vg.Point{
			{X: 4, Y: -h / 2}, {X: -4 - w, Y: -h / 2}, {X: -w / 2, Y: 3}, {X: -w / 2, Y: -3 - h}, // beside, above, below
			{X: 3, Y: 2}, {X: -3 - w, Y: 2}, {X: 3, Y: -2 - h}, {X: -3 - w, Y: -2 - h}, // at the corners
		} {
			r := vg.Rectangle{Min: at.Add(from), Max: at.Add(from).Add(vg.Point{X: w, Y: h})}
			if free(r, i) {
				c.FillText(sty, vg.Point{X: r.Min.X, Y: r.Min.Y + h/2}, name)
				taken = append(taken, r)
				break
			}
		}
	}
}

// overlapsAny reports whether a rectangle has a part in common with any of others.
func overlapsAny(r vg.Rectangle, others []vg.Rectangle) bool {
	return slices.ContainsFunc(others, func(o vg.Rectangle) bool {
		return r.Min.X < o.Max.X && o.Min.X < r.Max.X && r.Min.Y < o.Max.Y && o.Min.Y < r.Max.Y
	})
}
