package main

import (
	"cmp"
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
)

// counted says in how many prompts a neuron at the first position is among the 20 largest entries.
type counted struct {
	neuron        steer.Neuron
	plain, marked int  // without and with the marker before the prompt
	universal     bool // Model.Universal finds it
}

// name counts the neurons of the large entries at the first position, most prompts first.
func name(ctx context.Context, m *steer.Model, marker string, prompts []string, plain steer.BehaviorScores) ([]counted, error) {
	universal, err := m.Universal().Run(ctx)
	if err != nil {
		return nil, err
	}
	without, with := atFirst(plain, len(prompts)), map[steer.Neuron]int{}
	if marker != "" {
		marked, err := attribute(ctx, m, marker, prompts)
		if err != nil {
			return nil, err
		}
		with = atFirst(marked, len(prompts))
	}
	var out []counted
	for n, k := range without {
		out = append(out, counted{n, k, with[n], universal.Has(n)})
	}
	slices.SortFunc(out, func(a, b counted) int {
		return cmp.Or(b.plain-a.plain, a.neuron.Layer-b.neuron.Layer, a.neuron.Index-b.neuron.Index)
	})
	return out, nil
}

// atFirst counts, over n examples, the neurons whose entry at the first position is among the 20 largest.
func atFirst(b steer.BehaviorScores, n int) map[steer.Neuron]int {
	out := map[steer.Neuron]int{}
	for i := range n {
		for _, e := range b.Example(i).TopEntries(20).Entries() {
			if e.Position == 0 {
				out[e.Neuron]++
			}
		}
	}
	return out
}
