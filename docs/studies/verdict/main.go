// Command verdict holds the circuits of the behaviors in a file against steer's criteria. The circuit of a behavior is the top
// neurons in favor, averaged over the first half of its examples; what a verdict looks for is computed first: on the other half an
// ablation beside random circuits, with its side effects, faithfulness, and the circuit amplified beside an instruction in the
// prompt; the ablation on the other behaviors; and, on the half that it was found on, stability, the
// neurons that other methods find, and what each of its neurons does when it is patched on its own. teaching.md is what it prints by default.
//
//	go run ./docs/studies/verdict >docs/studies/verdict/teaching.md
//	go run ./docs/studies/verdict [-model teaching] [-behaviors testdata/teaching/behaviors.json] [-k 20] [-controls 39]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

func main() {
	model := flag.String("model", "teaching", "model name or path")
	path := flag.String("behaviors", behaviors.Teaching, "file of behaviors")
	k := flag.Int("k", 20, "neurons of a circuit")
	controls := flag.Int("controls", 39, "random circuits beside each")
	flag.Parse()
	all, err := behaviors.Read(*path)
	if err == nil {
		var s study
		if s, err = measure(context.Background(), *model, all, *k, *controls); err == nil {
			_, err = fmt.Print(s)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "verdict:", err)
		os.Exit(1)
	}
}

// A study is the verdicts on the circuits of a model.
type study struct {
	model       string
	k, controls int
	rows        []row
}

// A row is the verdict on the circuit of one behavior.
type row struct {
	behavior string
	verdict  steer.CircuitVerdict
}

// measure computes everything in a store of its own, which it removes.
func measure(ctx context.Context, model string, all []behaviors.Behavior, k, controls int) (s study, err error) {
	dir, err := os.MkdirTemp("", "verdict")
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Setenv("NEURONSTEER_STORE", dir); err != nil {
		return s, err
	}
	m, err := local.Open(ctx, model)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, local.Close(m)) }()
	s.model, s.k, s.controls = model, k, controls
	circuits := make([]steer.Circuit, len(all))
	for i, b := range all {
		half, _ := b.Halves()
		scores, err := m.Behavior(half).Run(ctx)
		if err != nil {
			return s, fmt.Errorf("%s: %w", b.Name, err)
		}
		circuits[i] = scores.Mean().Positive().TopK(k).Named(b.Name)
	}
	for i, b := range all {
		if err := test(ctx, m, circuits[i], b, controls); err != nil {
			return s, fmt.Errorf("%s: %w", b.Name, err)
		}
		for j, other := range all {
			_, tested := other.Halves()
			if _, err := m.Sweep(circuits[i], 0).OnExamples(tested).Run(ctx); i != j && err != nil {
				return s, fmt.Errorf("%s on %s: %w", b.Name, other.Name, err)
			}
		}
		_, tested := b.Halves()
		v, err := m.Verdict(circuits[i]).OnExamples(tested).Run(ctx)
		if err != nil {
			return s, fmt.Errorf("%s: %w", b.Name, err)
		}
		s.rows = append(s.rows, row{b.Name, v})
	}
	return s, nil
}

// test computes what a verdict looks for about a behavior and its circuit.
func test(ctx context.Context, m *steer.Model, c steer.Circuit, b behaviors.Behavior, controls int) error {
	found, tested := b.Halves()
	if _, err := m.Baseline(tested).Run(ctx); err != nil {
		return err
	}
	if _, err := m.Sweep(c, 0).OnExamples(tested).Controls(controls).SideEffects().Continue(0).Run(ctx); err != nil {
		return err
	}
	if _, err := m.Faithfulness(c, tested).Ablation(steer.TokenMeanAblation).Sizes(c.Len()).Controls(controls).Run(ctx); err != nil {
		return err
	}
	if _, err := m.Stability(m.Behavior(found)).Run(ctx); err != nil {
		return err
	}
	if _, err := m.Methods(m.Behavior(found)).OnExamples(tested).TopK(c.Len()).Controls(0).Exact(0).Run(ctx); err != nil {
		return err
	}
	if _, err := m.Patch(found).Units(c).Run(ctx); err != nil {
		return err
	}
	_, err := m.Sweep(c, 2, 4).OnExamples(tested).Prompted(instructions[b.Name]).Run(ctx)
	if errors.Is(err, steer.BadSetting) { // a chat that was rendered has no place for an instruction: what it does is not tested
		return nil
	}
	return err
}

// instructions say in a sentence what a behavior is.
var instructions = map[string]string{
	"agreement": "Complete the sentence with a verb that agrees with its subject.", "agreement_singular": "Complete the sentence with a verb that agrees with its subject.",
	"agreement_simple": "Complete the sentence with a verb that agrees with its subject.", "agreement_object_clause": "Complete the sentence with a verb that agrees with its subject.",
	"agreement_subject_clause": "Complete the sentence with a verb that agrees with its subject.", "agreement_inside_clause": "Complete the sentence with a verb that agrees with its subject.",
	"country_capital": "Name the capital of the country.", "capital_country": "Name the country of the capital.", "state_capital": "Name the capital of the state.",
	"two_hop_capital": "Name the capital of the state that the city is in.", "city_state": "Name the state that the city is in.", "landmark_city": "Name the city of the landmark.",
	"antonym": "Name the opposite of the word.", "color": "Name the color of the thing.", "successor_day": "Go on with the next day.", "successor_number": "Go on with the next number.",
	"addition": "Add the two numbers.", "pronoun": "Go on with the pronoun of the person.", "indirect_object": "Say who was given the thing.", "retrieval": "Say what the person has.",
	"induction": "Repeat the list of words.", "sentiment": "Say what the speaker thinks of it.", "verdict": "Say whether it was good or bad.", "refusal": "Refuse what is asked.",
	"compliance": "Do what is asked.", "chat_capital": "Name the capital of the state.", "language": "Go on in the language of the text.", "translate": "Translate the sentence.",
}
