package plotting

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A panel is one question to all methods: a part of the figure's width with a scale of its own.
type panel struct {
	name     string
	part     float64 // of the width, before all are made to fill it
	lo, hi   float64
	marks    band // a dot with its interval, of each method; nil: a strip of the profiles
	chance   band // in gray
	profiles bool
}

// panels lists what is known.
func (m *methodsChart) panels() []panel {
	wide := func(lists ...[]float64) (lo, hi float64) {
		for _, v := range lists {
			for _, x := range v {
				if !math.IsNaN(x) {
					lo, hi = min(lo, x), max(hi, x)
				}
			}
		}
		return lo, hi
	}
	lo, hi := wide(m.effect.lo, m.effect.hi, m.random.lo, m.random.hi)
	lo, hi = padded(lo, hi, .06)
	all := []panel{{name: m.named("Effect"), part: 3, lo: lo, hi: hi, marks: m.effect, chance: m.random}}
	if len(m.r.mean) > 0 {
		lo, _ := wide(m.r.mean, m.r.lo)
		if lo < 0 {
			lo = -1
		}
		all = append(all, panel{name: "r with patching", part: 2, lo: lo, hi: 1, marks: m.r})
	}
	if len(m.jaccard) > 0 {
		all = append(all, panel{name: "Overlap (Jaccard)", part: 2, hi: 1, marks: band{mean: m.jaccard}, chance: band{mean: m.chance}})
	}
	if len(m.profiles) > 0 {
		all = append(all, panel{name: "Score by layer", part: 2.4, lo: -.5, hi: float64(len(m.profiles[0])) - .5, profiles: true})
	}
	return all
}

// methodRow is the height of a row.
const methodRow = vg.Length(17)

func (m *methodsChart) size() (w, h vg.Length) {
	return 6.5 * vg.Inch, min(max(methodRow*vg.Length(len(m.names)), 30), 480) + 40
}

func (m *methodsChart) plot(at *sheet) *plot.Plot {
	p := newPlot("", "")
	p.Add(panelRows{m})
	p.X.Min, p.X.Max = 0, 1
	p.Y.Min, p.Y.Max = -float64(len(m.names))+.5, .5
	p.X.Tick.Marker = plot.ConstantTicks{}
	p.Y.Tick.Label.Color = textInk
	p.Y.Tick.Marker = methodNames{m.names, at}
	return p
}

// methodNames labels the rows, as far as there is room.
type methodNames struct {
	names []string
	at    *sheet
}

// Ticks returns the names in a range of places.
func (n methodNames) Ticks(lo, hi float64) (ticks []plot.Tick) {
	for i, s := range apartNames(sans(tickSize), n.names, min(nameMost, n.at.page*.3)) {
		ticks = append(ticks, plot.Tick{Value: -float64(i), Label: s})
	}
	return apart(ticks, n.at.data.Y/vg.Length(hi-lo))
}

// panelRows plots the panels side by side, each with its name above and its scale below.
type panelRows struct{ *methodsChart }

// panelGap is the room between two panels.
const panelGap = vg.Length(20)

// GlyphBoxes returns the room for names and scales.
func (panelRows) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	return []plot.GlyphBox{
		{Y: 1, Rectangle: vg.Rectangle{Max: vg.Point{Y: tickSize*leading + 3}}},
		{Y: 0, Rectangle: vg.Rectangle{Min: vg.Point{Y: -tickSize*leading - 2}}},
	}
}

// Plot draws them.
func (m panelRows) Plot(c draw.Canvas, p *plot.Plot) {
	_, trY := p.Transforms(&c)
	all := m.panels()
	total := 0.
	for _, k := range all {
		total += k.part
	}
	left, room := c.Min.X, c.Size().X-panelGap*vg.Length(len(all)-1)
	for i := range m.names { // every second row has a ground of its own
		if i%2 == 1 {
			fillRect(c, vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: trY(-float64(i) - .5)}, Max: vg.Point{X: c.Max.X, Y: trY(-float64(i) + .5)}}, gridInk.faint(110))
		}
	}
	for _, k := range all {
		w := room * vg.Length(k.part/total)
		k.draw(m.methodsChart, draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{Min: vg.Point{X: left, Y: c.Min.Y}, Max: vg.Point{X: left + w, Y: c.Max.Y}}}, trY)
		left += w + panelGap
	}
}

// draw draws one panel.
func (k panel) draw(m *methodsChart, c draw.Canvas, trY func(float64) vg.Length) {
	x := func(v float64) vg.Length { return c.X((v - k.lo) / (k.hi - k.lo)) }
	head := style(boldFont, tickSize, textInk)
	head.Font.Size, k.name = fitted(head, k.name, c.Size().X+panelGap*.7)
	head.XAlign = draw.XCenter
	c.FillText(head, vg.Point{X: (c.Min.X + c.Max.X) / 2, Y: c.Max.Y + 4}, k.name)
	row := trY(0) - trY(-1)
	if k.profiles {
		k.strips(m, c, trY)
	} else {
		for _, t := range k.ticks(c) {
			s := draw.LineStyle{Color: gridInk, Width: .6}
			if t.Value == 0 {
				s = draw.LineStyle{Color: mutedInk, Width: .8}
			}
			c.StrokeLine2(s, x(t.Value), c.Min.Y, x(t.Value), c.Max.Y)
		}
		half := min(row*.3, 5.5)
		for i := range m.names {
			y := trY(-float64(i))
			if !c.ContainsY(y) {
				continue
			}
			if len(k.chance.lo) > 0 {
				fillRect(c, vg.Rectangle{Min: vg.Point{X: x(k.chance.lo[i]) - .5, Y: y - half}, Max: vg.Point{X: x(k.chance.hi[i]) + .5, Y: y + half}}, mutedInk.faint(70))
			}
			if len(k.chance.mean) > 0 && !math.IsNaN(k.chance.mean[i]) {
				x := x(k.chance.mean[i])
				c.StrokeLine2(draw.LineStyle{Color: mutedInk, Width: 1.4}, x, max(y-half, c.Min.Y), x, min(y+half, c.Max.Y))
			}
			v := k.marks.mean[i]
			if math.IsNaN(v) && row < tickSize {
				continue
			}
			if math.IsNaN(v) {
				note := style(sansFont, tickSize-1, mutedInk)
				note.XAlign, note.YAlign = draw.XCenter, draw.YCenter
				c.FillText(note, vg.Point{X: (c.Min.X + c.Max.X) / 2, Y: y}, "unknown")
				continue
			}
			if len(k.marks.lo) > 0 && !math.IsNaN(k.marks.lo[i]) && !math.IsNaN(k.marks.hi[i]) {
				c.StrokeLine2(draw.LineStyle{Color: lineInk(0), Width: 1.3}, x(k.marks.lo[i]), y, x(k.marks.hi[i]), y)
			}
			c.DrawGlyph(draw.GlyphStyle{Color: lineInk(0), Radius: min(2.6, row*.28), Shape: draw.CircleGlyph{}}, vg.Point{X: x(v), Y: y})
		}
	}
	label := style(sansFont, tickSize, mutedInk)
	label.XAlign, label.YAlign = draw.XCenter, draw.YTop
	for _, t := range k.ticks(c) {
		c.FillText(label, vg.Point{X: x(t.Value), Y: c.Min.Y - 4}, t.Label)
	}
}

// ticks returns as many round values as there is room for.
func (k panel) ticks(c draw.Canvas) []plot.Tick {
	if k.profiles {
		n := int(k.hi + .5)
		return countTicks(n, c.Size().X/vg.Length(n), sans(tickSize).width("00")+6)
	}
	return slices.DeleteFunc(sideways{&sheet{data: c.Size()}}.Ticks(k.lo, k.hi), func(t plot.Tick) bool { return t.Value < k.lo || t.Value > k.hi })
}

// strips draws the profiles, each by its own largest layer.
func (k panel) strips(m *methodsChart, c draw.Canvas, trY func(float64) vg.Length) {
	for i, row := range m.profiles {
		most := row[largest(row)]
		if most == 0 {
			most = 1
		}
		pitch := c.Size().X / vg.Length(len(row))
		for l, v := range row {
			low := vg.Point{X: c.Min.X + pitch*vg.Length(l), Y: trY(-float64(i) - .36)}
			high := vg.Point{X: c.Min.X + pitch*vg.Length(l+1), Y: trY(-float64(i) + .36)}
			if l < len(row)-1 {
				high.X += seam
			}
			fillRect(c, vg.Rectangle{Min: low, Max: high}, amountInk(v, most))
		}
	}
}
