// Command stability asks of every behavior of the teaching model what of a circuit is of the behavior and what of the choices that were
// made to find it: in how many of all reasonable circuits each neuron is, beside a null, and what each of these circuits does. It
// prints one table, in Markdown, beside what docs/studies/calibrate found of the same behaviors, and says what it shows. teaching.md is
// what it prints.
//
//	go run ./docs/studies/stability >docs/studies/stability/teaching.md
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

func main() {
	if err := stability(context.Background(), os.Stdout, "."); err != nil {
		fmt.Fprintln(os.Stderr, "stability:", err)
		os.Exit(1)
	}
}

// A row is what was found of one behavior.
type row struct {
	name     string
	of       steer.Multiverse
	strength string // that costs the calibration's budget, as its table has it
}

// stability analyzes all behaviors and writes the table.
func stability(ctx context.Context, w io.Writer, root string) error {
	bs, err := behaviors.Read(root + "/" + behaviors.Teaching)
	if err != nil {
		return err
	}
	calibrated, err := os.ReadFile(root + "/docs/studies/calibrate/teaching.md")
	if err != nil {
		return err
	}
	r, err := local.NewRunner("teaching")
	if err != nil {
		return err
	}
	defer r.Close()
	m := steer.New("teaching", r) // no store around it: the table is always computed
	var t table
	for _, b := range bs {
		v, err := analyze(ctx, m, b)
		if err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
		t = append(t, row{b.Name, v, strength(string(calibrated), b.Name)})
	}
	_, err = io.WriteString(w, t.String())
	return err
}

// analyze is the analysis of a behavior, on all of its examples.
func analyze(ctx context.Context, m *steer.Model, b behaviors.Behavior) (steer.Multiverse, error) {
	return m.Stability(m.Behavior(steer.NewExamples(b.Examples...))).Run(ctx)
}

// strength returns the multiplier above 1 with its interval that a table of calibrations has for a behavior at its second budget.
func strength(table, behavior string) string {
	const second = 6 // of the cells that a line has between its bars, the first being empty
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); strings.HasPrefix(line, "| "+behavior+" | ×2 |") && len(cells) > second {
			return strings.TrimSpace(cells[second])
		}
	}
	return ""
}
