package plotting

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of the figure: of the name of a group above its rows, of the tree left of the data and the bars of effects right of it.
const (
	groupHead = vg.Length(13)
	treeWide  = vg.Length(46)
	barsWide  = vg.Length(54)
	barsGap   = vg.Length(9)
	unitName  = vg.Length(6) // the smallest size of a unit's name
)

// rowHigh is the height of a row, before any size is asked for.
func (c *profilesChart) rowHigh() vg.Length {
	n := vg.Length(len(c.units))
	return max(min(340/n, 11), min(2.2, 560/n))
}

// headRows is how many rows the name of a group is high.
func (c *profilesChart) headRows() float64 {
	if !c.grouped() {
		return 0
	}
	return float64(groupHead / c.rowHigh())
}

// places returns where every row is, from 0 at the top down, and how far down the last ends.
func (c *profilesChart) places() (y []float64, end float64) {
	for _, g := range c.groups {
		end += c.headRows()
		for range g.to - g.from {
			y = append(y, -end-.5)
			end++
		}
	}
	return y, end
}

func (c *profilesChart) size() (w, h vg.Length) {
	_, end := c.places()
	columns := vg.Length(len(c.names()))
	w = min(max(250+14*columns, 5.2*vg.Inch), 6.5*vg.Inch)
	return w, max(vg.Length(end)*c.rowHigh(), 45) + tickSize*leading + newSlantedAxis(monoFont, c.names(), (w-230)/columns, nil).height() + 4
}

// names labels the columns; between what is read and what is written one stays free.
func (c *profilesChart) names() []string {
	out := slices.Clone(c.reads.labels)
	if len(c.reads.labels) > 0 && len(c.writes.labels) > 0 {
		out = append(out, "")
	}
	return append(out, c.writes.labels...)
}

// written is the first column of what is written.
func (c *profilesChart) written() int { return len(c.names()) - len(c.writes.labels) }

func (c *profilesChart) plot(at *sheet) *plot.Plot {
	p := newPlot("", "")
	_, end := c.places()
	rows := profileRows{c, at}
	p.Add(rows, colorBar{lo: -c.limit, hi: c.limit, name: "Part of the row", at: at, beyond: rows.bars,
		color: func(v float64) ink { return signedInk(v, max(c.limit, math.SmallestNonzeroFloat64)) }})
	p.X.Min, p.X.Max = -.5, float64(len(c.names()))-.5
	p.Y.Min, p.Y.Max = -end, 0
	names := slantedNames{monoFont, c.names, nil, at}
	names.on(&p.X)
	p.X.Tick.Marker = profileNames{names}
	p.Y.Tick.Marker = plot.ConstantTicks{}
	return p
}

// profileNames labels the columns, and not what is between them.
type profileNames struct{ slantedNames }

// Ticks returns the names in a range of places.
func (n profileNames) Ticks(lo, hi float64) []plot.Tick {
	return slices.DeleteFunc(n.slantedNames.Ticks(lo, hi), func(t plot.Tick) bool { return t.Label == "" })
}

// profileRows plots the rows under the names of their groups, with names and tree at the left and bars at the right.
type profileRows struct {
	*profilesChart
	at *sheet
}

// high is the height of a row.
func (r profileRows) high() vg.Length {
	_, end := r.places()
	return r.at.data.Y / vg.Length(end)
}

// lettered returns the typeface of the units' names and the room that they take; 0 where rows are too low for them.
func (r profileRows) lettered() (f font.Font, room vg.Length) {
	f = font.From(sansFont, min(tickSize-.5, r.high()*.92))
	if f.Size < unitName {
		return f, 0
	}
	for _, s := range r.units {
		room = max(room, face(f).width(s))
	}
	return f, min(room, r.at.page*.2)
}

// room returns the width of the tree with its distance to what is right of it.
func (r profileRows) room() vg.Length {
	if len(r.tree) == 0 || r.at.page < 3.6*vg.Inch {
		return 0
	}
	return treeWide + 6
}

// bars returns the width of the bars with their distance to the data.
func (r profileRows) bars() vg.Length {
	if r.at.page < 3.6*vg.Inch {
		return 0
	}
	return barsGap + barsWide
}

// GlyphBoxes returns the room for names, tree and bars, and for what stands above the columns.
func (r profileRows) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	_, names := r.lettered()
	left := names + r.room()
	if names > 0 {
		left += tickGap
	}
	return []plot.GlyphBox{
		{X: 0, Rectangle: vg.Rectangle{Min: vg.Point{X: -left}}},
		{X: 1, Rectangle: vg.Rectangle{Max: vg.Point{X: r.bars()}}},
		{Y: 1, Rectangle: vg.Rectangle{Max: vg.Point{Y: tickSize*leading + 2}}},
	}
}

// Plot draws them.
func (r profileRows) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	y, _ := r.places()
	r.cells(c, trX, trY, y, r.reads.z, 0)
	r.cells(c, trX, trY, y, r.writes.z, r.written())
	for _, s := range []struct {
		what     string
		from, to int
	}{{"Reads", 0, len(r.reads.labels)}, {"Writes", r.written(), len(r.names())}} {
		if s.from < s.to {
			r.heading(c, s.what, trX(float64(s.from)-.5), trX(float64(s.to)-.5))
		}
	}
	f, room := r.lettered()
	left := c.Min.X
	if room > 0 {
		left -= room + tickGap
		name := middled(f, textInk, draw.XRight)
		for i, s := range r.units {
			if at := trY(y[i]); c.ContainsY(at) {
				c.FillText(name, vg.Point{X: c.Min.X - tickGap, Y: at}, oneLine(face(f), s, room))
			}
		}
	}
	r.heads(c, trY, y, left)
	if wide := r.room(); wide > 0 {
		r.branches(c, trY, y, left-wide, left-6)
	}
	if r.bars() > 0 {
		r.effectBars(c, trY, y)
	}
}

// middled is a style of one line about its middle.
func middled(f font.Font, of ink, align text.XAlignment) (s text.Style) {
	s = style(f, f.Size, of)
	s.XAlign, s.YAlign = align, draw.YCenter
	return s
}

// cells fills the cells of one side.
func (r profileRows) cells(c draw.Canvas, trX, trY func(float64) vg.Length, y []float64, z [][]float64, first int) {
	for i, row := range z {
		for j, v := range row {
			x := float64(first + j)
			low, high := vg.Point{X: trX(x - .5), Y: trY(y[i] - .5)}, vg.Point{X: trX(x + .5), Y: trY(y[i] + .5)}
			if j < len(row)-1 {
				high.X += seam
			}
			if r.high() < 5 {
				high.Y += seam
			} else {
				high.Y -= .5
			}
			fillRect(c, vg.Rectangle{Min: low, Max: high}, signedInk(v, max(r.limit, math.SmallestNonzeroFloat64)))
		}
	}
	for i, row := range z { // after the cells, whose edges overlap
		for j, v := range row {
			if v >= 0 || v > -r.limit/4 {
				continue
			}
			x := float64(first + j)
			minusStroke(c, vg.Point{X: trX(x), Y: trY(y[i])}, trX(x+.5)-trX(x-.5), r.high(), signedInk(v, r.limit))
		}
	}
}

// heading writes what columns are above them.
func (r profileRows) heading(c draw.Canvas, what string, from, to vg.Length) {
	from, to = max(from, c.Min.X), min(to, c.Max.X+r.bars())
	head := style(boldFont, tickSize, textInk)
	head.XAlign = draw.XCenter
	if to-from > 8 {
		head.Font.Size, what = fitted(head, what, to-from+8)
		c.FillText(head, vg.Point{X: (from + to) / 2, Y: c.Max.Y + 3}, what)
	}
}

// heads writes the name of each group above its rows, with how far it can be trusted.
func (r profileRows) heads(c draw.Canvas, trY func(float64) vg.Length, y []float64, left vg.Length) {
	room := trY(0) - trY(-r.headRows())
	size := min(tickSize, room*.72)
	if size < 5 {
		return
	}
	for _, g := range r.groups {
		at := trY(y[g.from] + .5 + r.headRows()*.42)
		if !r.grouped() || !c.ContainsY(at) {
			continue
		}
		facts := count(g.to-g.from, "unit") + " · silhouette " + hundredths(g.silhouette) + " · stability " + hundredths(g.stability)
		name, note := middled(font.From(boldFont, size), textInk, draw.XLeft), middled(font.From(sansFont, size), mutedInk, draw.XLeft)
		wide := c.Max.X + r.bars() - left
		s := oneLine(face(name.Font), g.name, max(wide-note.Width(facts)-10, wide*.4))
		c.FillText(name, vg.Point{X: left, Y: at}, s)
		from := left + name.Width(s) + 8
		c.FillText(note, vg.Point{X: from, Y: at}, oneLine(face(note.Font), facts, left+wide-from))
	}
}

// branches draws the tree: its leaves beside the rows, its root at the left. Where groups were cut from it is dashed.
func (r profileRows) branches(c draw.Canvas, trY func(float64) vg.Length, y []float64, from, to vg.Length) {
	n := len(r.units)
	top := r.tree[len(r.tree)-1].height
	if top == 0 {
		top = 1
	}
	x := func(height float64) vg.Length { return to - (to-from)*vg.Length(height/top) }
	middle, height := slices.Clone(y), make([]float64, n, 2*n)
	cut := len(r.tree) - (len(r.groups) - 1) // merges from this one on join groups
	for k, m := range r.tree {
		sty := draw.LineStyle{Color: textInk, Width: .7}
		if k >= cut {
			sty.Color = mutedInk.faint(150)
		}
		at := x(m.height)
		for _, child := range []int{m.a, m.b} {
			if h := trY(middle[child]); c.ContainsY(h) {
				c.StrokeLine2(sty, x(height[child]), h, at, h)
			}
		}
		low, high := trY(min(middle[m.a], middle[m.b])), trY(max(middle[m.a], middle[m.b]))
		if low, high = max(low, c.Min.Y), min(high, c.Max.Y); low < high {
			c.StrokeLine2(sty, at, low, at, high)
		}
		middle, height = append(middle, (middle[m.a]+middle[m.b])/2), append(height, m.height)
	}
	if cut > 0 && cut < len(r.tree) {
		at := x((r.tree[cut-1].height + r.tree[cut].height) / 2)
		c.StrokeLine2(draw.LineStyle{Color: mutedInk, Width: .6, Dashes: []vg.Length{2, 2}}, at, c.Min.Y, at, c.Max.Y)
	}
	label := style(sansFont, tickSize-.5, mutedInk)
	label.XAlign, label.YAlign = draw.XCenter, draw.YTop
	for _, v := range []float64{0, top} {
		c.FillText(label, vg.Point{X: x(v), Y: c.Min.Y - 4}, round(v, .1))
	}
	label.YAlign = draw.YBottom
	c.FillText(label, vg.Point{X: (from + to) / 2, Y: c.Max.Y + 3}, "distance")
}

// effectBars draws what every unit gives to the metric.
func (r profileRows) effectBars(c draw.Canvas, trY func(float64) vg.Length, y []float64) {
	lo, hi := min(0, slices.Min(r.effects)), max(0, slices.Max(r.effects))
	if lo == hi {
		hi = 1
	}
	from, to := c.Max.X+barsGap, c.Max.X+r.bars()
	x := func(v float64) vg.Length { return from + (to-from)*vg.Length((v/2-lo/2)/(hi/2-lo/2)) } // halves do not overflow
	half := min(r.high()*.38, 4)
	for i, v := range r.effects {
		at := trY(y[i])
		if v == 0 || !c.ContainsY(at) {
			continue
		}
		fill := supportInk
		if v < 0 {
			fill = opposeInk
		}
		c.SetColor(fill)
		c.Fill(vg.Rectangle{Min: vg.Point{X: min(x(0), x(v)), Y: at - half}, Max: vg.Point{X: max(x(0), x(v)), Y: at + half}}.Path())
	}
	for _, g := range r.groups {
		low, high := max(trY(y[g.to-1]-.5), c.Min.Y), min(trY(y[g.from]+.5), c.Max.Y)
		if low < high {
			c.StrokeLine2(draw.LineStyle{Color: mutedInk, Width: .8}, x(0), low, x(0), high)
		}
	}
	label := style(sansFont, tickSize-.5, mutedInk)
	label.YAlign = draw.YTop
	free, until := from, to // of the scale
	if lo < 0 {
		c.FillText(label, vg.Point{X: from, Y: c.Min.Y - 4}, significant(lo))
		free += label.Width(significant(lo))
	}
	if slices.Max(r.effects) > 0 {
		label.XAlign = draw.XRight
		c.FillText(label, vg.Point{X: to, Y: c.Min.Y - 4}, significant(hi))
		until -= label.Width(significant(hi))
	}
	if label.XAlign = draw.XCenter; x(0) == from || x(0) == to || x(0)-free > 6 && until-x(0) > 6 {
		c.FillText(label, vg.Point{X: x(0), Y: c.Min.Y - 4}, "0")
	}
	r.heading(c, r.named("Effect"), from, to)
}
