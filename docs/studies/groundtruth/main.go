// Command groundtruth asks which rule's scores foretell what a neuron does on its own. It patches neurons one by one, to zero,
// to means or to another prompt's activations, with the first position and without it, and correlates the effects with the scores
// of each rule: over a sample of neurons that no rule chose, and over those that lead a rule's ranking. smollm2.md and teaching.md
// are what it prints.
//
//	go run ./docs/studies/groundtruth >docs/studies/groundtruth/smollm2.md
//	go run ./docs/studies/groundtruth -model teaching >docs/studies/groundtruth/teaching.md
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

// rules are compared.
var rules = []steer.Rule{steer.RelP, steer.Frozen, steer.Gradient}

// leading is how many neurons of a rule's ranking are patched.
const leading = 100

func main() {
	model := flag.String("model", "smollm2-135m-instruct", "model name or path")
	sample := flag.Int("sample", 120, "neurons that are drawn")
	flag.Parse()
	s, err := measure(context.Background(), *model, examples(*model), *sample)
	if err == nil {
		_, err = fmt.Print(s)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "groundtruth:", err)
		os.Exit(1)
	}
}

// A study is what was measured of one model.
type study struct {
	Model   string
	Prompts int
	Sample  int
	Rows    []row
}

// A row is one kind of patch of some neurons, with what each rule's scores make of it.
type row struct {
	Ablation  steer.Ablation
	KeepFirst bool
	Units     string
	Prompts   int
	Strongest float64 // |effect| of the neuron that does most, logits
	Full      float64 // the metric as it is, logits
	Agreement []steer.Agreement
}

func measure(ctx context.Context, model string, set steer.ExampleSet, sample int) (s study, err error) {
	r, err := local.NewRunner(model)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	m := steer.New(model, r) // no store around it: the table is always computed
	s = study{Model: model, Prompts: len(set.All()), Sample: sample}
	one := steer.NewExamples(set.All()[0])
	scores, err := scoresOf(ctx, m, set)
	if err != nil {
		return s, err
	}
	single, err := scoresOf(ctx, m, one)
	if err != nil {
		return s, err
	}
	add := func(units string, t steer.PatchTask, a steer.Ablation, keep bool, found []steer.BehaviorScores) error {
		if t = t.Ablation(a); keep {
			t = t.KeepFirst()
		}
		p, err := t.Run(ctx)
		if err != nil {
			return err
		}
		n, _ := p.N()
		x := row{Ablation: a, KeepFirst: keep, Units: units, Prompts: n, Strongest: abs(p.Rows()[0].Effect.Value), Full: p.Full().Value}
		for _, b := range found {
			x.Agreement = append(x.Agreement, p.Agreement(b))
		}
		s.Rows = append(s.Rows, x)
		return nil
	}
	for _, keep := range []bool{false, true} {
		for _, a := range []steer.Ablation{steer.ZeroAblation, steer.TokenMeanAblation, steer.MeanAblation, steer.PatchAblation} {
			if err := add(drawn, m.Patch(set).Sample(sample), a, keep, scores); err != nil {
				return s, err
			}
		}
		if err := add(drawn, m.Patch(one).Sample(sample), steer.ZeroAblation, keep, single); err != nil {
			return s, err
		}
		for k, rule := range []steer.Rule{steer.RelP, steer.Gradient} {
			top := scores[2*k].Mean().KeepBOS().TopK(leading)
			if err := add(fmt.Sprintf("%d that lead by %s", leading, rule), m.Patch(set).Units(top), steer.ZeroAblation, keep, scores); err != nil {
				return s, err
			}
		}
	}
	return s, nil
}

// drawn names neurons that no rule chose.
const drawn = "drawn"

// scoresOf scores the examples by every rule.
func scoresOf(ctx context.Context, m *steer.Model, set steer.ExampleSet) (out []steer.BehaviorScores, err error) {
	for _, rule := range rules {
		b, err := m.Behavior(set).Rule(rule).Run(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, b)
	}
	return out, nil
}

func abs(x float64) float64 { return max(x, -x) }

// examples are prompts of one length, each with another to patch from: capitals, and for the teaching model, which knows none,
// the number of a verb.
func examples(model string) steer.ExampleSet {
	var list []steer.Example
	if model == "teaching" {
		for _, noun := range []string{"key", "dog", "student", "teacher", "cat", "girl"} {
			one, many := "The "+noun, "The "+noun+"s"
			list = append(list, steer.Example{Prompt: one, Target: " is", Versus: " are", Patch: many}, steer.Example{Prompt: many, Target: " are", Versus: " is", Patch: one})
		}
		return steer.NewExamples(list...)
	}
	capitals := [][2]string{{"France", " Paris"}, {"Germany", " Berlin"}, {"Italy", " Rome"}, {"Japan", " Tokyo"}, {"Russia", " Moscow"}, {"Spain", " Madrid"}}
	for i, c := range capitals {
		next := capitals[(i+1)%len(capitals)]
		list = append(list, steer.Example{Prompt: "The capital of " + c[0] + " is", Target: c[1], Versus: next[1], Patch: "The capital of " + next[0] + " is"})
	}
	return steer.NewExamples(list...)
}
