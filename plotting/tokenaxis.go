package plotting

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// A tokenAxis is a horizontal axis of tokens, written at 45° in a face of equal widths.
type tokenAxis struct {
	face  typeface
	ticks []tick // of the tokens that are labeled
	all   bool   // every token is labeled
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
		a.ticks = append(a.ticks, tick{float64(i), labels[i]})
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

// overhang is how far the labels reach beyond the left edge of the data, which is where token 0 begins.
func (a tokenAxis) overhang(pitch vg.Length) (w vg.Length) {
	for _, t := range a.ticks {
		reach := a.face.width(t.label) * vg.Length(math.Cos(slant))
		w = max(w, reach-(vg.Length(t.value)+0.5)*pitch)
	}
	return w
}

// draw writes the labels; they end under the middle of their columns. Where some are left out, a mark on the edge
// shows which column a label belongs to.
func (a tokenAxis) draw(c canvas, t theme, f frame) {
	for _, k := range a.ticks {
		x, y := f.x(k.value), f.data.Min.Y
		if !a.all {
			c.line(vg.Point{X: x, Y: y}, vg.Point{X: x, Y: y - 2.5}, 0.5, t.muted)
		}
		// The end of the line's middle height, not of its baseline, lies under the column.
		h := a.face.size * capHeight / 2 * vg.Length(math.Sin(slant))
		at := vg.Point{X: x + h, Y: y - tickGap - h}
		c.text(a.face, k.label, at, end, slant, t.ink)
	}
}
