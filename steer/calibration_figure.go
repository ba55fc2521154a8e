package steer

// Strengths returns the strengths that were tried, by their distance from the first, which does nothing.
func (c Calibration) Strengths() (out []float64) {
	for _, x := range c.stats().steps {
		out = append(out, x.Strength)
	}
	return out
}

// Response returns what every one of Strengths came to, with its 95 % interval, in nats or logits.
func (c Calibration) Response() (mean, lo, hi []float64) {
	for _, x := range c.stats().steps {
		mean, lo, hi = append(mean, x.Value.Value), append(lo, x.Value.Lo), append(hi, x.Value.Hi)
	}
	return mean, lo, hi
}

// Tries returns in which order Strengths were tried, from 1; 0 is the unsteered model.
func (c Calibration) Tries() (out []int) {
	for _, x := range c.stats().steps {
		out = append(out, x.Try)
	}
	return out
}

// Sought returns the budget in nats, or the target in logits.
func (c Calibration) Sought() float64 { return c.rec.body().Value }

// Reached returns Strength and its interval; ok is false where none was found.
func (c Calibration) Reached() (strength, lo, hi float64, ok bool) {
	s := c.stats()
	return s.strength.Value, s.strength.Lo, s.strength.Hi, s.found
}
