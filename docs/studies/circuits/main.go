// Command circuits says in one table of the circuit of every behavior in a file how stable it is, how far it may be amplified and turned
// down within a budget of side effects, and which criteria it meets. The circuit of a behavior is the top neurons in favor, averaged
// over one half of its examples. Everything stands in one store: what the verdict looks for is what the other columns are read from,
// and a folder that docs/studies/verdict has filled is not computed again. teaching.md is what it prints by default.
//
//	go run ./docs/studies/circuits >docs/studies/circuits/teaching.md
//	go run ./docs/studies/circuits [-model teaching] [-behaviors testdata/teaching/behaviors.json] [-k 20] [-controls 39] [-nats .1] [-store DIR]
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
	folder := flag.String("store", "", "folder that keeps the results; none: one that is removed")
	s := study{}
	flag.IntVar(&s.k, "k", 20, "neurons of a circuit")
	flag.IntVar(&s.controls, "controls", 39, "random circuits beside each")
	flag.Float64Var(&s.nats, "nats", .1, "divergence that a strength may come to on neutral texts")
	flag.Parse()
	all, err := behaviors.Read(*path)
	if err == nil {
		if err = s.measure(context.Background(), *model, *folder, all); err == nil {
			_, err = fmt.Print(&s)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "circuits:", err)
		os.Exit(1)
	}
}

// A study is what was found for the circuits of a model.
type study struct {
	model       string
	k, controls int
	nats        float64
	rows        []row
}

// A row is the circuit of one behavior.
type row struct {
	behavior string
	stable   map[steer.NodeClass]int // its neurons
	up, down steer.Calibration
	verdict  steer.CircuitVerdict
}

// measure fills the table.
func (s *study) measure(ctx context.Context, model, folder string, all []behaviors.Behavior) (err error) {
	e, err := evidence.Open(ctx, model, folder, all, s.k, s.controls)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	s.model = model
	for i, b := range all {
		r := row{behavior: b.Name, stable: map[steer.NodeClass]int{}}
		if r.verdict, err = e.Verdict(ctx, i); err != nil {
			return err
		}
		m, err := e.Stability(i).Run(ctx) // which the verdict has left in the store
		if err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
		for _, n := range m.Of(e.Circuits[i]) {
			r.stable[n.Class]++
		}
		if r.up, err = e.Model.Calibrate(steer.Scale(e.Circuits[i], 2)).KL(s.nats).Run(ctx); err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
		if r.down, err = e.Model.Calibrate(steer.Ablate(e.Circuits[i])).KL(s.nats).Run(ctx); err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
		s.rows = append(s.rows, r)
	}
	return nil
}
