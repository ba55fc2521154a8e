package steer

import "math"

// TokenScores returns the tokens that the scores see and the relevance of each, as ByToken has it: plotting.TokenStrip draws them. The
// first token, an attention sink, is left out unless KeepBOS is set.
func (s Scores) TokenScores() (tokens []string, relevance []float64) {
	d := s.data()
	if len(d.about.Labels) != d.Positions || len(d.tokens) != d.Positions {
		return nil, nil
	}
	for _, t := range s.view.seen(d) {
		tokens, relevance = append(tokens, d.about.Labels[t]), append(relevance, float64(d.tokens[t]))
	}
	return tokens, relevance
}

// Ranking returns the scores of all neurons, or heads, summed over positions, the strongest first by size, in their unit: plotting.Cumulative
// draws what the first k have of them.
func (s Scores) Ranking() []float64 { return s.TopK(math.MaxInt).Ranking() }

// Ranking returns the scores of the entries, strongest first by size, in their unit: plotting.Cumulative draws what the first k have of them.
func (c Circuit) Ranking() []float64 {
	var out []float64
	for _, e := range c.all() {
		out = append(out, e.Score)
	}
	return out
}

// Members returns the distinct neurons and heads by their names, e.g. L5/N298: plotting.UpSet draws which circuits share them.
func (c Circuit) Members() []string {
	var out []string
	for _, n := range c.Neurons() {
		out = append(out, n.String())
	}
	return out
}

// Chances returns the likeliest tokens, as many as the task asked for: their ids, their texts and their probabilities, 0 to 1. With Chance
// it is what plotting.BeforeAfter draws.
func (p Prediction) Chances() (ids []int32, tokens []string, probabilities []float64) {
	for _, r := range p.Top() {
		ids, tokens, probabilities = append(ids, r.ID), append(tokens, r.Bytes()), append(probabilities, r.Probability)
	}
	return ids, tokens, probabilities
}

// Chance returns the probability of any token of the vocabulary, 0 to 1.
func (p Prediction) Chance(id int32) float64 { return p.Token(id).Probability }

// Estimates returns Effects with the methods' names, each [M]: plotting.Forest draws them.
func (v MethodComparison) Estimates() (names []string, mean, lo, hi []float64) {
	mean, lo, hi = v.Effects()
	return v.Methods(), mean, lo, hi
}

// Unit is that of the effects.
func (p Patching) Unit() string { return "logits" }

// Estimates returns the effects of the units with their intervals, in logits, the largest by size first: plotting.Forest draws them.
func (p Patching) Estimates() (names []string, mean, lo, hi []float64) {
	for _, r := range p.Rows() {
		names = append(names, r.Unit.String())
		mean, lo, hi = append(mean, r.Effect.Value), append(lo, r.Effect.Lo), append(hi, r.Effect.Hi)
	}
	return names, mean, lo, hi
}
