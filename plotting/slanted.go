package plotting

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A slantedAxis is a horizontal axis of names, of tokens or circuits, written at 45°.
type slantedAxis struct {
	face  typeface
	ticks []plot.Tick // of the places that are labeled
	all   bool        // every place is labeled
}

// smallestName is the least size of a label; below it places are left out instead.
const smallestName = vg.Length(6.5)

// slant is the angle of the labels; lines at this angle are pitch·sin(slant) apart.
const slant = math.Pi / 4

// lineHeight is the height of a line of names as a fraction of its size, from descender to capital.
const lineHeight = capHeight + descent

// newSlantedAxis labels every place whose neighbors are pitch apart, in a smaller size where they are close. Where that
// is not enough it labels the places asked for, and every k-th that keeps its distance. Labels never overlap.
func newSlantedAxis(f font.Font, labels []string, pitch vg.Length, ask []int) slantedAxis {
	size := min(tickSize, max(smallestName, pitch*vg.Length(math.Sin(slant))/lineHeight))
	room := size * lineHeight / vg.Length(math.Sin(slant)) * 0.999 // rounding must not cost every second label
	k := stride(pitch, room)
	a := slantedAxis{face: face(font.From(f, size)), all: k == 1}
	var taken []int
	label := func(i int) {
		for _, j := range taken {
			if vg.Length(max(i-j, j-i))*pitch < room {
				return
			}
		}
		taken = append(taken, i)
		a.ticks = append(a.ticks, plot.Tick{Value: float64(i), Label: labels[i]})
	}
	for _, i := range ask {
		label(i)
	}
	for i := 0; i < len(labels); i += k {
		label(i)
	}
	return a
}

// height returns what the labels need below the data.
func (a slantedAxis) height() vg.Length {
	return tickGap + (widest(a.face, a.ticks)+a.face.size*capHeight)*vg.Length(math.Sin(slant))
}

// slantedNames labels the places of an axis by their names.
type slantedNames struct {
	font  font.Font
	names func() []string
	ask   []int // the places to label before others
	at    *sheet
}

// on styles an axis and labels it.
func (n slantedNames) on(a *plot.Axis) {
	a.Tick.Label.Font, a.Tick.Label.Color = font.From(n.font, tickSize), textInk
	a.Tick.Label.Rotation, a.Tick.Label.XAlign, a.Tick.Label.YAlign = slant, draw.XRight, draw.YCenter
	a.Tick.Marker = n
}

func (n slantedNames) axis(lo, hi float64) slantedAxis {
	return newSlantedAxis(n.font, n.names(), n.at.data.X/vg.Length(hi-lo), n.ask)
}

// Ticks returns the labels for a range of places.
func (n slantedNames) Ticks(lo, hi float64) []plot.Tick { return n.axis(lo, hi).ticks }

// fit sets the size of the labels. Where some are left out, a mark shows which column a label belongs to.
func (n slantedNames) fit(a *plot.Axis) (reach vg.Length) {
	x := n.axis(a.Min, a.Max)
	a.Tick.Label.Font.Size = x.face.size
	if a.Tick.Length, a.Padding = 0, tickGap; !x.all {
		a.Tick.Length, a.Padding = tickGap, 0
	}
	for _, k := range x.ticks {
		if place := a.Norm(k.Value); place >= 0 && place <= 1 {
			reach = max(reach, x.face.width(k.Label)*vg.Length(math.Cos(slant))-vg.Length(place)*n.at.data.X)
		}
	}
	return reach
}
