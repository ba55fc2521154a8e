package steer

import "github.com/neuronsteer/neuronsteer/internal/message"

// ByLayer returns for each layer the sum of its supporting and of its opposing neurons (Σ_t score of each neuron that the
// view sees), in the scores' unit; oppose is ≤ 0.
func (s Scores) ByLayer() (support, oppose []float64) {
	d := s.data()
	support, oppose = make([]float64, d.Shape.Layers), make([]float64, d.Shape.Layers)
	for i, v := range s.view.totals(d) {
		if v > 0 {
			support[i/d.width()] += v
		} else {
			oppose[i/d.width()] += v
		}
	}
	return support, oppose
}

// ByLayerPos returns Σ_n score for each layer and each position that the view sees, [L][T'] in the scores' unit; Labels
// names the positions.
func (s Scores) ByLayerPos() [][]float64 {
	d := s.data()
	positions := s.view.seen(d)
	out, column := make([][]float64, d.Shape.Layers), make([]int, d.Positions)
	for l := range out {
		out[l] = make([]float64, len(positions))
	}
	for i, t := range positions {
		column[t] = i
	}
	if s.view.percent == 0 && s.view.threshold == 0 && s.view.perLayer == 0 && s.view.cumulative == nil {
		s.view.rows(d, func(l, t int, row []float32, at []int32) {
			sum := &out[l][column[t]]
			if at == nil {
				for _, v := range row {
					if s.view.agrees(v) {
						*sum += float64(v)
					}
				}
			}
			for _, n := range at {
				if s.view.agrees(row[n]) {
					*sum += float64(row[n])
				}
			}
		})
		return out
	}
	for _, e := range topEntries(d, s.view, everything) {
		out[e.Layer][column[max(e.Position, 0)]] += e.Score
	}
	return out
}

// Labels returns the text of each position that the view sees; none without a position axis.
func (s Scores) Labels() []string {
	d := s.data()
	positions := s.view.seen(d)
	out := make([]string, len(positions))
	if len(d.about.Labels) == d.Positions {
		for i, t := range positions {
			out[i] = d.about.Labels[t]
		}
	}
	return out
}

// Unit returns the unit of a score.
func (s Scores) Unit() string { return s.data().about.Unit }

// About says what was measured: logit(" Paris") − logit(" Rome").
func (s Scores) About() string { return s.data().about.Metric }

// Method says how the scores were made.
func (s Scores) Method() string { return s.data().about.Method }

// N says how much the scores rest on.
func (s Scores) N() (n int, of string) { d := s.data(); return message.Counted(d.about.N, d.Of) }
