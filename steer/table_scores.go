package steer

// Table returns the neurons, or heads, that the narrowing keeps, the strongest first: layer, index, and Σ_t score in the scores'
// unit. The scores at every position are in Dense.
func (s Scores) Table() Table {
	t := Table{Caption: firstLine(s.String()), Columns: []string{"layer", "index", "score"}}
	for _, e := range s.TopK(everything).all() {
		t.Add(e.Layer, e.Index, e.Score)
	}
	return t
}

// Table returns the neurons by their mean score, as Scores.Table of Mean.
func (b BehaviorScores) Table() Table {
	t := b.Mean().Table()
	t.Caption = firstLine(b.String())
	return t
}

// Table returns a row for each layer: Σ|score|, Σ score, the largest |score| and where it is, and the first position's share.
func (d Diagnostics) Table() Table {
	t := Table{Caption: firstLine(d.String()), Columns: []string{"layer", "total", "net", "max", "index", "position", "first"}}
	for l, x := range d.Layers {
		t.Add(l, x.Total, x.Net, x.Max, x.At.Index, x.At.Position, x.First)
	}
	return t
}

// Table returns a row for each pair of circuits.
func (m OverlapMatrix) Table() Table {
	t := Table{Caption: firstLine(m.String()), Columns: []string{"a", "b", "neurons_a", "neurons_b", "shared", "expected_shared", "jaccard", "expected", "p", "rank_biased"}}
	names, sizes := m.Names(), m.Sizes()
	for i := range names {
		for j := i + 1; j < len(names); j++ {
			t.Add(names[i], names[j], sizes[i], sizes[j], m.Shared(i, j), m.ExpectedShared(i, j), m.Jaccard(i, j), m.Expected(i, j), m.P(i, j), m.RankBiased(i, j))
		}
	}
	return t
}

// Table returns a row for each layer of the vector with its norm.
func (v Vector) Table() Table {
	t := Table{Caption: firstLine(v.String()), Columns: []string{"layer", "norm"}}
	for l, x := range v.Norms() {
		if v.Has(l) {
			t.Add(l, x)
		}
	}
	return t
}

// Table returns a row for each layer of a circuit beside a decomposition.
func (c Comparison) Table() Table {
	t := Table{Caption: firstLine(c.String()), Columns: []string{"layer", "circuit", "top", "shared", "expected", "variance_explained"}}
	for _, x := range c.Layers() {
		t.Add(x.Layer, x.Circuit, x.Top, x.Shared, x.Expected, x.VarianceExplained)
	}
	return t
}

// Table returns a point for each unit: what its score foretells and what patching it does.
func (a Agreement) Table() Table {
	x, y := a.Axes()
	t := Table{Columns: []string{"unit", x, y}}
	names := a.PointNames()
	foretold, effect := a.Points()
	for i := range foretold {
		name := any(nil)
		if i < len(names) {
			name = names[i]
		}
		t.Add(name, foretold[i], effect[i])
	}
	return t
}

// Table returns the neurons and heads of the set.
func (s NeuronSet) Table() Table {
	t := Table{Caption: firstLine(s.String()), Columns: []string{"layer", "index", "kind"}}
	for _, n := range s.Neurons() {
		t.Add(n.Layer, n.Index, map[bool]string{false: "neuron", true: "head"}[n.Head])
	}
	return t
}
