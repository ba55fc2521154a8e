package plotting

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
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
	out := append(slices.Clone(o.names), randomRow)
	for i, name := range out {
		out[i] = oneLine(sans(tickSize), name, room)
	}
	return out
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
	labels := o.labels(nameMost)
	w = 2*margin + longest(labels) + tickGap + n*46 + colorBarRoom([]tick{{0, "0.00"}})
	w = min(max(w, 4.4*vg.Inch), 6.5*vg.Inch)
	return w, (n+1)*o.row() + slantedRoom(labels[:len(o.names)])
}

// longest returns the width of the longest label of an axis.
func longest(labels []string) (w vg.Length) {
	for _, s := range labels {
		w = max(w, sans(tickSize).width(s))
	}
	return w
}

// slantedRoom is the height that slanted labels need below the data.
func slantedRoom(labels []string) vg.Length {
	return tickGap + (longest(labels)+tickSize*capHeight)*vg.Length(math.Sin(slant))
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

func (o *overlapChart) draw(c canvas, t theme, into vg.Rectangle) bool {
	n := len(o.names)
	f := frame{data: into, xmin: -0.5, xmax: float64(n) - 0.5, ymin: -float64(n) - 0.5, ymax: 0.5}
	limit := o.limit()
	scale := roundTicks(0, limit, tickCount(into.Size().Y/2))
	f.data.Max.X -= colorBarRoom(scale)
	labels := o.labels(min(nameMost, into.Size().X*0.35))
	f.data.Min.Y += slantedRoom(labels[:n])
	left := longest(labels) + tickGap
	for range 20 { // labels below may reach farther to the left than those of the rows, the more the narrower columns are
		pitch := (f.data.Max.X - into.Min.X - left) / vg.Length(n)
		over := vg.Length(0)
		for j, s := range labels[:n] {
			over = max(over, sans(tickSize).width(s)*vg.Length(math.Cos(slant))-(vg.Length(j)+0.5)*pitch)
		}
		if over <= left+0.01 || pitch < 2 {
			break
		}
		left = over
	}
	f.data.Min.X += left
	if !f.fits() {
		return false
	}
	o.cells(c, t, f, limit)
	o.axes(c, t, f, labels)
	colorBar(c, t, f, t.amounts(), 0, limit, scale, "Jaccard index")
	return true
}

// cells fills the triangle, its diagonal and the random row, with the values where all cells have room for them.
func (o *overlapChart) cells(c canvas, t theme, f frame, limit float64) {
	face, colors := sans(tickSize), t.amounts()
	pitch, height := f.x(1)-f.x(0), f.y(1)-f.y(0)
	fits := func(s string) bool { return face.width(s)+3 <= pitch-cellGap && face.size*1.2 <= height-cellGap }
	roomy := fits(".00")
	gap := min(cellGap, pitch/8, height/8) / 2 // on each side
	for row := range len(o.names) + 1 {
		for col := range min(row+1, len(o.names)) {
			var text string
			fill := t.grid
			switch {
			case row == col:
				text = fmt.Sprintf("n=%d", o.sizes[row])
				if !fits(text) {
					text = fmt.Sprint(o.sizes[row])
				}
			case row == len(o.names):
				text = cellShare(o.chance[col][col])
				if !math.IsNaN(o.chance[col][col]) {
					fill = colors.upTo(o.chance[col][col], limit)
				}
			default:
				text, fill = cellShare(o.z[row][col]), colors.upTo(o.z[row][col], limit)
			}
			x, y := float64(col), -float64(row)
			c.rect(vg.Rectangle{
				Min: vg.Point{X: f.x(x-0.5) + gap, Y: f.y(y-0.5) + gap},
				Max: vg.Point{X: f.x(x+0.5) - gap, Y: f.y(y+0.5) - gap},
			}, fill)
			if roomy && fits(text) {
				c.text(face, text, vg.Point{X: f.x(x), Y: f.y(y) - face.size*capHeight/2}, middle, 0, t.on(fill))
			}
		}
	}
}

// axes writes the names left of the rows and below the columns, as many as keep their distance.
func (o *overlapChart) axes(c canvas, t theme, f frame, labels []string) {
	face := sans(tickSize)
	pitch, height := f.x(1)-f.x(0), f.y(1)-f.y(0)
	every := stride(height, face.size*1.1)
	for row, s := range labels {
		ink := t.ink
		if row == len(o.names) {
			ink = t.muted
		} else if row%every != 0 || row+every > len(o.names) {
			continue
		}
		c.text(face, s, vg.Point{X: f.data.Min.X - tickGap, Y: f.y(-float64(row)) - face.size*capHeight/2}, end, 0, ink)
	}
	every = stride(pitch, face.size*lineHeight/vg.Length(math.Sin(slant)))
	h := face.size * capHeight / 2 * vg.Length(math.Sin(slant))
	for col, s := range labels[:len(o.names)] {
		if col%every == 0 {
			c.text(face, s, vg.Point{X: f.x(float64(col)) + h, Y: f.data.Min.Y - tickGap - h}, end, slant, t.ink)
		}
	}
}
