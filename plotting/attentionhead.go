package plotting

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// AttentionHead describes a figure of what one head attends to: queries down, keys across, each cell the share of the query's
// attention that the key gets. What lies after a query cannot be attended to and is left blank. x is asked for its numbers once, when
// the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func AttentionHead(x Attending, head int) *Figure {
	const where = "plotting.AttentionHead"
	return newFigure(where, func() (chart, error) {
		a, err := newAttending(where, x)
		if err != nil {
			return nil, err
		}
		if head < 0 || head >= len(a.p) {
			return nil, problemf(ErrRange, where, "heads are counted from 0", "head %d of %d", head, len(a.p))
		}
		return &headChart{a, head}, nil
	})
}

// headChart is the checked data of an AttentionHead figure.
type headChart struct {
	*attending
	head int
}

// title says where the head looks, or what the last token reads.
func (h *headChart) title() string {
	last := len(h.labels) - 1
	key, share := h.read(h.head, last)
	if last < 2 {
		return fmt.Sprintf("Head %d reads “%s” at “%s”, %s of its attention", h.head, h.labels[key], h.labels[last], part(share))
	}
	b := h.habit(h.head)
	if b.share < habitual {
		return fmt.Sprintf("Head %d has no fixed place; at “%s” it reads “%s”, %s of its attention", h.head, h.labels[last], h.labels[key], part(share))
	}
	var s strings.Builder
	fmt.Fprintf(&s, "Head %d looks at %s, %s of its attention", h.head, b.what, part(b.share))
	for _, x := range habits {
		if x.what == b.what && x.key(last) != key {
			fmt.Fprintf(&s, "; at “%s” it reads “%s”, %s", h.labels[last], h.labels[key], part(share))
		}
	}
	return s.String()
}

func (h *headChart) subtitle() string {
	return h.source.subtitle(fmt.Sprintf("attention pattern, n = %s; queries down, keys across", count(len(h.labels), "token")))
}

// alt tells what the last queries read.
func (h *headChart) alt() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Attention pattern of head %d, %s, queries down and keys across. %s.", h.head, count(len(h.labels), "token"), h.title())
	for q := max(0, len(h.labels)-3); q < len(h.labels); q++ {
		key, share := h.read(h.head, q)
		fmt.Fprintf(&s, " Token %d, “%s”, reads token %d, “%s”, most: %s.", q+1, h.labels[q], key+1, h.labels[key], part(share))
	}
	return s.String()
}

func (h *headChart) size() (w, height vg.Length) {
	n := vg.Length(len(h.labels))
	side := min(max(22*n, 90), 300)
	left := vg.Length(0)
	for _, s := range h.labels {
		left = max(left, mono().width(s))
	}
	w = 2*margin + left + tickGap + nameRoom + side + 75
	return min(max(w, 3.6*vg.Inch), 6.5*vg.Inch), side + newSlantedAxis(monoFont, h.labels, side/n, nil).height() + nameRoom
}

func (h *headChart) plot(at *sheet) *plot.Plot {
	p := newPlot("Key: what is read", "Query")
	p.Add(patterns{[][][]float64{h.p[h.head]}, 1, nil}, colorBar{hi: 1, color: func(v float64) ink { return amountInk(v, 1) }, name: "Attention", at: at})
	slantedNames{monoFont, func() []string { return h.labels }, []int{len(h.labels) - 1}, at}.on(&p.X)
	p.Y.Tick.Label.Font, p.Y.Tick.Label.Color = monoFont, textInk
	p.Y.Tick.Label.Font.Size = tickSize
	p.Y.Tick.Marker = queries{h.labels, at}
	return p
}

// queries labels rows by their tokens, from the top.
type queries struct {
	labels []string
	at     *sheet
}

// Ticks returns the tokens in a range of places, as many as keep their distance, the last before others.
func (r queries) Ticks(lo, hi float64) (ticks []plot.Tick) {
	unit := r.at.data.Y / vg.Length(hi-lo)
	k := stride(unit, tickSize*1.05)
	last := len(r.labels) - 1
	for i, s := range r.labels {
		if (last-i)%k == 0 {
			ticks = append(ticks, plot.Tick{Value: -float64(i), Label: s})
		}
	}
	return ticks
}

// patterns plots square matrices of shares side by side, in rows of so many, the first at the top left: query q and key k of the first
// stand at x = k, y = −q. Of several the distance is one and a half squares' gap in the middle of a common scale.
type patterns struct {
	p    [][][]float64 // [H][T][T]
	cols int
	head func(i int) string // what stands above each; nil: nothing
}

// headRoom and patternGap are the room above a pattern and beside it, as parts of its side.
const (
	headRoom   = .17
	patternGap = .09
)

// corner returns where the first cell of a pattern has its upper left corner.
func (m patterns) corner(i int) (x, y float64) {
	n := float64(len(m.p[0]))
	above := 0.
	if m.head != nil {
		above = headRoom * n
	}
	return -.5 + float64(i%m.cols)*n*(1+patternGap), .5 - float64(i/m.cols)*(n*(1+patternGap)+above) - above
}

// DataRange returns the places of the cells.
func (m patterns) DataRange() (xmin, xmax, ymin, ymax float64) {
	n := float64(len(m.p[0]))
	right, _ := m.corner(min(m.cols, len(m.p)) - 1)
	_, low := m.corner(len(m.p) - 1)
	return -.5, right + n, low - n, .5
}

// Plot fills the cells up to each query's own, and prints shares where all cells have room for them.
func (m patterns) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	sty := style(sansFont, tickSize-1, textInk)
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	roomy := m.head == nil && sty.Width(".00")+4 <= trX(1)-trX(0) && sty.Font.Size*1.2 <= trY(1)-trY(0)
	for i, rows := range m.p {
		left, top := m.corner(i)
		if m.head != nil {
			name := style(sansFont, tickSize-1, textInk)
			name.YAlign = draw.YBottom
			if at := (vg.Point{X: trX(left), Y: trY(top) + 2.5}); c.Contains(at) {
				var label string
				name.Font.Size, label = fitted(name, m.head(i), trX(left+float64(len(rows)))-trX(left))
				c.FillText(name, at, label)
			}
		}
		for q, row := range rows {
			for k := 0; k <= q; {
				fill, from := amountInk(row[k], 1), k
				for k <= q && amountInk(row[k], 1) == fill {
					k++
				}
				low := vg.Point{X: trX(left + float64(from)), Y: trY(top - float64(q) - 1)}
				high := vg.Point{X: trX(left + float64(k)), Y: trY(top - float64(q))}
				fillRect(c, vg.Rectangle{Min: low, Max: vg.Point{X: high.X + seam, Y: high.Y + seam}}, fill)
			}
			for k := range q + 1 {
				if at := (vg.Point{X: trX(left + float64(k) + .5), Y: trY(top - float64(q) - .5)}); roomy && row[k] >= .05 && c.Contains(at) {
					sty.Color = amountInk(row[k], 1).text()
					c.FillText(sty, at, cellShare(row[k]))
				}
			}
		}
		m.frame(c, trX, trY, left, top, len(rows))
	}
}

// frame draws the steps above the diagonal and the sides, so that pale cells have an edge.
func (m patterns) frame(c draw.Canvas, trX, trY func(float64) vg.Length, left, top float64, n int) {
	pts := []vg.Point{{X: trX(left), Y: trY(top)}}
	step := max(1, n/60) // finer steps are not seen
	for q := 0; q < n; q += step {
		to := float64(min(q+step, n))
		pts = append(pts, vg.Point{X: trX(left + to), Y: trY(top - float64(q))}, vg.Point{X: trX(left + to), Y: trY(top - to)})
	}
	pts = append(pts, vg.Point{X: trX(left), Y: trY(top - float64(n))}, pts[0])
	c.StrokeLines(draw.LineStyle{Color: mutedInk.faint(120), Width: .5}, c.ClipLinesXY(pts)...)
}
