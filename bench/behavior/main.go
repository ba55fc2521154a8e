// Command behavior measures what a behavior over 32 examples costs beside 32 attributions one by one: once with prompts of
// 8 to 16 tokens, once with prompts of 32, on the same engine in the same process. It prints one table. The single ones
// run half before and half after the batch, so that a machine that grows slower or faster meanwhile favors neither; beside
// the clock stands the processor time, which other work on the machine hardly changes.
//
//	go run ./bench/behavior [-model smollm2-135m-instruct] [-rounds 3]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// beginnings have 8 to 16 tokens of SmolLM2.
var beginnings = []string{
	"The capital of the country of France is",
	"The keys to the old wooden cabinet in the hall",
	"When Mary and John went to the store, John gave a drink to",
	"I loved the film because the acting was really",
	"The opposite of the word hot is the word",
	"Monday, Tuesday, Wednesday, Thursday and then",
	"The largest ocean on the whole of Earth is the",
	"She opened the door very slowly and then she saw that there was",
}

const examples = 32

func main() {
	model := flag.String("model", "smollm2-135m-instruct", "model name or path")
	rounds := flag.Int("rounds", 3, "measurements; the table shows each and the median of the ratios")
	flag.Parse()
	if err := measure(context.Background(), *model, max(*rounds, 1)); err != nil {
		fmt.Fprintln(os.Stderr, "behavior:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, ref string, rounds int) error {
	found, err := modelref.Resolve(ref)
	if err != nil {
		return err
	}
	loaded, err := local.Load(ctx, found, nil)
	if err != nil {
		return err
	}
	defer loaded.Close()
	m := steer.New(ref, steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		return steer.Execute(ctx, loaded.Engine, loaded.Text, r, emit)
	}))
	fmt.Printf("%s, %s: %d examples\n%-8s %7s %6s %12s %14s %7s %14s\n", ref, loaded.Engine.Name(), examples, "prompts", "tokens", "round", "behavior, s", "one by one, s", "ratio", "of processor s")
	for _, long := range []bool{false, true} {
		set, tokens, err := prompts(ctx, m, long)
		if err != nil {
			return err
		}
		if err := compare(ctx, m, set, map[bool]string{false: "short", true: "long"}[long], tokens, rounds); err != nil {
			return err
		}
	}
	return nil
}

// prompts returns the examples, and their numbers of tokens in words. Long ones are cut to 32 tokens.
func prompts(ctx context.Context, m *steer.Model, long bool) ([]steer.Example, string, error) {
	var out []steer.Example
	least, most := 1<<30, 0
	for i := range examples {
		text := beginnings[i%len(beginnings)]
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
	return out, fmt.Sprintf("%d–%d", least, most), nil
}

func compare(ctx context.Context, m *steer.Model, set []steer.Example, name, tokens string, rounds int) error {
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
	if err := single(set[:len(beginnings)]); err != nil { // compile every shape once
		return err
	}
	if err := batch(); err != nil {
		return err
	}
	var clocks, processors []float64
	for r := range rounds {
		var alone, together cost
		if err := alone.add(func() error { return single(set[:examples/2]) }); err != nil {
			return err
		}
		if err := together.add(batch); err != nil {
			return err
		}
		if err := alone.add(func() error { return single(set[examples/2:]) }); err != nil {
			return err
		}
		clocks, processors = append(clocks, together.clock/alone.clock), append(processors, together.processor/max(alone.processor, 1e-9))
		fmt.Printf("%-8s %7s %6d %12.2f %14.2f %7.2f %14.2f\n", name, tokens, r+1, together.clock, alone.clock, clocks[r], processors[r])
	}
	slices.Sort(clocks)
	slices.Sort(processors)
	fmt.Printf("%-8s %7s median %35.2f %14.2f\n", name, tokens, clocks[rounds/2], processors[rounds/2])
	return nil
}

// cost is what something took, in seconds.
type cost struct{ clock, processor float64 }

func (c *cost) add(f func() error) error {
	start, used := time.Now(), cpu()
	err := f()
	c.clock += time.Since(start).Seconds()
	c.processor += (cpu() - used).Seconds()
	return err
}
