// Command calibrate asks how far a circuit may be amplified or ablated within a budget of side effects. The circuit of every
// behavior in a file is the top neurons in favor, averaged over the first half of its examples; steer.Model.Calibrate then
// finds, on twenty neutral texts, the multiplier above 1 and the one below 1 at which the divergence from the unsteered model
// is the budget, for several budgets. teaching.md is what it prints by default.
//
//	go run ./docs/studies/calibrate >docs/studies/calibrate/teaching.md
//	go run ./docs/studies/calibrate [-model teaching] [-behaviors testdata/teaching/behaviors.json] [-k 20]
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

// budgets are the divergences that a strength may come to, in nats.
var budgets = []float64{.01, .1, .5}

func main() {
	model := flag.String("model", "teaching", "model name or path")
	path := flag.String("behaviors", behaviors.Teaching, "file of behaviors")
	k := flag.Int("k", 20, "neurons of a circuit")
	flag.Parse()
	all, err := behaviors.Read(*path)
	if err == nil {
		var s study
		if s, err = measure(context.Background(), *model, all, *k); err == nil {
			_, err = fmt.Print(s)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

// A study is what was found for the circuits of a model.
type study struct {
	model string
	k     int
	rows  []row
}

// A row is one circuit that is amplified or ablated.
type row struct {
	behavior string
	up       bool
	found    []steer.Calibration // by budget
}

func measure(ctx context.Context, model string, all []behaviors.Behavior, k int) (s study, err error) {
	r, err := local.NewRunner(model)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	m := steer.New(model, r) // no store around it: the table is always computed
	s.model, s.k = model, k
	for _, b := range all {
		half, _ := b.Halves()
		scores, err := m.Behavior(half).Run(ctx)
		if err != nil {
			return s, fmt.Errorf("%s: %w", b.Name, err)
		}
		circuit := scores.Mean().Positive().TopK(k)
		for _, up := range []bool{true, false} {
			line := row{behavior: b.Name, up: up}
			i := steer.Ablate(circuit)
			if up {
				i = steer.Scale(circuit, 2)
			}
			for _, nats := range budgets {
				c, err := m.Calibrate(i).KL(nats).Run(ctx)
				if err != nil {
					return s, fmt.Errorf("%s: %w", b.Name, err)
				}
				line.found = append(line.found, c)
			}
			s.rows = append(s.rows, line)
		}
	}
	return s, nil
}
