package plotting

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// An endLabel names a line at its right end, in place of a legend.
type endLabel struct {
	name string
	y    float64 // the line's last value
	ink  ink
}

// endLabels plots the names beside the right edge of the data, each as near to its line as the others allow.
type endLabels struct {
	labels []endLabel
	at     *sheet
}

// endGap is the distance from the data to the labels, endMost the longest label as a part of the figure's width.
const (
	endGap  = vg.Length(5)
	endMost = vg.Length(0.3)
)

// endLead is the least distance of two labels.
const endLead = tickSize * 1.3

// names returns the labels as far as there is room for them.
func (e endLabels) names() []string {
	var all []string
	for _, l := range e.labels {
		all = append(all, l.name)
	}
	return apartNames(bold(tickSize), all, e.at.page*endMost)
}

// GlyphBoxes returns the room that the labels need right of the data.
func (e endLabels) GlyphBoxes(*plot.Plot) []plot.GlyphBox {
	w := vg.Length(0)
	for _, name := range e.names() {
		w = max(w, bold(tickSize).width(name))
	}
	return []plot.GlyphBox{{X: 1, Rectangle: vg.Rectangle{Max: vg.Point{X: endGap + w}}}}
}

// Plot writes the names.
func (e endLabels) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	wish := make([]vg.Length, len(e.labels))
	for i, l := range e.labels {
		wish[i] = y(l.y)
	}
	names := e.names()
	for i, y := range spaced(wish, endLead, c.Min.Y, c.Max.Y) {
		sty := style(boldFont, tickSize, e.labels[i].ink)
		sty.YAlign = draw.YCenter
		c.FillText(sty, vg.Point{X: c.Max.X + endGap, Y: y}, names[i])
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
