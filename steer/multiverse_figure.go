package steer

import "strconv"

// Effects returns what the metric loses when the circuit of every specification is set to zero, mean over examples with its 95 %
// interval, each [S] in the unit of the metric; nil where no circuit was ablated.
func (v Multiverse) Effects() (mean, lo, hi []float64) {
	if !v.rec.body().Effects {
		return nil, nil, nil
	}
	for _, s := range v.data().specs {
		mean, lo, hi = append(mean, s.Effect.Value), append(lo, s.Effect.Lo), append(hi, s.Effect.Hi)
	}
	return mean, lo, hi
}

// Choices returns what is chosen, "rule", "selection" and "size"; the options of each; and for every specification [S] the place of
// its option among those of each choice.
func (v Multiverse) Choices() (names []string, options [][]string, chosen [][]int) {
	b := v.rec.body()
	if len(v.data().specs) == 0 {
		return nil, nil, nil
	}
	options = make([][]string, 3)
	for _, r := range b.Rules {
		options[0] = append(options[0], string(r))
	}
	options[1] = append(options[1], b.Selections...)
	for _, k := range b.Sizes {
		options[2] = append(options[2], strconv.Itoa(k))
	}
	S, K := len(b.Selections), len(b.Sizes)
	for spec := range v.data().specs {
		chosen = append(chosen, []int{spec / (S * K), spec / K % S, spec % K})
	}
	return []string{"rule", "selection", "size"}, options, chosen
}
