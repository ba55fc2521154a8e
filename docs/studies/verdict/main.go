// Command verdict holds the circuits of the behaviors in a file against steer's criteria. The circuit of a behavior is the top
// neurons in favor, averaged over the first half of its examples; what a verdict looks for is computed first: on the other half an
// ablation beside random circuits, with its side effects, faithfulness, and the circuit amplified beside an instruction in the
// prompt; the ablation on the other behaviors; and, on the half that it was found on, stability, the
// neurons that other methods find, and what each of its neurons does when it is patched on its own. teaching.md is what it prints by default.
//
//	go run ./docs/studies/verdict >docs/studies/verdict/teaching.md
//	go run ./docs/studies/verdict [-model teaching] [-behaviors testdata/teaching/behaviors.json] [-k 20] [-controls 39] [-store DIR]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
	"github.com/neuronsteer/neuronsteer/docs/studies/evidence"
	"github.com/neuronsteer/neuronsteer/steer"
)

func main() {
	model := flag.String("model", "teaching", "model name or path")
	path := flag.String("behaviors", behaviors.Teaching, "file of behaviors")
	k := flag.Int("k", 20, "neurons of a circuit")
	controls := flag.Int("controls", 39, "random circuits beside each")
	folder := flag.String("store", "", "folder that keeps the results; none: one that is removed")
	flag.Parse()
	all, err := behaviors.Read(*path)
	if err == nil {
		var s study
		if s, err = measure(context.Background(), *model, *folder, all, *k, *controls); err == nil {
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

// measure judges every circuit by what is kept in the folder, which it fills.
func measure(ctx context.Context, model, folder string, all []behaviors.Behavior, k, controls int) (s study, err error) {
	e, err := evidence.Open(ctx, model, folder, all, k, controls)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	s.model, s.k, s.controls = model, k, controls
	for i, b := range all {
		v, err := e.Verdict(ctx, i)
		if err != nil {
			return s, err
		}
		s.rows = append(s.rows, row{b.Name, v})
	}
	return s, nil
}
