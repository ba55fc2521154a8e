package plotting

import (
	"cmp"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
)

// An endLabel names a line at its right end, in place of a legend.
type endLabel struct {
	name string
	at   float64 // the line's last value
	ink  color.NRGBA
}

// endGap is the distance from the data to the labels, endMost the longest label as a part of the figure's width.
const (
	endGap  = vg.Length(5)
	endMost = vg.Length(0.3)
)

// endLead is the least distance of two labels.
const endLead = tickSize * 1.3

// endRoom is the width that labels need right of the data, within a figure of a width.
func endRoom(labels []endLabel, width vg.Length) (w vg.Length) {
	for _, l := range labels {
		w = max(w, bold(tickSize).width(oneLine(bold(tickSize), l.name, width*endMost)))
	}
	return w + endGap
}

// drawEndLabels writes the names beside the right edge of the frame, each as near to its line as the others allow.
func drawEndLabels(c canvas, f frame, labels []endLabel, width vg.Length) {
	at := make([]vg.Length, len(labels))
	for i, l := range labels {
		at[i] = f.y(l.at)
	}
	face := bold(tickSize)
	for i, y := range spaced(at, endLead, f.data.Min.Y, f.data.Max.Y) {
		p := vg.Point{X: f.data.Max.X + endGap, Y: y - tickSize*capHeight/2}
		c.text(face, oneLine(face, labels[i].name, width*endMost), p, start, 0, labels[i].ink)
	}
}

// spaced returns places in the order of at, at least gap apart and within lo to hi where there is room, so that the sum
// of the squared ways is least: neighbors that collide become a block, which stands around the mean of its wishes (the
// pool adjacent violators of isotonic regression; Barlow et al. 1972).
func spaced(at []vg.Length, gap, lo, hi vg.Length) []vg.Length {
	order := make([]int, len(at))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(at[i], at[j]) })
	type block struct {
		sum vg.Length // of the wishes less their offsets in the block
		n   int
	}
	first := func(b block) vg.Length { // where the lowest of a block stands
		return max(lo, min(b.sum/vg.Length(b.n), hi-gap*vg.Length(b.n-1)))
	}
	var blocks []block
	for _, i := range order {
		blocks = append(blocks, block{at[i], 1})
		for k := len(blocks) - 1; k > 0; k-- {
			a, b := blocks[k-1], blocks[k]
			if first(a)+gap*vg.Length(a.n) <= first(b) {
				break
			}
			blocks[k-1] = block{a.sum + b.sum - gap*vg.Length(a.n*b.n), a.n + b.n}
			blocks = blocks[:k]
		}
	}
	out, next := make([]vg.Length, len(at)), 0
	for _, b := range blocks {
		for k := range b.n {
			out[order[next]] = first(b) + gap*vg.Length(k)
			next++
		}
	}
	return out
}
