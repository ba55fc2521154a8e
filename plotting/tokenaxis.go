package plotting

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A tokenAxis is a horizontal axis of tokens, written at 45° in a face of equal widths.
type tokenAxis struct {
	face  typeface
	ticks []plot.Tick // of the tokens that are labeled
	all   bool        // every token is labeled
}

// smallestToken is the least size of a token label; below it tokens are left out instead.
const smallestToken = vg.Length(6.5)

// slant is the angle of the labels; lines at this angle are pitch·sin(slant) apart.
const slant = math.Pi / 4

// newTokenAxis labels every token whose neighbors are pitch apart, in a smaller size where they are close. Where that
// is not enough it labels the tokens asked for, and every k-th that keeps its distance. Labels never overlap.
func newTokenAxis(labels []string, pitch vg.Length, ask []int) tokenAxis {
	size := min(tickSize, max(smallestToken, pitch*vg.Length(math.Sin(slant))/lineHeight))
	room := size * lineHeight / vg.Length(math.Sin(slant)) * 0.999 // rounding must not cost every second label
	k := stride(pitch, room)
	a := tokenAxis{face: mono(size), all: k == 1}
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

// lineHeight is the height of a line of tokens as a fraction of its size, from descender to capital.
const lineHeight = capHeight + descent

// room returns what the labels need below the data.
func (a tokenAxis) room() vg.Length {
	return tickGap + (widest(a.face, a.ticks)+a.face.size*capHeight)*vg.Length(math.Sin(slant))
}

// tokenTicks labels the places of tokens.
type tokenTicks struct {
	labels []string
	ask    []int
	at     *sheet
}

// axis returns the labels for a range of places.
func (t tokenTicks) axis(lo, hi float64) tokenAxis {
	return newTokenAxis(t.labels, t.at.data.X/vg.Length(hi-lo), t.ask)
}

// Ticks returns the labels of a range.
func (t tokenTicks) Ticks(lo, hi float64) []plot.Tick { return t.axis(lo, hi).ticks }

// style turns the labels of an axis; each ends under the middle of its column.
func (t tokenTicks) style(a *plot.Axis) { slanted(a, monoFont) }

// fit sets the size of the labels. Where some are left out, a mark shows which column a label belongs to.
func (t tokenTicks) fit(a *plot.Axis) {
	x := t.axis(a.Min, a.Max)
	a.Tick.Label.Font.Size = x.face.size
	if a.Tick.Length, a.Padding = 0, tickGap; !x.all {
		a.Tick.Length, a.Padding = tickGap, 0
	}
}

// reach is how far labels reach beyond the left edge of the data.
func (t tokenTicks) reach(a plot.Axis) vg.Length { return leftward(a, t, t.at) }

// leftward is how far slanted labels reach beyond the left edge of the data.
func leftward(a plot.Axis, t plot.Ticker, at *sheet) (w vg.Length) {
	for _, k := range t.Ticks(a.Min, a.Max) {
		if x := a.Norm(k.Value); x >= 0 && x <= 1 {
			w = max(w, a.Tick.Label.Width(k.Label)*vg.Length(math.Cos(slant))-vg.Length(x)*at.data.X)
		}
	}
	return w
}

// slanted writes the labels of an axis at the slant, from below to the middle of the place that they belong to.
func slanted(a *plot.Axis, f font.Font) {
	a.Tick.Label.Font, a.Tick.Label.Color = font.From(f, tickSize), textInk
	a.Tick.Label.Rotation, a.Tick.Label.XAlign, a.Tick.Label.YAlign = slant, draw.XRight, draw.YCenter
}
