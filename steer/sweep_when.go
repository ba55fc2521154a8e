package steer

// When scales the circuit, and each random control, only at the positions where the projection on a probe is above a number, as
// Intervention.When says; elsewhere they are as in the unsteered model. The circuit must not act before the probe's first layer.
//
//	m.Sweep(c.Layers(5, -1), 0, 2).OnExamples(set).When(anger.Layers(4, 4), 12)
func (t SweepTask) When(v Vector, above float64) SweepTask {
	t.gate = Intervention{gate: t.gate}.When(v, above).gate
	return t
}

// ByPrompt lets the last position of each prompt decide the condition of When for all of it.
func (t SweepTask) ByPrompt() SweepTask {
	t.gate = Intervention{gate: t.gate}.ByPrompt().gate
	return t
}
