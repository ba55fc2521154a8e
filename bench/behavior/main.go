// Command behavior measures what a behavior over 32 examples costs beside 32 attributions one by one: once with prompts of
// 8 to 16 tokens, once with prompts of 32, on the same engine in the same process. The single ones run half before and
// half after the batch.
//
//	go run ./bench/behavior [-model smollm2-135m-instruct] [-rounds 3] [-json]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/bench/measure"
	"github.com/neuronsteer/neuronsteer/steer"
)

const examples = 32

var rounds = flag.Int("rounds", 3, "measurements of each")

func main() { measure.Main("behavior", rows) }

func rows(ctx context.Context, ref string) (out []measure.Row, err error) {
	m, err := measure.Open(ctx, ref)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	for _, long := range []bool{false, true} {
		set, tokens, err := prompts(ctx, m, long)
		if err != nil {
			return nil, err
		}
		rs, err := compare(ctx, m, set, fmt.Sprintf("a behavior of %d examples of %s tokens", examples, tokens))
		if err != nil {
			return nil, err
		}
		out = append(out, rs...)
	}
	return out, nil
}

// prompts returns the examples, and their numbers of tokens in words. Long ones are cut to 32 tokens.
func prompts(ctx context.Context, m *measure.Model, long bool) ([]steer.Example, string, error) {
	var out []steer.Example
	least, most := 1<<30, 0
	for i := range examples {
		text := measure.Prompts[i%len(measure.Prompts)]
		if long {
			ts, err := m.Tokens(strings.Repeat(text+". ", 5)).Run(ctx)
			if err != nil {
				return nil, "", err
			}
			text = strings.Repeat(text+". ", 5)[:ts.All()[31].End]
		}
		ts, err := m.Tokens(text).Run(ctx)
		if err != nil {
			return nil, "", err
		}
		n := len(ts.IDs())
		least, most = min(least, n), max(most, n)
		out = append(out, steer.Example{Prompt: text, Target: " Paris", Versus: " London"}) // any two words cost the same
	}
	if least == most {
		return out, fmt.Sprint(most), nil
	}
	return out, fmt.Sprintf("%d–%d", least, most), nil
}

func compare(ctx context.Context, m *measure.Model, set []steer.Example, what string) ([]measure.Row, error) {
	single := func(es []steer.Example) error {
		for _, e := range es {
			if _, err := m.Attribute(e.Prompt).Target(e.Target).Versus(e.Versus).Run(ctx); err != nil {
				return err
			}
		}
		return nil
	}
	batch := func() error {
		_, err := m.Behavior(steer.NewExamples(set...)).Run(ctx)
		return err
	}
	if err := errors.Join(single(set[:len(measure.Prompts)]), batch()); err != nil { // compile every shape once
		return nil, err
	}
	wall := measure.Row{What: what, Unit: "s", Beside: "one by one"}
	processor := measure.Row{What: what, Unit: "processor s", Beside: "one by one"}
	for range max(*rounds, 1) {
		var alone, together measure.Cost
		if err := alone.Add(func() error { return single(set[:examples/2]) }); err != nil {
			return nil, err
		}
		if err := together.Add(batch); err != nil {
			return nil, err
		}
		if err := alone.Add(func() error { return single(set[examples/2:]) }); err != nil {
			return nil, err
		}
		wall.Ours, wall.Theirs = append(wall.Ours, together.Wall), append(wall.Theirs, alone.Wall)
		processor.Ours, processor.Theirs = append(processor.Ours, together.CPU), append(processor.Theirs, alone.CPU)
	}
	return []measure.Row{wall, processor}, nil
}
