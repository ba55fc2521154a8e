// Command necessity asks of every behavior in a file whether the circuit found for it is needed. The circuit is the top
// neurons in favor, averaged over the first half of the examples; on the other half it is set to zero, and the change of
// the logit difference is compared with that under random circuits of as many neurons in every layer: drawn from all
// neurons, and, as harder nulls, from those most active on the tested prompts, and from those about as active there as the
// circuit's own. It prints one table, in Markdown, and says for which behaviors the change is not beyond that of every random
// circuit. teaching.md is what it prints by default.
//
//	go run ./docs/studies/necessity >docs/studies/necessity/teaching.md
//	go run ./docs/studies/necessity [-model teaching] [-behaviors testdata/teaching/behaviors.json] [-k 20] [-controls 100]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

func main() {
	model := flag.String("model", "teaching", "model name or path")
	path := flag.String("behaviors", behaviors.Teaching, "file of behaviors")
	k := flag.Int("k", 20, "neurons of a circuit")
	controls := flag.Int("controls", 100, "random circuits beside each")
	seed := flag.Uint64("seed", 0, "seed of the random circuits and of the intervals")
	flag.Parse()
	if err := necessity(context.Background(), os.Stdout, *model, *path, test{*k, *controls, *seed}); err != nil {
		fmt.Fprintln(os.Stderr, "necessity:", err)
		os.Exit(1)
	}
}

// A test says how a circuit is chosen and what it is compared with.
type test struct {
	k, controls int
	seed        uint64
}

func necessity(ctx context.Context, w io.Writer, model, path string, how test) error {
	all, err := behaviors.Read(path)
	if err != nil {
		return err
	}
	return write(ctx, w, model, all, how)
}

// write measures the behaviors and writes the table.
func write(ctx context.Context, w io.Writer, model string, all []behaviors.Behavior, how test) error {
	r, err := local.NewRunner(model)
	if err != nil {
		return err
	}
	defer r.Close()
	m := steer.New(model, r) // no store around it: the table is always computed
	t := table{how: how}
	for _, b := range all {
		row, err := how.run(ctx, m, b)
		if err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
		t.rows = append(t.rows, row)
	}
	_, err = io.WriteString(w, t.String())
	return err
}

// run finds the circuit of a behavior on the first half of its examples and ablates it on the other half.
func (how test) run(ctx context.Context, m *steer.Model, b behaviors.Behavior) (row, error) {
	found, tested := b.Halves()
	scores, err := m.Behavior(found).Run(ctx)
	if err != nil {
		return row{}, err
	}
	circuit := scores.Mean().Positive().TopK(how.k)
	curve, err := m.Sweep(circuit, 0).OnExamples(tested).Controls(how.controls).Seed(how.seed).Run(ctx)
	if err != nil {
		return row{}, err
	}
	off := curve.Doses()[0]
	hard, err := how.activeNull(ctx, m, circuit, tested, off.Change.Value)
	if err != nil {
		return row{}, err
	}
	equal, err := m.Faithfulness(circuit, tested).Ablation(steer.ZeroAblation).Sizes(circuit.Len()).Controls(how.controls).EquallyActive().Seed(how.seed).Run(ctx)
	if err != nil {
		return row{}, err
	}
	larger := int(math.Round(equal.Rows()[0].P*float64(how.controls+1))) - 1
	return row{b.Name, found.Len(), tested.Len(), circuit.Len(), curve.Unsteered(), off, hard, larger}, nil
}
