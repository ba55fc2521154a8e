package steer

// The methods here look at the mean of the examples, which is what one looks at first.

// TopK returns the circuit of the k neurons that lead the mean of the examples: Mean().TopK(k).
func (b BehaviorScores) TopK(k int) Circuit { return b.Mean().TopK(k) }

// ByLayer returns for each layer the sum of the positive and of the negative scores of the mean: Mean().ByLayer(), in the
// scores' unit.
func (b BehaviorScores) ByLayer() (support, oppose []float64) { return b.Mean().ByLayer() }

// Method says how the scores were made.
func (b BehaviorScores) Method() string { return b.Mean().Method() }

// About says what the scores measure.
func (b BehaviorScores) About() string { return b.Mean().About() }

// Unit returns the unit of a score.
func (b BehaviorScores) Unit() string { return b.Mean().Unit() }

// N returns the number of examples.
func (b BehaviorScores) N() (n int, of string) { return b.Mean().N() }
