package plotting

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

func (s *spanChart) size() (w, h vg.Length) { return 6.5 * vg.Inch, 2.3 * vg.Inch }

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
func (s *spanChart) ends() (labels []endLabel) {
	last := func(v []float64) float64 { return v[len(v)-1] }
	best, worst := s.best(s.told())
	labels = append(labels, endLabel{fmt.Sprintf("layer %d", s.layers[best]), last(s.curves[best]), lineInk(0)})
	if worst != best {
		labels = append(labels, endLabel{fmt.Sprintf("layer %d", s.layers[worst]), last(s.curves[worst]), lineInk(0)})
	}
	if s.total != nil {
		labels = append(labels, endLabel{"all layers", last(s.total), textInk})
	}
	if len(s.random.mean) > 0 {
		labels = append(labels, endLabel{"random", last(s.random.mean), mutedInk})
	}
	return labels
}

// plot draws the random directions first, then the layers in between, and on top what is named at its end.
func (s *spanChart) plot(at *sheet) *plot.Plot {
	p := newPlot("Neurons, k", "R²")
	most, top := s.extent()
	ks := make([]float64, most+1)
	for k := range ks {
		ks[k] = float64(k)
	}
	p.Add(rules()...)
	if n := len(s.random.mean); n > 0 {
		p.Add(s.random.shade(ks[:n], mutedInk.faint(44)))
	}
	best, worst := s.best(s.told())
	for i, v := range s.curves {
		if i != best && i != worst {
			p.Add(line(ks, v, 0.6, lineInk(0).faint(110)))
		}
	}
	p.Add(
		line(ks, s.random.mean, 1.4, mutedInk, 4, 2),
		line(ks, s.curves[worst], 1.4, lineInk(0)),
		line(ks, s.curves[best], 1.4, lineInk(0)),
		line(ks, s.total, 2, textInk),
		endLabels{s.ends(), at},
	)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, float64(most), 0, top
	p.X.Tick.Marker, p.Y.Tick.Marker = counts{n: most + 1, at: at}, rounds{at}
	return p
}
