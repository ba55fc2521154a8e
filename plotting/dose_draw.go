package plotting

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// fewLines is how many prompts are drawn as lines of their own.
const fewLines = 12

func (d *doseChart) size() (w, h vg.Length) { return 6.5 * vg.Inch, 2.1 * vg.Inch }

func (d *doseChart) legend(theme) []key { return nil } // lines are named at their ends

// lines reports whether prompts are drawn.
func (d *doseChart) lines() bool {
	return len(d.curves) == 1 && len(d.curves[0].prompts) > 1 && len(d.curves[0].prompts) <= fewLines
}

// extent returns the range of the multipliers and of all that is drawn.
func (d *doseChart) extent() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax, ymin, ymax = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, c := range d.curves {
		xmin, xmax = min(xmin, c.x[0]), max(xmax, c.x[len(c.x)-1])
		all := [][]float64{c.mean, c.lo, c.hi}
		if c.randoms > 0 {
			all = append(all, c.random.lo, c.random.hi)
		}
		if d.lines() {
			all = append(all, c.prompts...)
		}
		for _, v := range all {
			for _, y := range v {
				ymin, ymax = min(ymin, y), max(ymax, y)
			}
		}
	}
	return xmin, xmax, ymin, ymax
}

// padded widens a range so that lines keep off its edges; a range of one value gets some width.
func padded(lo, hi, by float64) (float64, float64) {
	pad := (hi - lo) * by
	if pad == 0 {
		pad = math.Abs(lo) / 2
	}
	if pad == 0 {
		pad = 1
	}
	return lo - pad, hi + pad
}

// ends returns the labels at the right.
func (d *doseChart) ends(t theme) (labels []endLabel) {
	for i, c := range d.curves {
		labels = append(labels, endLabel{c.name, c.mean[len(c.mean)-1], t.cat[i]})
	}
	for _, c := range d.curves {
		if c.randoms > 0 {
			return append(labels, endLabel{"random", c.random.mean[len(c.x)-1], t.muted})
		}
	}
	return labels
}

func (d *doseChart) draw(c canvas, t theme, into vg.Rectangle) bool {
	f := frame{data: into}
	f.xmin, f.xmax, f.ymin, f.ymax = d.extent()
	f.xmin, f.xmax = padded(f.xmin, f.xmax, 0.015)
	f.ymin, f.ymax = padded(f.ymin, f.ymax, 0.05)
	width, ends := into.Size().X, d.ends(t)
	ys := roundTicks(f.ymin, f.ymax, tickCount(into.Size().Y-bottomRoom))
	f.data.Min.X += leftRoom(ys)
	f.data.Max.X -= endRoom(ends, width)
	f.data.Min.Y += bottomRoom
	f.data.Max.Y -= tickSize * capHeight / 2
	if !f.fits() {
		return false
	}
	xs := d.doses(f)
	f.rules(c, t, ys)
	for _, k := range d.curves {
		if k.randoms > 0 {
			k.random.shade(c, f, k.x, faint(t.muted, 44))
			c.polyline(f.points(k.x, k.random.mean), 1.2, t.muted)
		}
	}
	for i, k := range d.curves {
		k.band.shade(c, f, k.x, faint(t.cat[i], 48))
		if d.lines() {
			for _, y := range k.prompts {
				c.polyline(f.points(k.x, y), 0.5, faint(t.cat[i], 120))
			}
		}
	}
	d.unsteered(c, t, f)
	for i, k := range d.curves {
		points := f.points(k.x, k.mean)
		c.polyline(points, 1.6, t.cat[i])
		for _, at := range points { // what was measured
			c.dot(at, 1.9, t.cat[i])
		}
	}
	f.leftAxis(c, t, ys, d.named("Response"))
	f.bottomAxis(c, t, xs, "Multiplier")
	drawEndLabels(c, f, ends, width)
	return true
}

// doses labels the multipliers that were measured where their labels keep their distance, and round numbers elsewhere.
func (d *doseChart) doses(f frame) []tick {
	var at []float64
	for _, c := range d.curves {
		at = append(at, c.x...)
	}
	slices.Sort(at)
	face, end, ticks := sans(tickSize), vg.Length(math.Inf(-1)), []tick(nil)
	for _, x := range slices.Compact(at) {
		label := multiplier(x)
		half := face.width(label) / 2
		if f.x(x)-half < end {
			return roundTicks(f.xmin, f.xmax, max(2, min(10, int(f.data.Size().X/24))))
		}
		ticks, end = append(ticks, tick{x, label}), f.x(x)+half+4
	}
	return ticks
}

// unsteered marks the multiplier 1 by a dashed line, named where the fewest lines pass.
func (d *doseChart) unsteered(c canvas, t theme, f frame) {
	if f.xmin > 1 || f.xmax < 1 {
		return
	}
	x := f.x(1)
	c.polyline([]vg.Point{{X: x, Y: f.data.Min.Y}, {X: x, Y: f.data.Max.Y}}, 0.8, t.muted, 2, 2)
	const name = "unsteered (×1)"
	face := sans(tickSize)
	w, h := face.width(name), tickSize*1.4
	best, most := vg.Rectangle{}, vg.Length(math.Inf(-1))
	for _, left := range []vg.Length{x + 4, x - 4 - w} {
		for _, low := range []vg.Length{f.data.Min.Y + 2, f.data.Max.Y - h} {
			r := vg.Rectangle{Min: vg.Point{X: left, Y: low}, Max: vg.Point{X: left + w, Y: low + h}}
			if r.Min.X < f.data.Min.X || r.Max.X > f.data.Max.X {
				continue
			}
			if free := d.clearance(f, r); free > most {
				best, most = r, free
			}
		}
	}
	if most > vg.Length(math.Inf(-1)) {
		c.text(face, name, vg.Point{X: best.Min.X, Y: best.Min.Y + (h-tickSize*capHeight)/2}, start, 0, t.muted)
	}
}

// clearance is how far the nearest line stays above or below a rectangle, at most 12; below zero it passes through.
func (d *doseChart) clearance(f frame, r vg.Rectangle) vg.Length {
	free := vg.Length(12)
	near := func(x, y []float64) {
		points := f.points(x, y)
		for i := 1; i < len(points); i++ {
			a, b := points[i-1], points[i]
			lo, hi := max(a.X, r.Min.X), min(b.X, r.Max.X)
			if lo > hi || a.X == b.X {
				continue
			}
			slope := (b.Y - a.Y) / (b.X - a.X)
			for _, y := range []vg.Length{a.Y + (lo-a.X)*slope, a.Y + (hi-a.X)*slope} {
				free = min(free, max(r.Min.Y-y, y-r.Max.Y))
			}
			if y, z := a.Y+(lo-a.X)*slope, a.Y+(hi-a.X)*slope; (y < r.Min.Y) != (z < r.Min.Y) {
				free = min(free, -1)
			}
		}
	}
	near([]float64{f.xmin, f.xmax}, []float64{0, 0}) // the rule at zero
	for _, c := range d.curves {
		near(c.x, c.mean)
		near(c.x, c.lo)
		near(c.x, c.hi)
		if c.randoms > 0 {
			near(c.x, c.random.lo)
			near(c.x, c.random.hi)
		}
		if d.lines() {
			for _, y := range c.prompts {
				near(c.x, y)
			}
		}
	}
	return free
}
