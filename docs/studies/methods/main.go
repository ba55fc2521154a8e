// Command methods holds ways of finding neurons side by side on some behaviors of a model: what ablating as many neurons of each does,
// and how far its scores foretell what ablating single neurons does. It prints a table in Markdown and says what it shows.
// teaching.md and smollm2.md are what it prints for the behaviors that the two lists name.
//
//	go run ./docs/studies/methods >docs/studies/methods/teaching.md
//	go run ./docs/studies/methods -model smollm2-135m-instruct >docs/studies/methods/smollm2.md
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

func main() {
	model := flag.String("model", "teaching", "teaching or smollm2-135m-instruct")
	flag.Parse()
	if err := compare(context.Background(), os.Stdout, *model, "."); err != nil {
		fmt.Fprintln(os.Stderr, "methods:", err)
		os.Exit(1)
	}
}

// A plan is what is asked of a model.
type plan struct {
	size, steps, controls, exact int
	behaviors                    []string
}

// plans are those of the two tables. SmolLM2 is fifty times as large, so that it is asked for less.
var plans = map[string]plan{
	"teaching":              {20, 10, 100, 1024, []string{"agreement", "country_capital", "antonym", "indirect_object", "sentiment"}},
	"smollm2-135m-instruct": {20, 3, 19, 180, []string{"capitals", "antonyms", "agreement"}},
}

// most is how many examples of a list of SmolLM2's a circuit is found on, and how many it is tested on.
const most = 6

// sets returns the examples that a behavior's neurons are found on and those that they are tested on.
func sets(model, root, name string) (found, tested steer.ExampleSet, err error) {
	if model == "teaching" {
		bs, err := behaviors.Read(root + "/" + behaviors.Teaching)
		for _, b := range bs {
			if b.Name == name {
				found, tested = b.Halves()
			}
		}
		return found, tested, err
	}
	all := steer.Examples(root + "/testdata/" + name + ".jsonl")
	first := func(s steer.ExampleSet) steer.ExampleSet {
		es := s.All()
		return steer.NewExamples(es[:min(most, len(es))]...)
	}
	_, err = all.Read()
	return first(all.Train()), first(all.Test()), err
}

// compare runs the plan of a model and writes the table.
func compare(ctx context.Context, w io.Writer, model, root string) error {
	p, ok := plans[model]
	if !ok {
		return fmt.Errorf("there is no plan for %q", model)
	}
	r, err := local.NewRunner(model)
	if err != nil {
		return err
	}
	defer r.Close()
	m := steer.New(model, r) // no store around it: the table is always computed
	t := table{model: model, plan: p}
	for _, name := range p.behaviors {
		c, err := p.run(ctx, m, root, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		t.rows = append(t.rows, compared{name, c})
	}
	_, err = io.WriteString(w, t.String())
	return err
}

// run compares the methods on a behavior.
func (p plan) run(ctx context.Context, m *steer.Model, root, name string) (steer.MethodComparison, error) {
	found, tested, err := sets(m.Name(), root, name)
	if err != nil {
		return steer.MethodComparison{}, err
	}
	return m.Methods(m.Behavior(found)).OnExamples(tested).TopK(p.size).Steps(p.steps).Controls(p.controls).Exact(p.exact).Run(ctx)
}
