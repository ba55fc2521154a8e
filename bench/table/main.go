// Command table runs the benchmarks that people ask about and prints one table. A cold start and an attribution of SmolLM2
// at T=16 are measured in turn with the PyTorch peer's, where its environment is there; then come the rows of bench/behavior
// and bench/sweep, beside the same work one by one. `make bench` builds the programs and runs it; `make bench-peer` makes
// the peer's environment first.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/bench/measure"
)

func main() {
	bin := flag.String("bin", "bin/bench", "folder of the built programs cold, behavior and sweep")
	python := flag.String("python", ".local/peer/bin/python", "Python of the peer's environment")
	model := flag.String("model", ".local/peer/smollm2", "the model as a Hugging Face folder, for the peer")
	rounds := flag.Int("rounds", 7, "cold starts of each, in turn")
	starts := flag.Bool("starts", false, "measure the cold starts and attributions alone")
	flag.Parse()
	if err := table(context.Background(), *bin, *python, *model, max(*rounds, 1), *starts); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func table(ctx context.Context, bin, python, model string, rounds int, starts bool) error {
	_, err := os.Stat(python)
	peer := err == nil
	rows, err := cold(ctx, filepath.Join(bin, "cold"), python, model, rounds, peer)
	if err != nil {
		return err
	}
	for _, name := range []string{"behavior", "sweep"} {
		if starts {
			break
		}
		var more []measure.Row
		if err := output(ctx, &more, filepath.Join(bin, name), "-json"); err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	if err := measure.Print(os.Stdout, "SmolLM2-135M, float32", rows); err != nil {
		return err
	}
	if !peer {
		fmt.Println("PyTorch was not measured: make bench-peer")
	}
	return nil
}

// A start is the JSON line that bench/cold and bench/peer/peer.py print.
type start struct {
	Load      float64 `json:"load_s"`
	First     float64 `json:"first_s"`
	Attribute float64 `json:"attribute_ms"`
}

// cold measures cold starts, ours and the peer's in turn.
func cold(ctx context.Context, ours, python, model string, rounds int, peer bool) ([]measure.Row, error) {
	rows := []measure.Row{
		{What: "from exec to the loaded model", Unit: "s"},
		{What: "from exec to the first attribution, 16 tokens", Unit: "s"},
		{What: "an attribution when warm, 16 tokens", Unit: "ms"},
	}
	for range rounds {
		var a, b start
		if err := output(ctx, &a, ours, "-warm", "10"); err != nil {
			return nil, err
		}
		for i, v := range []float64{a.Load, a.First, a.Attribute} {
			rows[i].Ours = append(rows[i].Ours, v)
		}
		if !peer {
			continue
		}
		if err := output(ctx, &b, python, "bench/peer/peer.py", model, "16", "10"); err != nil {
			return nil, err
		}
		for i, v := range []float64{b.Load, b.First, b.Attribute} {
			rows[i].Beside, rows[i].Theirs = "PyTorch", append(rows[i].Theirs, v)
		}
	}
	return rows, nil
}

// output runs a program and decodes what it prints.
func output(ctx context.Context, into any, program string, args ...string) error {
	out, err := exec.CommandContext(ctx, program, args...).Output()
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return fmt.Errorf("%s: %w\n%s", program, err, e.Stderr)
	}
	if err != nil {
		return fmt.Errorf("%w; type: make bench", err)
	}
	if err := json.Unmarshal(out, into); err != nil {
		return fmt.Errorf("%s: %w", program, err)
	}
	return nil
}
