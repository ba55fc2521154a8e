package plotting

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func (f *flowChart) size() (w, h vg.Length) { return 6.5 * vg.Inch, 2.6 * vg.Inch }

// flowBar is how opaque a bar is, and flowNumber the color of the number below or in it.
const flowBar = 150

var flowNumber = textInk

// barPart is the part of the height that bars have, below the arcs.
const barPart = .32

// plot draws arcs above the axis and bars below it, which have their own scale.
func (f *flowChart) plot(at *sheet) *plot.Plot {
	p := newPlot("Layer", "")
	p.Add(arcs{f})
	p.X.Min, p.X.Max = -.5, float64(len(f.through))-.5
	p.Y.Min, p.Y.Max = -barPart, 1-barPart
	p.X.Tick.Marker = placeNames{f, at}
	top := f.top()
	p.Y.Tick.Marker = plot.ConstantTicks{{Value: 0, Label: "0"}, {Value: -barPart * .94, Label: part(top)}}
	return p
}

// top is the end of the scale of bars.
func (f *flowChart) top() float64 {
	most := 0.
	for i, v := range f.through {
		if f.between(i) {
			most = max(most, v)
		}
	}
	if most == 0 {
		return 1
	}
	return min(1, math.Ceil(most*10-1e-9)/10)
}

// arcs plots the flows and the bars.
type arcs struct{ *flowChart }

// Plot draws them, the smallest flow first.
func (a arcs) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	base, pitch := trY(0), trX(1)-trX(0)
	c.StrokeLine2(draw.LineStyle{Color: mutedInk, Width: .8}, c.Min.X, base, c.Max.X, base)
	widest := 1
	for _, f := range a.flows {
		widest = max(widest, f.to-f.from)
	}
	most := 0.
	if len(a.flows) > 0 {
		most = a.flows[0].share
	}
	thick := min(pitch*.8, (c.Max.Y-base)*.22, 16) // of the largest flow
	room := c.Max.Y - base - thick/2 - 2
	for _, f := range slices.Backward(a.flows) {
		if f.share < most/400 || f.share == 0 {
			continue
		}
		size := vg.Length(f.share / most)
		s := draw.LineStyle{Color: amountInk(.25+.75*math.Sqrt(float64(size)), 1).faint(215), Width: max(thick*size, .5)}
		from, to := trX(float64(f.from)), trX(float64(f.to))
		if from == to {
			half := pitch * .16
			bow(c, s, from-half, from+half, base, min(room, pitch*.5))
			continue
		}
		bow(c, s, from, to, base, room*vg.Length(math.Pow(float64(f.to-f.from)/float64(widest), .7)))
	}
	top := a.top()
	for i, v := range a.through {
		if v <= 0 || !a.between(i) {
			continue
		}
		x, low := trX(float64(i)), trY(-barPart*.94*v/top)
		fillRect(c, vg.Rectangle{Min: vg.Point{X: x - pitch*.32, Y: low}, Max: vg.Point{X: x + pitch*.32, Y: base - .4}}, mutedInk.faint(flowBar))
		sty := style(sansFont, tickSize-1, flowNumber)
		sty.XAlign, sty.YAlign = draw.XCenter, draw.YTop
		if s := part(v); sty.Width(s)+3 <= pitch && c.ContainsX(x) {
			if low-tickSize-2 < c.Min.Y {
				sty.YAlign, low = draw.YBottom, low+4 // in the bar, which is pale enough for it
			}
			c.FillText(sty, vg.Point{X: x, Y: low - 2}, s)
		}
	}
}

// bow strokes an arc above a line.
func bow(c draw.Canvas, s draw.LineStyle, from, to, base, high vg.Length) {
	if !c.ContainsX(from) || !c.ContainsX(to) || !c.ContainsY(base) {
		return
	}
	var p vg.Path
	p.Move(vg.Point{X: from, Y: base})
	up := high * 4 / 3 // where the curve's middle is as high as asked for
	p.CubeTo(vg.Point{X: from, Y: base + up}, vg.Point{X: to, Y: base + up}, vg.Point{X: to, Y: base})
	c.SetLineStyle(s)
	c.Stroke(p)
}

// placeNames labels the layers, as many as keep their distance, and both ends.
type placeNames struct {
	*flowChart
	at *sheet
}

// Ticks returns the names in a range of places.
func (n placeNames) Ticks(lo, hi float64) []plot.Tick {
	names := make([]string, len(n.through))
	for i := range names {
		names[i] = n.layer(n.first + i)
	}
	return endsFirst(names, n.at.data.X/vg.Length(hi-lo))
}

// endsFirst labels places that are so far apart: the first, the last, and of the others every k-th where they keep their distance.
func endsFirst(names []string, pitch vg.Length) (ticks []plot.Tick) {
	f := sans(tickSize)
	type label struct{ from, to vg.Length }
	var taken []label
	add := func(i int) {
		x, half := pitch*vg.Length(i), f.width(names[i])/2+2
		if !slices.ContainsFunc(taken, func(l label) bool { return x-half < l.to && x+half > l.from }) {
			taken = append(taken, label{x - half, x + half})
			ticks = append(ticks, plot.Tick{Value: float64(i), Label: names[i]})
		}
	}
	add(0)
	if last := len(names) - 1; last > 0 {
		add(last)
		w := vg.Length(0)
		for _, s := range names[1:last] {
			w = max(w, f.width(s)+4)
		}
		k := stride(pitch, w)
		for i := range names[:last] {
			if i > 0 && ((i-1)%k == 0) {
				add(i)
			}
		}
	}
	return ticks
}
