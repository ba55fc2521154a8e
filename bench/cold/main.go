// Command cold measures a cold start: the wall time from exec to the first attribution of a model, with nothing in the
// result store. It prints one JSON line with the same fields as bench/peer/peer.py; bench/table runs both in turn.
//
//	go run ./bench/cold [-model smollm2-135m-instruct] [-warm N]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/neuronsteer/neuronsteer/bench/measure"
)

// prompt is 16 tokens of SmolLM2.
const prompt = "When Mary and John went to the store, John gave a drink to the old"

func main() {
	model := flag.String("model", measure.DefaultModel, "model name or path")
	warm := flag.Int("warm", 0, "further attributions, whose median is printed too")
	flag.Parse()
	if err := cold(context.Background(), *model, *warm); err != nil {
		fmt.Fprintln(os.Stderr, "cold:", err)
		os.Exit(1)
	}
}

func cold(ctx context.Context, ref string, warm int) (err error) {
	m, err := measure.Open(ctx, ref)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	loaded := measure.SinceExec()
	task := m.Attribute(prompt).TargetID(measure.Target).VersusID(measure.Versus)
	s, err := task.Run(ctx)
	if err != nil {
		return err
	}
	out := map[string]any{"T": len(s.Tokens()), "load_s": loaded, "first_s": measure.SinceExec()}
	var times []float64
	for range warm {
		var c measure.Cost
		if err := c.Add(func() error { _, err := task.Run(ctx); return err }); err != nil {
			return err
		}
		times = append(times, 1e3*c.Wall)
	}
	if warm > 0 {
		out["attribute_ms"] = measure.Median(times)
	}
	return json.NewEncoder(os.Stdout).Encode(out)
}
