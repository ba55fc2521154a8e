package plotting

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// randomRow names the row of what chance gives.
const randomRow = "random, same layers"

// Sizes of the matrix: the white between cells, the widest name of a circuit.
const (
	cellGap  = vg.Length(1.5)
	nameMost = vg.Length(120)
)

// row is the height of a row of n circuits, before any size is asked for.
func (o *overlapChart) row() vg.Length {
	return min(max(250/vg.Length(len(o.names)+1), 12), 27)
}

// labels returns the names that fit a room, those of the circuits and of the random row.
func (o *overlapChart) labels(room vg.Length) []string {
	return apartNames(sans(tickSize), append(slices.Clone(o.names), randomRow), room)
}

// oneLine shortens a text to a room, with an ellipsis where something is missing.
func oneLine(f typeface, text string, room vg.Length) string {
	lines := wrap(f, text, room, 1)
	if len(lines) == 0 {
		return ""
	}
	return lines[0]
}

func (o *overlapChart) size() (w, h vg.Length) {
	n := vg.Length(len(o.names))
	labels, left := o.labels(nameMost), vg.Length(0)
	for _, s := range labels {
		left = max(left, sans(tickSize).width(s))
	}
	w = 2*margin + left + tickGap + n*46 + barGap + barWidth + barTickGap + sans(tickSize).width("0.00") + nameRoom
	w = min(max(w, 4.4*vg.Inch), 6.5*vg.Inch)
	return w, (n+1)*o.row() + newSlantedAxis(sansFont, labels[:len(o.names)], w, nil).height()
}

// limit is the end of the color scale: a round number that no overlap exceeds, and not so small that a little overlap
// looks like much.
func (o *overlapChart) limit() float64 {
	most := 0.2
	for i := range o.z {
		if v := o.chance[i][i]; v > most {
			most = v
		}
		for j := range i {
			most = max(most, o.z[i][j])
		}
	}
	return min(math.Ceil(most*10-1e-9)/10, 1)
}

func (o *overlapChart) plot(at *sheet) *plot.Plot {
	p := newPlot("", "")
	limit := o.limit()
	p.Add(
		overlapCells{o, limit},
		randomName{o, at},
		colorBar{hi: limit, color: func(v float64) ink { return amountInk(v, limit) }, name: "Jaccard index", at: at},
	)
	p.Y.Tick.Label.Color = textInk
	slantedNames{sansFont, func() []string { return o.shown(at)[:len(o.names)] }, nil, at}.on(&p.X)
	p.Y.Tick.Marker = rowNames{o, at}
	return p
}

// shown returns the names as far as there is room for them.
func (o *overlapChart) shown(at *sheet) []string { return o.labels(min(nameMost, at.page*0.35)) }

// overlapCells plots the triangle, its diagonal and the random row, with the values where all cells have room for them.
// Column j stands at j, row i at −i.
type overlapCells struct {
	*overlapChart
	limit float64
}

// DataRange returns the places of the cells.
func (o overlapCells) DataRange() (xmin, xmax, ymin, ymax float64) {
	n := float64(len(o.names))
	return -0.5, n - 0.5, -n - 0.5, 0.5
}

// Plot fills the cells.
func (o overlapCells) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	sty := style(sansFont, tickSize, textInk)
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	pitch, height := trX(1)-trX(0), trY(1)-trY(0)
	fits := func(s string) bool { return sty.Width(s)+3 <= pitch-cellGap && tickSize*1.2 <= height-cellGap }
	roomy := fits(".00")
	gap := min(cellGap, pitch/8, height/8) / 2 // on each side
	for row := range len(o.names) + 1 {
		for col := range min(row+1, len(o.names)) {
			label, fill := o.cell(row, col, o.limit)
			if row == col && !fits(label) {
				label = fmt.Sprint(o.sizes[row])
			}
			x, y := float64(col), -float64(row)
			fillRect(c, vg.Rectangle{
				Min: vg.Point{X: trX(x-0.5) + gap, Y: trY(y-0.5) + gap},
				Max: vg.Point{X: trX(x+0.5) - gap, Y: trY(y+0.5) - gap},
			}, fill)
			if at := (vg.Point{X: trX(x), Y: trY(y)}); roomy && fits(label) && c.Contains(at) {
				sty.Color = fill.text()
				c.FillText(sty, at, label)
			}
		}
	}
}

// cell returns what a cell says and its color.
func (o *overlapChart) cell(row, col int, limit float64) (string, ink) {
	v := o.z[min(row, len(o.names)-1)][col]
	switch {
	case row == col:
		return fmt.Sprintf("n=%d", o.sizes[row]), gridInk
	case row == len(o.names):
		v = o.chance[col][col]
	}
	if math.IsNaN(v) {
		return cellShare(v), gridInk
	}
	return cellShare(v), amountInk(v, limit)
}

// rowNames labels the rows of the circuits, as many as keep their distance.
type rowNames struct {
	*overlapChart
	at *sheet
}

// Ticks returns the names in a range of places.
func (r rowNames) Ticks(lo, hi float64) (ticks []plot.Tick) {
	every := stride(r.at.data.Y/vg.Length(hi-lo), tickSize*1.1)
	for i, s := range r.shown(r.at)[:len(r.names)] {
		if i%every == 0 && i+every <= len(r.names) {
			ticks = append(ticks, plot.Tick{Value: -float64(i), Label: s})
		}
	}
	return ticks
}

// fit returns what the name of the random row needs, which is not on the axis.
func (r rowNames) fit(*plot.Axis) vg.Length {
	return sans(tickSize).width(r.shown(r.at)[len(r.names)]) + tickGap
}

// randomName plots the name of the random row, gray as whatever chance gives.
type randomName struct {
	*overlapChart
	at *sheet
}

// Plot writes the name left of its row.
func (r randomName) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	at := vg.Point{X: c.Min.X - tickGap, Y: y(-float64(len(r.names)))}
	if c.ContainsY(at.Y) {
		sty := style(sansFont, tickSize, mutedInk)
		sty.XAlign, sty.YAlign = draw.XRight, draw.YCenter
		c.FillText(sty, at, r.shown(r.at)[len(r.names)])
	}
}
