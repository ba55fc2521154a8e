package plotting

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func (g *graphChart) size() (w, h vg.Length) {
	return 6.5 * vg.Inch, min(max(15*vg.Length(g.lines), 60), 400) + 30
}

// plot draws bands of positions, edges from the least influential to the most, and nodes on top.
func (g *graphChart) plot(at *sheet) *plot.Plot {
	p := newPlot("Layer", "")
	p.Add(wires{g})
	p.X.Min, p.X.Max = -.35, float64(len(g.columns))-.65
	p.Y.Min, p.Y.Max = -g.lines-.1, .1
	p.X.Tick.Marker, p.Y.Tick.Marker = columnNames{g, at}, rowTokens{g, at}
	p.Y.Tick.Label.Font, p.Y.Tick.Label.Color = monoFont, textInk
	p.Y.Tick.Label.Font.Size = tickSize
	var up, down, neurons, heads, hollow bool
	for _, e := range g.shown {
		up, down = up || e.weight > 0, down || e.weight < 0
	}
	for i, v := range g.nodes {
		if !math.IsNaN(g.x[i]) {
			neurons, heads, hollow = neurons || v.kind == "neuron", heads || v.kind == "head", hollow || v.score < 0
		}
	}
	if up {
		p.Legend.Add("supports", stroke{supportInk, nil})
	}
	if down {
		p.Legend.Add("opposes", stroke{opposeInk, opposing})
	}
	if neurons && heads {
		p.Legend.Add("neuron", mark{"neuron", mutedInk, 1})
		p.Legend.Add("head", mark{"head", mutedInk, 1})
	}
	if hollow {
		p.Legend.Add("negative score", mark{"neuron", opposeInk, -1})
	}
	return p
}

// opposing are the dashes of an edge that opposes.
var opposing = []vg.Length{3.2, 1.6}

// A stroke stands before a name in a legend of lines.
type stroke struct {
	color  ink
	dashes []vg.Length
}

// Thumbnail draws the stroke.
func (s stroke) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(draw.LineStyle{Color: s.color, Width: 1.6, Dashes: s.dashes}, c.Min.X, y, c.Min.X+swatchWidth, y)
}

// A mark stands before a name in a legend of nodes.
type mark struct {
	kind  string
	color ink
	score float64
}

// Thumbnail draws the node.
func (m mark) Thumbnail(c *draw.Canvas) {
	drawNode(*c, vg.Point{X: c.Min.X + swatchWidth/2, Y: c.Center().Y}, 3, m.kind, m.color, m.score)
}

// wires plots the graph.
type wires struct{ *graphChart }

// Plot draws it.
func (w wires) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	at := func(i int) vg.Point { return vg.Point{X: trX(w.x[i]), Y: trY(-w.y[i])} }
	top := 0.
	for k := range w.rows { // every second position has a ground of its own
		high := w.high(k)
		if k%2 == 1 {
			fillRect(c, vg.Rectangle{
				Min: vg.Point{X: c.Min.X, Y: trY(-top - high - placeGap/2)}, Max: vg.Point{X: c.Max.X, Y: trY(-top + placeGap/2)},
			}, gridInk.faint(110))
		}
		top += high + placeGap
	}
	most := 0.
	if len(w.shown) > 0 {
		most = w.shown[0].influence
	}
	for _, e := range slices.Backward(w.shown) {
		size := 0.
		if most > 0 {
			size = math.Sqrt(e.influence / most)
		}
		s := draw.LineStyle{Color: supportInk.faint(uint8(45 + 170*size)), Width: vg.Length(.4 + 3*size)}
		if e.weight < 0 {
			s.Color, s.Dashes = opposeInk.faint(uint8(45+170*size)), opposing
		}
		bend(c, s, at(e.from), at(e.to))
	}
	radius := w.radius(trX(1)-trX(0), trY(0)-trY(1))
	for i, v := range w.nodes {
		if math.IsNaN(w.x[i]) || !c.Contains(at(i)) {
			continue
		}
		color := supportInk
		switch {
		case v.kind == "embedding" || v.kind == "metric":
			color = textInk
		case v.score < 0:
			color = opposeInk
		}
		drawNode(c, at(i), radius, v.kind, color, v.score)
	}
	w.name(c, at, radius, trX(1)-trX(0), trY(0)-trY(1))
}

// high is how many nodes stand below one another in a row of the graph.
func (g *graphChart) high(k int) float64 {
	n := map[int]int{}
	high := 1
	for i, v := range g.nodes {
		if !math.IsNaN(g.x[i]) && (v.position == g.rows[k] || g.rows[k] < 0) {
			n[v.layer]++
			high = max(high, n[v.layer])
		}
	}
	return float64(high)
}

// radius is that of a node among columns and rows so far apart.
func (g *graphChart) radius(column, row vg.Length) vg.Length {
	return max(min(row*.36, column*.2, 4.6), 1.4)
}

// bend strokes a line that leaves and arrives horizontally.
func bend(c draw.Canvas, s draw.LineStyle, from, to vg.Point) {
	if !c.Contains(from) || !c.Contains(to) {
		return
	}
	var p vg.Path
	reach := (to.X - from.X) * .45
	p.Move(from)
	p.CubeTo(vg.Point{X: from.X + reach, Y: from.Y}, vg.Point{X: to.X - reach, Y: to.Y}, to)
	c.SetLineStyle(s)
	c.Stroke(p)
}

// drawNode draws a neuron as a disc, a head as a square, a token as a bar and the metric as a diamond; what opposes is hollow.
func drawNode(c draw.Canvas, at vg.Point, r vg.Length, kind string, color ink, score float64) {
	var p vg.Path
	switch corner := func(x, y vg.Length) vg.Point { return vg.Point{X: at.X + x*r, Y: at.Y + y*r} }; kind {
	case "head":
		p = vg.Rectangle{Min: corner(-.9, -.9), Max: corner(.9, .9)}.Path()
	case "embedding":
		p = vg.Rectangle{Min: corner(-.35, -1), Max: corner(.35, 1)}.Path()
	case "metric":
		p.Move(corner(-1.4, 0))
		p.Line(corner(0, 1.4))
		p.Line(corner(1.4, 0))
		p.Line(corner(0, -1.4))
		p.Close()
	default:
		p.Move(corner(1, 0))
		p.Arc(at, r, 0, 2*math.Pi)
		p.Close()
	}
	if score < 0 {
		c.SetColor(paperInk)
		c.Fill(p)
		c.SetLineStyle(draw.LineStyle{Color: color, Width: max(.8, r*.3)})
		c.Stroke(p)
		return
	}
	c.SetColor(color)
	c.Fill(p)
}

// name writes the names of neurons and heads beside them, the most influential first, where no other name and no node is.
func (w wires) name(c draw.Canvas, at func(int) vg.Point, radius, column, row vg.Length) {
	sty := style(sansFont, min(tickSize-1.5, max(row*.8, 5.5)), textInk)
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	var taken []vg.Rectangle
	var order []int
	for i, v := range w.nodes {
		if math.IsNaN(w.x[i]) {
			continue
		}
		p := at(i)
		taken = append(taken, vg.Rectangle{Min: p.Sub(vg.Point{X: radius, Y: radius}), Max: p.Add(vg.Point{X: radius, Y: radius})})
		if v.kind == "neuron" || v.kind == "head" {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(w.nodes[b].influence, w.nodes[a].influence) })
	for _, i := range order {
		name := oneLine(face(sty.Font), w.short(i), max(2.5*column, 24))
		half := vg.Point{X: sty.Width(name)/2 + 1, Y: sty.Font.Size * .45}
		for _, from := range []vg.Point{{Y: radius + half.Y + .8}, {Y: -radius - half.Y - .8}, {X: radius + half.X + 1}, {X: -radius - half.X - 1}} {
			mid := at(i).Add(from)
			r := vg.Rectangle{Min: mid.Sub(half), Max: mid.Add(half)}
			if !c.Contains(r.Min) || !c.Contains(r.Max) || overlapsAny(r, taken) {
				continue
			}
			fillRect(c, r, paperInk.faint(190))
			c.FillText(sty, mid, name)
			taken = append(taken, r)
			break
		}
	}
}

// short is the name of a node within the column of its layer.
func (g *graphChart) short(i int) string {
	v := g.nodes[i]
	if _, rest, ok := strings.Cut(v.name, "/"); ok && strings.HasPrefix(v.name, "L") {
		return rest
	}
	return v.name
}

// columnNames labels the columns, as many as keep their distance; the first and the last before others.
type columnNames struct {
	*graphChart
	at *sheet
}

// Ticks returns the names in a range of places.
func (n columnNames) Ticks(lo, hi float64) []plot.Tick {
	names := make([]string, len(n.columns))
	for i, l := range n.columns {
		names[i] = n.layer(l)
	}
	return endsFirst(names, n.at.data.X/vg.Length(hi-lo))
}

// rowTokens labels the positions by their tokens.
type rowTokens struct {
	*graphChart
	at *sheet
}

// Ticks returns the tokens in a range of places, as many as keep their distance.
func (r rowTokens) Ticks(lo, hi float64) (ticks []plot.Tick) {
	unit := r.at.data.Y / vg.Length(hi-lo)
	if len(r.rows) == 1 && r.rows[0] < 0 { // positions are together: the tokens alone have one
		for i, v := range r.nodes {
			if v.kind == "embedding" && !math.IsNaN(r.x[i]) && v.position >= 0 && v.position < len(r.labels) {
				ticks = append(ticks, plot.Tick{Value: -r.y[i], Label: r.labels[v.position]})
			}
		}
		slices.SortFunc(ticks, func(a, b plot.Tick) int { return cmp.Compare(b.Value, a.Value) })
		return apart(ticks, unit)
	}
	top := 0.
	for k, row := range r.rows {
		high := r.high(k)
		s := ""
		if row >= 0 && row < len(r.labels) {
			s = r.labels[row]
		} else if row >= 0 {
			s = "position " + grouped(row)
		}
		ticks = append(ticks, plot.Tick{Value: -top - high/2, Label: s})
		top += high + placeGap
	}
	return apart(ticks, unit)
}

// apart leaves out ticks that are too near to the one before, in a scale of so much a unit. They fall.
func apart(ticks []plot.Tick, unit vg.Length) (out []plot.Tick) {
	for _, t := range ticks {
		if len(out) == 0 || vg.Length(out[len(out)-1].Value-t.Value)*unit >= tickSize*1.05 {
			out = append(out, t)
		}
	}
	return out
}
