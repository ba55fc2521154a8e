// Command sweep measures what a sweep costs beside the same forward passes one by one: 13 multipliers, 8 prompts of 8 to
// 16 tokens, a circuit and 20 random controls, once with everything from layer 10 up and once with layer 0. It also says
// how long a canceled sweep takes to end, and how often a sweep tells how far it is. Half of the single passes run before
// the sweep and half after it.
//
//	go run ./bench/sweep [-model smollm2-135m-instruct] [-every 8] [-from 10] [-json]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"github.com/neuronsteer/neuronsteer/bench/measure"
	"github.com/neuronsteer/neuronsteer/steer"
)

const (
	controls = 20
	k        = 20 // neurons of a circuit
)

var (
	every = flag.Int("every", 8, "time each n-th of the single passes and scale up; 1 times all")
	from  = flag.Int("from", 10, "lowest layer of the first circuit")
)

func main() { measure.Main("sweep", rows) }

func rows(ctx context.Context, ref string) (out []measure.Row, err error) {
	m, err := measure.Open(ctx, ref)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	if err := m.CheckPrompts(ctx); err != nil {
		return nil, err
	}
	b := bench{m, steer.Range(0, 3, .25)}
	for _, lowest := range []int{*from, 0} {
		rs, err := b.rows(ctx, lowest, max(*every, 1))
		if err != nil {
			return nil, err
		}
		out = append(out, rs...)
	}
	return out, nil
}

// rows measures one circuit.
func (b bench) rows(ctx context.Context, lowest, every int) ([]measure.Row, error) {
	circuit := b.circuit(lowest)
	singles, err := b.singles(circuit)
	if err != nil {
		return nil, err
	}
	var timed []single
	for i := 0; i < len(singles); i += every {
		timed = append(timed, singles[i])
	}
	if err := b.warm(ctx, circuit, timed); err != nil {
		return nil, err
	}
	var swept, alone measure.Cost
	if err := alone.Add(func() error { return b.oneByOne(ctx, timed[:len(timed)/2]) }); err != nil {
		return nil, err
	}
	events := 0
	if err := swept.Add(func() error {
		_, err := steer.Fetch(ctx, b.sweep(circuit), func(steer.Event) { events++ })
		return err
	}); err != nil {
		return nil, err
	}
	if err := alone.Add(func() error { return b.oneByOne(ctx, timed[len(timed)/2:]) }); err != nil {
		return nil, err
	}
	cancel, err := b.cancel(ctx, circuit)
	if err != nil {
		return nil, err
	}
	alone = alone.Times(float64(len(singles)) / float64(len(timed)))
	what := fmt.Sprintf("a sweep from layer %d up, %d multipliers × %d prompts × %d circuits", lowest, len(b.xs), len(measure.Prompts), controls+1)
	passes := fmt.Sprintf("%d passes one by one", len(singles))
	return []measure.Row{
		{What: what, Unit: "s", Ours: []float64{swept.Wall}, Beside: passes, Theirs: []float64{alone.Wall}},
		{What: what, Unit: "processor s", Ours: []float64{swept.CPU}, Beside: passes, Theirs: []float64{alone.CPU}},
		{What: "  events of progress", Unit: "number", Ours: []float64{float64(events)}},
		{What: "  from cancel to its end", Unit: "s", Ours: []float64{cancel.Seconds()}},
	}, nil
}
