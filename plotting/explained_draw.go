package plotting

import (
	"fmt"

	"gonum.org/v1/plot/vg"
)

func (s *spanChart) size() (w, h vg.Length) { return 6.5 * vg.Inch, 2.3 * vg.Inch }

func (s *spanChart) legend(theme) []key { return nil } // lines are named at their ends

// extent returns the most neurons of a curve and the end of the vertical axis: 1, or a round number where all stay below.
func (s *spanChart) extent() (k int, top float64) {
	for _, v := range s.all() {
		k = max(k, len(v)-1)
		for _, r := range v {
			top = max(top, r)
		}
	}
	for _, round := range []float64{0.1, 0.2, 0.4, 0.6, 0.8} {
		if top <= round {
			return k, round
		}
	}
	return k, 1
}

// all returns every curve that is drawn.
func (s *spanChart) all() [][]float64 {
	return append(append([][]float64{}, s.curves...), s.total, s.random.mean, s.random.hi)
}

// ends returns the labels at the right: the best and the worst layer, the whole vector, the random directions.
func (s *spanChart) ends(t theme) (labels []endLabel) {
	last := func(v []float64) float64 { return v[len(v)-1] }
	best, worst := s.best(s.told())
	labels = append(labels, endLabel{fmt.Sprintf("layer %d", s.layers[best]), last(s.curves[best]), t.cat[0]})
	if worst != best {
		labels = append(labels, endLabel{fmt.Sprintf("layer %d", s.layers[worst]), last(s.curves[worst]), t.cat[0]})
	}
	if s.total != nil {
		labels = append(labels, endLabel{"all layers", last(s.total), t.ink})
	}
	if len(s.random.mean) > 0 {
		labels = append(labels, endLabel{"random", last(s.random.mean), t.muted})
	}
	return labels
}

func (s *spanChart) draw(c canvas, t theme, into vg.Rectangle) bool {
	most, top := s.extent()
	f := frame{data: into, xmax: float64(most), ymax: top}
	width, ends := into.Size().X, s.ends(t)
	ys := roundTicks(0, top, tickCount(into.Size().Y-bottomRoom))
	f.data.Min.X += leftRoom(ys)
	f.data.Max.X -= endRoom(ends, width)
	f.data.Min.Y += bottomRoom
	f.data.Max.Y -= tickSize * capHeight / 2
	if !f.fits() {
		return false
	}
	f.rules(c, t, ys)
	ks := make([]float64, most+1)
	for k := range ks {
		ks[k] = float64(k)
	}
	curve := func(v []float64) []vg.Point { return f.points(ks[:len(v)], v) }
	if n := len(s.random.mean); n > 0 {
		s.random.shade(c, f, ks[:n], faint(t.muted, 44))
	}
	best, worst := s.best(s.told())
	for i, v := range s.curves {
		if i != best && i != worst {
			c.polyline(curve(v), 0.6, faint(t.cat[0], 110))
		}
	}
	c.polyline(curve(s.random.mean), 1.4, t.muted, 4, 2)
	c.polyline(curve(s.curves[worst]), 1.4, t.cat[0])
	c.polyline(curve(s.curves[best]), 1.4, t.cat[0])
	c.polyline(curve(s.total), 2, t.ink)
	pitch := f.x(1) - f.x(0)
	f.leftAxis(c, t, ys, "R²")
	f.bottomAxis(c, t, countTicks(most+1, pitch, sans(tickSize).width(fmt.Sprint(most))+8), "Neurons, k")
	drawEndLabels(c, f, ends, width)
	return true
}
