// Command table measures the cold start and the attribution of SmolLM2 at T=16, ours and the PyTorch peer's in turn, and
// prints one table with medians and ratios. `make bench` runs it; `make bench-peer` makes the peer's environment first.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
)

// A run is the JSON line that both programs print.
type run struct {
	T         int     `json:"T"`
	Load      float64 `json:"load_s"`
	First     float64 `json:"first_s"`
	Attribute float64 `json:"attribute_ms"`
}

func main() {
	ours := flag.String("ours", "bin/cold", "the built bench/cold")
	python := flag.String("python", ".local/peer/bin/python", "Python of the peer's environment")
	model := flag.String("model", ".local/peer/smollm2", "the model as a Hugging Face folder")
	rounds := flag.Int("rounds", 7, "runs of each, in turn")
	flag.Parse()
	if err := table(context.Background(), *ours, *python, *model, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func table(ctx context.Context, ours, python, model string, rounds int) error {
	if rounds < 1 {
		return fmt.Errorf("-rounds is %d; give at least 1", rounds)
	}
	if _, err := os.Stat(ours); err != nil {
		return fmt.Errorf("%w; type: make bench, or go build -o %s ./bench/cold", err, ours)
	}
	_, err := os.Stat(python)
	peer := err == nil
	var a, b []run
	for range rounds {
		r, err := measure(ctx, ours, "-warm", "10")
		if err != nil {
			return err
		}
		a = append(a, r)
		if !peer {
			continue
		}
		if r, err = measure(ctx, python, "bench/peer/peer.py", model, "16", "10"); err != nil {
			return err
		}
		b = append(b, r)
	}
	fmt.Printf("SmolLM2-135M, T=16, float32, %d runs each in turn; median [least–most]\n", rounds)
	fmt.Printf("%-34s %-26s %-26s %s\n", "", "neuronsteer", "PyTorch", "ratio")
	row("exec to model loaded, s", a, b, func(r run) float64 { return r.Load })
	row("exec to first attribution, s", a, b, func(r run) float64 { return r.First })
	row("attribution, warm, ms", a, b, func(r run) float64 { return r.Attribute })
	if !peer {
		fmt.Println("PyTorch was not measured: make bench-peer")
	}
	return nil
}

func measure(ctx context.Context, program string, args ...string) (r run, err error) {
	cmd := exec.CommandContext(ctx, program, args...)
	out, err := cmd.Output()
	if err != nil {
		if e, ok := errors.AsType[*exec.ExitError](err); ok {
			return r, fmt.Errorf("%s: %w\n%s", program, err, e.Stderr)
		}
		return r, err
	}
	return r, json.Unmarshal(out, &r)
}

func row(what string, a, b []run, of func(run) float64) {
	x, y := values(a, of), values(b, of)
	ratio := ""
	if len(y) > 0 {
		ratio = fmt.Sprintf("%.2f", middle(x)/middle(y))
	}
	fmt.Printf("%-34s %-26s %-26s %s\n", what, spread(x), spread(y), ratio)
}

func values(rs []run, of func(run) float64) []float64 {
	var out []float64
	for _, r := range rs {
		out = append(out, of(r))
	}
	slices.Sort(out)
	return out
}

func middle(x []float64) float64 { return (x[(len(x)-1)/2] + x[len(x)/2]) / 2 }

func spread(x []float64) string {
	if len(x) == 0 {
		return "–"
	}
	return fmt.Sprintf("%.3g [%.3g–%.3g]", middle(x), x[0], x[len(x)-1])
}
