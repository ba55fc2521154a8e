// Command sweep measures what a sweep costs beside the same forward passes one by one: 13 multipliers, 8 prompts of 8 to
// 16 tokens, a circuit and 20 random controls, once with everything from layer 10 up and once with layer 0. It prints one
// table: wall and processor time, events of progress, and how long a canceled sweep takes to end.
//
//	go run ./bench/sweep [-model smollm2-135m-instruct] [-every 8]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// prompts have 8 to 16 tokens of SmolLM2.
var prompts = []string{
	"The capital of the country of France is",
	"The keys to the old wooden cabinet in the hall",
	"When Mary and John went to the store, John gave a drink to",
	"I loved the film because the acting was really",
	"The opposite of the word hot is the word",
	"Monday, Tuesday, Wednesday, Thursday and then",
	"The largest ocean on the whole of Earth is the",
	"She opened the door very slowly and then she saw that there was",
}

const (
	controls = 20
	k        = 20 // neurons of a circuit
	target   = 7042
	versus   = 4528 // any two ids cost the same
)

func main() {
	model := flag.String("model", "smollm2-135m-instruct", "model name or path")
	every := flag.Int("every", 8, "time each n-th of the single passes and scale up; 1 times all")
	from := flag.Int("from", 10, "lowest layer of the first circuit")
	flag.Parse()
	if err := measure(context.Background(), *model, *from, max(*every, 1)); err != nil {
		fmt.Fprintln(os.Stderr, "sweep:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, ref string, from, every int) error {
	found, err := modelref.Resolve(ref)
	if err != nil {
		return err
	}
	loaded, err := local.Load(ctx, found, nil)
	if err != nil {
		return err
	}
	defer loaded.Close()
	b := bench{loaded, steer.New(ref, steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		return steer.Execute(ctx, loaded.Engine, loaded.Text, r, emit)
	})), steer.Range(0, 3, .25)}
	if err := b.lengths(ctx); err != nil {
		return err
	}
	fmt.Printf("%s, %s: %d multipliers × %d prompts × (1 circuit + %d controls), %d neurons each\n",
		ref, loaded.Engine.Name(), len(b.xs), len(prompts), controls, k)
	fmt.Printf("%-18s %9s %10s %14s %8s %12s %16s %8s %8s %10s\n", "circuit", "passes", "sweep, s", "one by one, s", "ratio",
		"sweep, CPU s", "one by one, CPU s", "ratio", "events", "cancel, s")
	for _, lowest := range []int{from, 0} {
		if err := b.row(ctx, lowest, every); err != nil {
			return err
		}
	}
	return nil
}

// row measures one circuit: half of the single passes before the sweep and half after it, so that a machine that grows
// slower or faster meanwhile favors neither.
func (b bench) row(ctx context.Context, lowest, every int) error {
	circuit := b.circuit(lowest)
	singles, err := b.singles(circuit)
	if err != nil {
		return err
	}
	var timed []single
	for i := 0; i < len(singles); i += every {
		timed = append(timed, singles[i])
	}
	if err := b.warm(ctx, circuit, timed); err != nil {
		return err
	}
	before, err := b.oneByOne(ctx, timed[:len(timed)/2])
	if err != nil {
		return err
	}
	events, start := 0, now()
	if _, err := steer.Fetch(ctx, b.sweep(circuit), func(steer.Event) { events++ }); err != nil {
		return err
	}
	swept := start.since()
	after, err := b.oneByOne(ctx, timed[len(timed)/2:])
	if err != nil {
		return err
	}
	cancel, err := b.cancel(ctx, circuit)
	if err != nil {
		return err
	}
	scale := float64(len(singles)) / float64(len(timed))
	wall, processor := scale*(before.wall+after.wall), scale*(before.cpu+after.cpu)
	fmt.Printf("%-18s %9d %10.1f %14.1f %8.2f %12.1f %16.1f %8.2f %8d %10.2f\n", fmt.Sprintf("from layer %d up", lowest), len(singles),
		swept.wall, wall, swept.wall/wall, swept.cpu, processor, swept.cpu/processor, events, cancel.Seconds())
	return nil
}
