package steer

import "strings"

// ByPrompt returns the scores of a circuit's neurons and heads on every example of the behavior, summed over positions, strongest first.
func (b BehaviorScores) ByPrompt(c Circuit) PromptScores { return PromptScores{b, c} }

// PromptScores are the scores of units by prompt: plotting.ByPrompt draws them. They are lazy where the behavior is.
type PromptScores struct {
	scores  BehaviorScores
	circuit Circuit
}

// ByPrompt returns the units, e.g. L5/N298, the prompts, and the scores [U][P], in the behavior's unit.
func (p PromptScores) ByPrompt() (units, prompts []string, scores [][]float64) {
	rows := p.circuit.ranked()
	for _, n := range rows {
		units, scores = append(units, n.String()), append(scores, nil)
	}
	for i := range p.scores.Len() {
		of := p.scores.Example(i)
		prompts = append(prompts, strings.TrimSpace(strings.Join(of.Labels(), "")))
		sums := map[Neuron]float64{}
		for _, s := range []Scores{of, of.Heads()} {
			d := s.data()
			for _, n := range rows {
				if n.Head != s.OfHeads() {
					continue
				}
				for _, t := range s.view.seen(d) {
					sums[n] += s.At(n.Layer, t, n.Index)
				}
			}
		}
		for u, n := range rows {
			scores[u] = append(scores[u], sums[n])
		}
	}
	return units, prompts, scores
}

// About says what the scores measured.
func (p PromptScores) About() string { return p.scores.Mean().About() }

// Unit returns the unit of a score.
func (p PromptScores) Unit() string { return p.scores.Mean().Unit() }

// Method says how the scores came about.
func (p PromptScores) Method() string { return p.scores.Mean().Method() }
