package plotting

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// SymLog draws the axes of values on a scale that is linear below the typical size of a value, the median, and logarithmic beyond, on
// both sides of zero (J. B. W. Webber, A bi-symmetric log transformation, 2013), so that one huge value leaves the others seen; the name
// of the axis says so. Figures without an axis of values, e.g. a heat map, cannot be drawn so and say that.
func (f *Figure) SymLog() *Figure { g := *f; g.symlog = true; return &g }

// A valued chart has axes of values, and knows these.
type valued interface {
	values(p *plot.Plot) ([]*plot.Axis, []float64)
}

func (b *layerChart) values(p *plot.Plot) ([]*plot.Axis, []float64) {
	return []*plot.Axis{&p.Y}, slices.Concat(b.support, b.oppose)
}
func (s *scatterChart) values(p *plot.Plot) ([]*plot.Axis, []float64) {
	return []*plot.Axis{&p.X, &p.Y}, slices.Concat(s.x, s.y)
}
func (f *forestChart) values(p *plot.Plot) ([]*plot.Axis, []float64) {
	return []*plot.Axis{&p.X}, f.mean
}
func (d *doseChart) values(p *plot.Plot) (axes []*plot.Axis, all []float64) {
	if d.paneled() {
		return nil, nil
	}
	for _, c := range d.curves {
		all = append(all, c.mean...)
	}
	return []*plot.Axis{&p.Y}, all
}

// typical is the median of the sizes of what is not zero, and no less than a millionth of the largest.
func typical(values []float64, most float64) float64 {
	var sizes []float64
	for _, v := range values {
		if v != 0 {
			sizes = append(sizes, math.Abs(v))
		}
	}
	if len(sizes) == 0 {
		return most
	}
	slices.Sort(sizes)
	return min(max(sizes[len(sizes)/2], most/1e6), most)
}

// logLike gives the axes of values of a plot their scale, if that is asked for, and takes the name of the vertical one away, which
// it returns.
func (f *Figure) logLike(d drawing, p *plot.Plot) (side string, err error) {
	if !f.symlog {
		return "", nil
	}
	var axes []*plot.Axis
	var all []float64
	if v, ok := d.chart.(valued); ok {
		axes, all = v.values(p)
	}
	if len(axes) == 0 {
		return "", problemf(ErrPlot, f.where, "leave SymLog() out", "this figure has no axis of values that could be logarithmic")
	}
	for _, a := range axes {
		if l, ok := d.chart.(*layerChart); ok && l.cut() { // nothing needs to be cut off here
			a.Min, a.Max = l.extent()
		}
		most := max(math.Abs(a.Min), math.Abs(a.Max))
		s := symlog{unit: typical(all, most), most: most, up: a == &p.Y, at: d.at}
		if !(s.unit > 0) {
			continue
		}
		lo, hi := s.of(a.Min), s.of(a.Max)
		if pad := (hi - lo) * .04; a.Max > 0 {
			a.Max = s.back(hi + pad)
		}
		a.Scale, a.Tick.Marker = s, s
		if a.Label.Text += ", log-like"; s.up { // gonum would make room for it around the middle value, which is not in the middle
			side, a.Label.Text = a.Label.Text, ""
		}
	}
	return side, nil
}

// symlog is a scale and its ticks.
type symlog struct {
	unit float64 // up to which it is linear
	most float64 // the largest end of the axis by size
	up   bool    // the axis is the vertical one
	at   *sheet
}

// of is a value on the scale.
func (s symlog) of(x float64) float64 {
	return math.Copysign(math.Log10(1+math.Abs(x)/s.unit), x)
}

// back is the value at a place on the scale.
func (s symlog) back(y float64) float64 {
	return math.Copysign((math.Pow(10, math.Abs(y))-1)*s.unit, y)
}

// Normalize returns where a value stands between the ends of the axis, from 0 to 1.
func (s symlog) Normalize(lo, hi, x float64) float64 {
	return (s.of(x) - s.of(lo)) / (s.of(hi) - s.of(lo))
}

// sideRoom is the width that the name of a vertical axis takes.
const sideRoom = labelSize + 6

// writeSide writes the name of a vertical axis, from bottom to top, at the left end of a canvas.
func writeSide(c draw.Canvas, name string, sty text.Style) {
	sty.Font.Size, name = fitted(sty, name, c.Size().Y)
	sty.Rotation, sty.XAlign, sty.YAlign = math.Pi/2, draw.XCenter, draw.YTop
	c.FillText(sty, vg.Point{X: c.Min.X, Y: (c.Min.Y + c.Max.Y) / 2}, name)
}

// Ticks returns zero, powers of ten on both sides and 2 and 5 times these, as many as keep their distance.
func (s symlog) Ticks(lo, hi float64) []plot.Tick {
	length, room := s.at.data.X, sans(tickSize).width("−0.0001")+4
	if s.up {
		length, room = s.at.data.Y, tickSize*1.5
	}
	var ticks []plot.Tick
	add := func(v float64, label string) {
		for _, t := range ticks {
			if vg.Length(math.Abs(s.of(v)-s.of(t.Value))/(s.of(hi)-s.of(lo)))*length < room {
				return
			}
		}
		if v >= lo && v <= hi {
			ticks = append(ticks, plot.Tick{Value: v, Label: label})
		}
	}
	add(0, "0")
	for _, m := range []float64{1, 2, 5} {
		for e := math.Floor(math.Log10(s.unit)); e <= math.Log10(s.most)+1; e++ {
			v := m * math.Pow(10, e)
			add(v, round(v, math.Pow(10, e)))
			add(-v, round(-v, math.Pow(10, e)))
		}
	}
	return ticks
}
