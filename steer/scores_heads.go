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
	h.heads, h.conditions = true, s.conditions
	return h
}

// OfHeads reports whether the scores are of attention heads; Shape says how many a layer has.
func (s Scores) OfHeads() bool { return s.heads }

// Sources returns the scores of the heads by the position that each head reads, in place of the one that it writes to: at s the
// part Σ_t A_ts·⟨v_s, ∂m/∂z_t⟩ of z·∂m/∂z that comes from there, A being the attention pattern and v the values, [L,T,H]. It says
// which tokens a head moves relevance from; a head's sum over the positions is that of its score. What is changed at positions
// (Intervention.AtPositions) is changed where heads write: select that from Heads.
func (s Scores) Sources() Scores {
	h := s.Heads()
	out := newScores(func() dense {
		d := h.data()
		if d.sourced == nil {
			return dense{about: about{Heads: true, Method: d.Method}, warnings: d.warnings}
		}
		return d.sourced()
	}, s.view)
	out.heads, out.conditions = true, s.conditions
	return out
}

// withHeads adds the heads' scores [L,T,H] of the pass that made d, and the same by the positions that they read.
func (d dense) withHeads(scores, sources []float32) dense {
	h := d
	h.about.Heads, h.scores = true, scores
	if a := d.attr; a != nil && a.Completeness != nil { // only neurons have a path
		b := *a
		b.Completeness = nil
		h.attr, h.Method = &b, methods[Gradient]
	}
	if sources != nil {
		from := h
		from.scores, from.Method = sources, h.Method+", by the position that is read"
		h.sourced = func() dense { return from }
	}
	d.headed = func() dense { return h }
	return d
}
