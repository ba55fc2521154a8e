package main

import (
	"fmt"
	"math"
)

// at returns f of the largest size of a row.
func (s study) at(ablation string, ranking int, keepFirst bool) float64 {
	return s.sized(ablation, ranking, keepFirst, len(s.sizes)-1)
}

// sized returns f of a size of a row.
func (s study) sized(ablation string, ranking int, keepFirst bool, size int) float64 {
	n := 0
	for _, r := range s.rows {
		if r.ablation == ablation && r.keepFirst == keepFirst {
			if n == ranking {
				return r.curve.Rows()[size].Faithfulness.Value
			}
			n++
		}
	}
	return math.NaN()
}

// words says in six sentences what the table comes to.
func (s study) words() []string {
	const position, token, zero = "mean by position", "mean over tokens", "zero"
	most := s.sizes[len(s.sizes)-1]
	moved, few := 0., 0. // by keeping the first position under means by position; the largest f of fewer neurons
	small := s.sizes[len(s.sizes)-3]
	for _, r := range s.rows {
		rows := r.curve.Rows()
		few = max(few, rows[len(rows)-3].Faithfulness.Value)
	}
	for i := range 3 {
		moved = max(moved, math.Abs(s.at(position, i, true)-s.at(position, i, false)))
	}
	return []string{
		fmt.Sprintf("The first %d neurons of a ranking that leaves the first position out have f %.2f where all others are set to zero and %.2f where they are set to their mean over tokens, though %.2f where they are set to their mean at each position.",
			most, s.at(zero, 0, false), s.at(token, 0, false), s.at(position, 0, false)),
		fmt.Sprintf("With the first position in the ranking it is %.2f and %.2f, and with the %d neurons that lead there put before all others %.2f and %.2f: what was missing are the neurons of the sink.",
			s.at(zero, 1, false), s.at(token, 1, false), leading, s.at(zero, 2, false), s.at(token, 2, false)),
		fmt.Sprintf("Where nothing is ablated at the first position, and means leave it out, the very ranking without it has f %.2f and %.2f.",
			s.at(zero, 0, true), s.at(token, 0, true)),
		fmt.Sprintf("Means at each position never touch the sink, for these prompts share their first token: keeping it moves f by %.3f at most.", moved),
		fmt.Sprintf("None of this makes the circuit small: at %d neurons f is %.2f at most, whatever the ranking and the ablation.", small, few),
		fmt.Sprintf("Nor is it small beside another country, though what all capitals share then stays: with the others as they are on its prompt %d neurons of the ranking without the first position have f %.2f, and %d have %.2f.",
			small, s.sized(patched, 0, false, len(s.sizes)-3), most, s.at(patched, 0, false)),
	}
}
