package steer

// Points returns of every unit what the scores foretell and what patching it does, both [U], means over the examples in logits:
// an agreement is what plotting.Scatter draws.
func (a Agreement) Points() (foretold, effect []float64) { return a.foretold, a.effect }

// Axes names Points.
func (a Agreement) Axes() (x, y string) { return "Foretold by " + a.rule, "Effect of patching" }

// PointNames returns the units of Points [U], e.g. L3/N51.
func (a Agreement) PointNames() []string {
	out := make([]string, len(a.units))
	for i, u := range a.units {
		out[i] = u.String()
	}
	return out
}

// Correlation returns Pearson with its interval.
func (a Agreement) Correlation() (kind string, r, lo, hi float64) {
	return "Pearson", a.Pearson.Value, a.Pearson.Lo, a.Pearson.Hi
}

// N returns the number of units.
func (a Agreement) N() (n int, of string) {
	if len(a.units) == 1 {
		return 1, "unit"
	}
	return len(a.units), "units"
}

// Unit returns the unit of Points.
func (a Agreement) Unit() string { return "logits" }
