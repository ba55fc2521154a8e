// Command faithful asks why a ranking that leaves the first position out carries almost nothing of a behavior, at 20,000 of
// 46,080 neurons, when the others are ablated to zero or to their mean over tokens. It ranks the neurons of SmolLM2 for the
// capitals of four countries with the first position and without it, and with the neurons that lead at the first position
// put before all others, and measures faithfulness by size under three ablations, and under a fourth, to what the neurons are on
// another country's prompt; then once more with nothing ablated at the first position. smollm2.md is what it prints.
//
//	go run ./docs/studies/faithful >docs/studies/faithful/smollm2.md
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// capitals are the prompts: each answer is the next one's counterfactual.
var capitals = [][2]string{{"France", " Paris"}, {"Germany", " Berlin"}, {"Italy", " Rome"}, {"Japan", " Tokyo"}}

// sizes are how many neurons are kept.
var sizes = []int{20, 100, 500, 2000, 8000, 20000}

// patched names the ablation to another country's prompt.
const patched = "another country"

// leading is how many of the neurons that lead at the first position are put before all others.
const leading = 100

func main() {
	model := flag.String("model", "smollm2-135m-instruct", "model name or path")
	flag.Parse()
	s, err := measure(context.Background(), *model, sizes)
	if err == nil {
		_, err = fmt.Print(s)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "faithful:", err)
		os.Exit(1)
	}
}

// A study is what was measured of one model.
type study struct {
	model string
	sizes []int
	full  float64 // F(M), logits
	rows  []row
}

// A row is one ranking under one ablation.
type row struct {
	ablation, ranking string
	keepFirst         bool
	empty             float64 // F(∅), logits
	curve             steer.FaithfulnessCurve
}

func measure(ctx context.Context, model string, sizes []int) (s study, err error) {
	r, err := local.NewRunner(model)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	m := steer.New(model, r) // no store around it: the table is always computed
	s.model, s.sizes = model, sizes
	set := examples()
	found, err := m.Behavior(set).KeepBOS().Run(ctx)
	if err != nil {
		return s, err
	}
	for _, a := range []struct {
		name string
		kind steer.Ablation
	}{{"mean by position", steer.MeanAblation}, {"mean over tokens", steer.TokenMeanAblation}, {"zero", steer.ZeroAblation}, {patched, steer.PatchAblation}} {
		for _, keep := range []bool{false, true} {
			for _, x := range rankings(found) {
				t := m.Faithfulness(x.circuit, set).Ablation(a.kind).Sizes(sizes...)
				if keep {
					t = t.KeepFirst()
				}
				c, err := t.Run(ctx)
				if err != nil {
					return s, err
				}
				s.full = c.Full().Value
				s.rows = append(s.rows, row{a.name, x.name, keep, c.Empty().Value, c})
			}
		}
	}
	return s, nil
}

func examples() steer.ExampleSet {
	var list []steer.Example
	for i, c := range capitals {
		other := capitals[(i+1)%len(capitals)]
		list = append(list, steer.Example{Prompt: "The capital of " + c[0] + " is", Target: c[1], Versus: other[1], Patch: "The capital of " + other[0] + " is"})
	}
	return steer.NewExamples(list...)
}

// A ranking is an order of the neurons.
type ranking struct {
	name    string
	circuit steer.Circuit
}

// rankings orders the neurons by the largest |score| at any position: the mean over the prompts.
func rankings(found steer.BehaviorScores) []ranking {
	const all = 1 << 30
	mean := found.Mean().KeepBOS()
	without := mean.SkipFirst().TopEntries(all)
	var first []steer.Neuron
	for _, e := range mean.Positions(0).TopEntries(leading).Entries() {
		first = append(first, e.Neuron)
	}
	ahead := first
	for _, e := range without.Entries() {
		ahead = append(ahead, e.Neuron)
	}
	return []ranking{
		{"first position left out", without},
		{"first position in", mean.TopEntries(all)},
		{fmt.Sprintf("left out, its %d leading first", leading), steer.NewCircuit("ahead", unique(ahead)...)},
	}
}

// unique keeps the first of equal neurons.
func unique(ns []steer.Neuron) (out []steer.Neuron) {
	seen := map[steer.Neuron]bool{}
	for _, n := range ns {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}
