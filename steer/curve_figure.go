package steer

// Named returns the curve under another name. It begins with the name of the circuit.
func (c Curve) Named(name string) Curve { c.name = name; return c }

// Name returns the curve's name, which stands at the end of its line in a figure.
func (c Curve) Name() string { return c.name }

// Response returns the mean difference for every multiplier with its 95 % interval over prompts, each [M] by the
// multipliers of Multipliers. With one prompt the interval has no width.
func (c Curve) Response() (mean, lo, hi []float64) {
	for _, d := range c.stats().doses {
		mean, lo, hi = append(mean, d.Difference.Value), append(lo, d.Difference.Lo), append(hi, d.Difference.Hi)
	}
	return mean, lo, hi
}

// RandomBand returns where the n random controls lie for every multiplier: their mean difference and the middle 95 %, each
// [M]. Without controls n is 0 and the slices are nil.
func (c Curve) RandomBand() (mean, lo, hi []float64, n int) {
	for _, d := range c.stats().doses {
		if d.Controls.N == 0 {
			return nil, nil, nil, 0
		}
		mean, lo, hi, n = append(mean, d.Controls.Mean), append(lo, d.Controls.Lo), append(hi, d.Controls.Hi), d.Controls.N
	}
	return mean, lo, hi, n
}
