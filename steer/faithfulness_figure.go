package steer

// Sizes returns the numbers of units, rising.
func (c FaithfulnessCurve) Sizes() []int {
	var out []int
	for _, r := range c.stats().rows {
		out = append(out, r.Units)
	}
	return out
}

// Faithfulness returns f for every size with its 95 % interval over prompts, each [K]; nil where the curve is not normalized.
func (c FaithfulnessCurve) Faithfulness() (mean, lo, hi []float64) {
	return c.column(func(r FaithfulnessRow) Estimate { return r.Faithfulness })
}

// Completeness returns c for every size with its 95 % interval over prompts, each [K]; nil where the curve is not normalized.
func (c FaithfulnessCurve) Completeness() (mean, lo, hi []float64) {
	return c.column(func(r FaithfulnessRow) Estimate { return r.Completeness })
}

func (c FaithfulnessCurve) column(of func(FaithfulnessRow) Estimate) (mean, lo, hi []float64) {
	if !c.Normalized() {
		return nil, nil, nil
	}
	for _, r := range c.stats().rows {
		e := of(r)
		mean, lo, hi = append(mean, e.Value), append(lo, min(e.Lo, e.Value)), append(hi, max(e.Hi, e.Value))
	}
	return mean, lo, hi
}

// RandomBand returns where f of the n random sets lies for every size: mean and middle 95 %, each [K]. Without controls, or
// where the curve is not normalized, n is 0 and the slices are nil.
func (c FaithfulnessCurve) RandomBand() (mean, lo, hi []float64, n int) {
	for _, r := range c.stats().rows {
		b := r.RandomKept
		if b.N == 0 {
			return nil, nil, nil, 0
		}
		mean, lo, hi, n = append(mean, b.Mean), append(lo, b.Lo), append(hi, b.Hi), b.N
	}
	return mean, lo, hi, n
}
