package steer

// WithStability returns the circuit with what an analysis says of its neurons, which its card then shows. Selecting from it or
// joining it with others leaves that behind.
func (c Circuit) WithStability(v Multiverse) Circuit { c.stable = &v; return c }

// Stability returns the analysis that the circuit was given; ok is false where it was given none.
func (c Circuit) Stability() (v Multiverse, ok bool) {
	if c.stable == nil {
		return Multiverse{}, false
	}
	return *c.stable, true
}
