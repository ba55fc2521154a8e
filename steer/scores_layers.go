package steer

import "slices"

// ByLayer returns for each layer the sum of its supporting and of its opposing neurons (Σ_t score of each neuron that the
// view sees), in logits; oppose is ≤ 0.
func (s Scores) ByLayer() (support, oppose []float64) {
	d := s.load()
	support, oppose = make([]float64, d.Shape.Layers), make([]float64, d.Shape.Layers)
	for i, v := range s.view.totals(d) {
		if v > 0 {
			support[i/d.Shape.Neurons] += v
		} else {
			oppose[i/d.Shape.Neurons] += v
		}
	}
	return support, oppose
}

// ByLayerPos returns Σ_n score for each layer and each position that the view sees, [L][T'] in logits; Labels names the
// positions.
func (s Scores) ByLayerPos() [][]float64 {
	d := s.load()
	start := s.view.start(d.Positions, d.BOS)
	out := make([][]float64, d.Shape.Layers)
	for l := range out {
		out[l] = make([]float64, d.Positions-start)
	}
	s.view.entries(d, func(l, t, _ int, v float32) {
		if float64(s.view.sign)*float64(v) >= 0 {
			out[l][t-start] += float64(v)
		}
	})
	return out
}

// Labels returns the text of each position that the view sees.
func (s Scores) Labels() []string {
	d := s.load()
	if len(d.about.Labels) != d.Positions {
		return make([]string, d.Positions-s.view.start(d.Positions, d.BOS))
	}
	return slices.Clone(d.about.Labels[s.view.start(d.Positions, d.BOS):])
}

// Unit returns the unit of a score.
func (s Scores) Unit() string { return s.load().about.Unit }

// About says what was measured: logit(" Paris") − logit(" Rome").
func (s Scores) About() string { return s.load().about.Metric }

// Method says how the scores were made.
func (s Scores) Method() string { return s.load().about.Method }

// N says how much the scores rest on.
func (s Scores) N() (n int, of string) { d := s.load(); return d.about.N, d.Of }
