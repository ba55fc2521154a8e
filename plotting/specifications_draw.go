package plotting

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The heights of the curve and of a row of the board below it.
const (
	curveHigh = vg.Length(120)
	boardRow  = vg.Length(10.5)
)

// rows is how many rows the board has: the name of each choice, and its options.
func (c *specificationChart) rows() int {
	n := 0
	for _, o := range c.options {
		n += 1 + len(o)
	}
	return n
}

func (c *specificationChart) size() (w, h vg.Length) {
	return 6.5 * vg.Inch, curveHigh + min(boardRow*vg.Length(c.rows()), 420) + 30
}

// scale is the range of the estimates, which has the height of the curve; a row of the board is as high as one.
func (c *specificationChart) scale() (lo, hi, unit float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range [][]float64{c.lo, c.hi, c.nullLo, c.nullHi} {
		for _, x := range v {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	lo, hi = padded(min(lo, 0), max(hi, 0), .05)
	return lo, hi, float64(curveHigh / boardRow)
}

// plot draws the curve above y = 0, scaled to its height in rows, and the board below.
func (c *specificationChart) plot(at *sheet) *plot.Plot {
	p := newPlot("Specification, by rising effect", "")
	_, _, unit := c.scale()
	p.Add(specifications{c})
	p.X.Min, p.X.Max = -.5, float64(len(c.mean))-.5
	if len(c.mean) > 20 {
		p.X.Min, p.X.Max = padded(p.X.Min, p.X.Max, .01)
	}
	p.Y.Min, p.Y.Max = -float64(c.rows())-.4, unit+1.4
	p.X.Tick.Marker, p.Y.Tick.Marker = plot.ConstantTicks{}, boardNames{c, at}
	return p
}

// boardNames labels the curve's scale and the options.
type boardNames struct {
	*specificationChart
	at *sheet
}

// Ticks returns both.
func (b boardNames) Ticks(ymin, ymax float64) (ticks []plot.Tick) {
	lo, hi, unit := b.scale()
	high := b.at.data.Y * vg.Length(unit/(ymax-ymin))
	for _, t := range roundTicks(lo, hi, tickCount(high)) {
		ticks = append(ticks, plot.Tick{Value: (t.Value - lo) / (hi - lo) * unit, Label: t.Label})
	}
	row := b.at.data.Y / vg.Length(ymax-ymin)
	if row < tickSize {
		return ticks
	}
	y := 0.
	for _, options := range b.options {
		y--
		for _, s := range options {
			y--
			ticks = append(ticks, plot.Tick{Value: y + .4, Label: oneLine(sans(tickSize), s, min(nameMost, b.at.page*.3))})
		}
	}
	return ticks
}

// specifications plots curve and board.
type specifications struct{ *specificationChart }

// Plot draws them.
func (s specifications) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	lo, hi, unit := s.scale()
	y := func(v float64) vg.Length { return trY((v - lo) / (hi - lo) * unit) }
	for _, t := range roundTicks(lo, hi, tickCount(y(hi)-y(lo))) {
		sty := draw.LineStyle{Color: gridInk, Width: .6}
		if math.Abs(t.Value) < (hi-lo)*1e-9 {
			sty = draw.LineStyle{Color: mutedInk, Width: .8}
		}
		if at := y(t.Value); c.ContainsY(at) {
			c.StrokeLine2(sty, c.Min.X, at, c.Max.X, at)
		}
	}
	name := style(sansFont, tickSize, textInk)
	name.YAlign = draw.YTop
	c.FillText(name, vg.Point{X: c.Min.X, Y: c.Max.Y}, oneLine(sans(tickSize), s.named("Effect"), c.Size().X))
	pitch := trX(1) - trX(0)
	if s.nullLo != nil {
		for i := range s.mean {
			x := trX(float64(i))
			fillRect(c, vg.Rectangle{Min: vg.Point{X: x - pitch/2, Y: y(s.nullLo[i])}, Max: vg.Point{X: x + pitch/2 + min(seam, pitch/4), Y: y(s.nullHi[i])}}, gridInk)
		}
	}
	radius := min(max(pitch*.3, .9), 2.4)
	ink := func(i int) ink {
		if s.beyond(i) {
			return lineInk(0)
		}
		return mutedInk
	}
	for i := range s.mean {
		if x := trX(float64(i)); c.ContainsX(x) {
			c.StrokeLine2(draw.LineStyle{Color: ink(i).faint(130), Width: min(max(pitch*.22, .35), 1.2)}, x, y(s.lo[i]), x, y(s.hi[i]))
		}
	}
	for i, v := range s.mean {
		if at := (vg.Point{X: trX(float64(i)), Y: y(v)}); c.Contains(at) {
			c.DrawGlyph(draw.GlyphStyle{Color: ink(i), Radius: radius, Shape: draw.CircleGlyph{}}, at)
		}
	}
	s.board(c, trX, trY, ink)
}

// board marks the options of every specification.
func (s specifications) board(c draw.Canvas, trX, trY func(float64) vg.Length, ink func(int) ink) {
	pitch, row := trX(1)-trX(0), trY(0)-trY(-1)
	half := min(max(pitch*.32, .35), 2.2)
	head := style(boldFont, min(tickSize-.5, row*.72), mutedInk)
	head.YAlign = draw.YCenter
	top := 0.
	for k, options := range s.options {
		top--
		if at := (vg.Point{X: c.Min.X, Y: trY(top + .35)}); head.Font.Size >= 4.5 && c.Contains(at) {
			c.FillText(head, at, oneLine(face(head.Font), s.names[k], c.Size().X))
		}
		for o := range options {
			top--
			if o%2 == 0 {
				fillRect(c, vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: trY(top - .1)}, Max: vg.Point{X: c.Max.X, Y: trY(top + .9)}}, gridInk.faint(110))
			}
			for i, of := range s.of {
				if x := trX(float64(i)); of[k] == o && c.ContainsX(x) {
					fillRect(c, vg.Rectangle{Min: vg.Point{X: x - half, Y: trY(top + .12)}, Max: vg.Point{X: x + half, Y: trY(top + .68)}}, ink(i))
				}
			}
		}
	}
}
