// Command sink asks how much of a relevance attribution sits on the first position, and whether scores there mean what
// scores elsewhere mean. It explains the model's first choice against its runner-up on twenty short prompts
// (steer.DiverseTexts). Of each it gives the share of Σ|score| on the first position, how many of the 20 largest entries
// are there, how much attention the last token pays to it, and, for the ten largest entries there and elsewhere, the sum
// of their scores beside what setting those ten to zero, at their positions alone, takes off the metric. Then it counts
// which neurons the large entries there are of, once more with a marker before every prompt, and measures how long the
// residual stream is there and elsewhere. smollm2.md is what it prints; the package doc of steer quotes that.
//
//	go run ./docs/studies/sink >docs/studies/sink/smollm2.md
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

func main() {
	model := flag.String("model", "smollm2-135m-instruct", "model name or path")
	marker := flag.String("marker", "<|im_start|>", "special token to put before the prompts; none where it is empty")
	flag.Parse()
	s, err := measure(context.Background(), *model, *marker, steer.DiverseTexts())
	if err == nil {
		_, err = fmt.Print(s)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "sink:", err)
		os.Exit(1)
	}
}

// A study is what was measured of one model.
type study struct {
	model, marker string
	rows          []row
	named         []counted // neurons of the large entries at the first position, most prompts first
	lengths       []length  // of the residual stream, by layer
}

func measure(ctx context.Context, model, marker string, prompts []string) (s study, err error) {
	r, err := local.NewRunner(model)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	m := steer.New(model, r) // no store around it: the tables are always computed
	s.model, s.marker = model, marker
	plain, err := attribute(ctx, m, "", prompts)
	if err != nil {
		return s, err
	}
	for i, p := range prompts {
		x, err := measureRow(ctx, m, p, plain.Example(i))
		if err != nil {
			return s, err
		}
		s.rows = append(s.rows, x)
	}
	if s.named, err = name(ctx, m, marker, prompts, plain); err != nil {
		return s, err
	}
	s.lengths, err = lengths(ctx, m, prompts)
	return s, err
}

// attribute explains the first choice against the runner-up after each prompt, with something before it.
func attribute(ctx context.Context, m *steer.Model, before string, prompts []string) (steer.BehaviorScores, error) {
	var examples []steer.Example
	for _, p := range prompts {
		examples = append(examples, steer.Example{Prompt: before + p})
	}
	return m.Behavior(steer.NewExamples(examples...)).TargetTop().VersusRunnerUp().KeepBOS().Run(ctx)
}
