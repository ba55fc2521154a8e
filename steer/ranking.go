package steer

// A Ranking is neurons, heads or both in an order, those to keep first: Scores, as TopK ranks them; BehaviorScores, by their
// Mean; or a Circuit, each unit by its strongest entry, so that scores.SkipFirst().TopEntries(n) ranks by the largest |score|
// at any position, as the reference does. What has no score is not ranked.
type Ranking interface {
	// ranking returns the distinct units for a task of m, or why they cannot be used there.
	ranking(m *Model) ([]Neuron, error)
}

func (s Scores) ranking(m *Model) ([]Neuron, error) { return s.TopK(everything).ranking(m) }

func (b BehaviorScores) ranking(m *Model) ([]Neuron, error) { return b.Mean().ranking(m) }

func (c Circuit) ranking(m *Model) ([]Neuron, error) {
	es, err := c.on(m)
	if err != nil {
		return nil, err
	}
	out, seen := make([]Neuron, 0, len(es)), make(map[Neuron]bool, len(es))
	for _, e := range es {
		if !seen[e.Neuron] {
			seen[e.Neuron] = true
			out = append(out, e.Neuron)
		}
	}
	return out, nil
}
