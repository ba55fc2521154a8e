// Command shapes measures models of the shapes that people use, with random weights: how long one takes to open, to attribute
// 16 tokens and to decode one, and the most memory that it takes. It writes each model to a folder once, 2.5 and 4.9 GB, and
// runs bench/ours on it.
//
//	go run ./bench/shapes [-dir DIR] [-ours bin/bench/ours] [-keep] [-json]
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/bench/measure"
)

func main() {
	dir := flag.String("dir", os.TempDir(), "folder for the models")
	ours := flag.String("ours", "bin/bench/ours", "the built program of bench/ours")
	keep := flag.Bool("keep", false, "leave the models there for another run")
	measure.Report("shapes", func() string { return "random weights" }, func(ctx context.Context) ([]measure.Row, error) { return run(ctx, *dir, *ours, *keep) })
}

// requests are what each model is asked; see bench/ours.
const requests = `{"do":"load"}
{"do":"attribute","lengths":[16]}
{"do":"attribute","lengths":[16]}
{"do":"decode","context":64}
`

func run(ctx context.Context, dir, ours string, keep bool) (rows []measure.Row, err error) {
	for i, s := range shapes {
		path := filepath.Join(dir, fmt.Sprintf("neuronsteer-shape-%d.gguf", i))
		if _, err := os.Stat(path); err != nil {
			if err := s.write(path); err != nil {
				return nil, err
			}
		}
		if !keep {
			defer os.Remove(path)
		}
		cmd := exec.CommandContext(ctx, ours, "-model", path)
		cmd.Stdin, cmd.Stderr = strings.NewReader(requests), os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		var answers []map[string]float64
		for line := range bytes.Lines(out) {
			var a map[string]float64
			if err := json.Unmarshal(line, &a); err != nil {
				return nil, err
			}
			answers = append(answers, a)
		}
		for _, r := range []struct {
			what, unit string
			value      float64
		}{
			{"open", "s", answers[0]["load_s"]}, {"attribution, T=16", "ms", answers[2]["ms"]}, {"a token at S=64", "ms", answers[3]["ms"]},
			{"peak memory of the attribution", "MB", answers[2]["peak_mb"]},
		} {
			rows = append(rows, measure.Row{What: s.name + ": " + r.what, Unit: r.unit, Ours: []float64{r.value}})
		}
	}
	return rows, nil
}
