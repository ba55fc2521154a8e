package steer

// Top is TopK, by the word that circuits and predictions have.
func (s Scores) Top(k int) Circuit { return s.TopK(k) }

// Layer narrows to one layer: Layers(l, l). A negative one counts from the end, −1 being the last.
func (s Scores) Layer(l int) Scores { return s.Layers(l, l) }

// Threshold keeps what alone has |score| ≥ x, in the scores' unit: of Σ_t before TopK, of entries before TopEntries. A NaN
// keeps nothing.
func (s Scores) Threshold(x float64) Scores { s.view = s.view.atLeast(x); return s }

// Len returns how many neurons, or heads, TopK can choose from: those that the narrowing keeps and whose score is not 0.
func (s Scores) Len() int {
	d := s.data()
	return len(s.view.rankNeurons(d, s.view.sums(d), everything))
}

// Total returns the sum of the scores that the narrowing keeps, in their unit: Σ over neurons of Σ_t score.
func (s Scores) Total() (sum float64) {
	for _, x := range s.view.totals(s.data()) {
		sum += x
	}
	return sum
}
