package steer

// Heads returns the scores of the attention heads from the same pass: z'·∂m/∂z' summed over the channels of a head's output z,
// the input of o_proj, [L,T,H]. A head is scored, narrowed and selected as a neuron is, and the two share circuits:
//
//	both := s.TopK(20).Union(s.Heads().TopK(5))
//
// What narrows the scores of neurons narrows those of heads. Of what no pass scored, a contrast or a decomposition, the result
// is empty and says so.
func (s Scores) Heads() Scores {
	h := newScores(func() dense {
		d := s.data()
		switch {
		case d.Heads:
			return d
		case d.headed == nil:
			return dense{about: about{Heads: true, Method: d.Method}, warnings: []Warning{{Code: "heads", Text: "these scores say nothing of attention heads; Attribute and Behavior do"}}}
		}
		return d.headed()
	}, s.view)
	h.heads = true
	return h
}

// OfHeads reports whether the scores are of attention heads; Shape says how many a layer has.
func (s Scores) OfHeads() bool { return s.heads }

// withHeads adds the heads' scores [L,T,H] of the pass that made d.
func (d dense) withHeads(scores []float32) dense {
	h := d
	h.about.Heads, h.scores = true, scores
	if a := d.attr; a != nil && a.Completeness != nil { // only neurons have a path
		b := *a
		b.Completeness = nil
		h.attr, h.Method = &b, methods[Gradient]
	}
	d.headed = func() dense { return h }
	return d
}
