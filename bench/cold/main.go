// Command cold measures a cold start: the wall time from exec to the first attribution of a model, with nothing in the
// result store. It prints one JSON line with the same fields as bench/peer/peer.py.
//
//	go run ./bench/cold [-model smollm2-135m-instruct] [-warm N]
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// prompt is 16 tokens of SmolLM2; target and versus are " Paris" and " London", as in peer.py: any two ids cost the same.
const (
	prompt         = "When Mary and John went to the store, John gave a drink to the old"
	target, versus = 7042, 4528
)

func main() {
	model := flag.String("model", "smollm2-135m-instruct", "model name or path")
	repeat := flag.Int("warm", 0, "further attributions, whose median is printed too")
	flag.Parse()
	if err := measure(context.Background(), *model, *repeat); err != nil {
		fmt.Fprintln(os.Stderr, "cold:", err)
		os.Exit(1)
	}
}

func measure(ctx context.Context, model string, repeat int) error {
	r, err := local.NewRunner(model)
	if err != nil {
		return err
	}
	defer r.Close()
	m := steer.New(model, r) // no store around it: every run computes
	if err := r.Load(ctx, nil); err != nil {
		return err
	}
	loaded := sinceExec()
	task := m.Attribute(prompt).TargetID(target).VersusID(versus)
	s, err := task.Run(ctx)
	if err != nil {
		return err
	}
	out := map[string]any{"T": len(s.Tokens()), "load_s": loaded, "first_s": sinceExec()}
	if repeat > 0 {
		out["attribute_ms"], err = median(ctx, task, repeat)
		if err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}

func median(ctx context.Context, task steer.AttributeTask, n int) (float64, error) {
	times := make([]float64, n)
	for i := range times {
		start := time.Now()
		if _, err := task.Run(ctx); err != nil {
			return 0, err
		}
		times[i] = float64(time.Since(start).Microseconds()) / 1e3
	}
	return middle(times), nil
}
