// Command table runs the benchmarks that people ask about and prints one table: ours and PyTorch's figures from the same
// run, each measured in turn, as medians and ratios, losses included. `make bench` builds the programs and runs it; `make
// bench-peer` makes PyTorch's environment first.
//
// Both programs answer the same requests (bench/ours, bench/peer/peer.py): cold ones in a new process each, warm ones in one
// process each. The table waits until other programs leave the machine alone, and says what it saw of them.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/neuronsteer/neuronsteer/bench/measure"
)

type options struct {
	bin, python, folder string // folder is the model as PyTorch reads it
	model               string // as we read it
	rounds              int
	growth, all, busy   bool
	shapes, cells       bool
	out                 string
}

func main() {
	var o options
	flag.StringVar(&o.bin, "bin", "bin/bench", "folder of the built programs")
	flag.StringVar(&o.python, "python", ".local/peer/bin/python", "Python of the peer's environment")
	flag.StringVar(&o.folder, "folder", ".local/peer/smollm2", "the model as a Hugging Face folder, for the peer")
	flag.StringVar(&o.model, "model", measure.DefaultModel, "the model for us, by name or path")
	flag.IntVar(&o.rounds, "rounds", 7, "measurements of each, in turn")
	flag.BoolVar(&o.growth, "growth", false, "also prompts of up to 2,048 tokens, and up to 32 prompts")
	flag.BoolVar(&o.all, "all", false, "also behaviors and sweeps beside the same work one by one")
	flag.BoolVar(&o.cells, "cells", false, "also what a notebook's user waits for: a first cell, a card, a figure; alone: make bench-cells")
	flag.BoolVar(&o.shapes, "shapes", false, "also models of 1.2 and 8 billion random weights, of which 7 GB are written to a temporary folder")
	flag.BoolVar(&o.busy, "busy", false, "measure although other programs run")
	flag.StringVar(&o.out, "out", "", "also write the table to this `FILE`, as Markdown")
	flag.Parse()
	if err := table(context.Background(), o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func table(ctx context.Context, o options) error {
	ours := func(ctx context.Context) (*asked, error) {
		return begin(ctx, filepath.Join(o.bin, "ours"), "-model", o.model)
	}
	peer := func(ctx context.Context) (*asked, error) { return begin(ctx, o.python, "bench/peer/peer.py", o.folder) }
	if _, err := os.Stat(o.python); err != nil {
		peer = nil
	}
	wait := 10 * time.Minute
	if o.busy {
		wait = 0
	}
	load, err := measure.Idle(ctx, wait)
	if err != nil && !o.busy {
		return err
	}
	rows, err := cold(ctx, ours, peer, o.rounds)
	if err != nil {
		return err
	}
	more, err := warm(ctx, ours, peer, o.rounds, o.growth)
	if err != nil {
		return err
	}
	rows = append(rows, more...)
	for _, name := range []string{"behavior", "sweep"} {
		if !o.all {
			break
		}
		var more []measure.Row
		if err := output(ctx, &more, filepath.Join(o.bin, name), "-model", o.model, "-json"); err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	if o.cells {
		var more []measure.Row
		if err := output(ctx, &more, filepath.Join(o.bin, "cells"), "-json"); err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	if o.shapes {
		var more []measure.Row
		if err := output(ctx, &more, filepath.Join(o.bin, "shapes"), "-ours", filepath.Join(o.bin, "ours"), "-json"); err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	title := fmt.Sprintf("%s on %d processors of %s; others took %.2f of them before", o.model, runtime.NumCPU(), measure.Machine(), load)
	if err := measure.Print(os.Stdout, title, rows); err != nil {
		return err
	}
	if peer == nil {
		fmt.Println("PyTorch was not measured: make bench-peer")
	}
	if o.out == "" {
		return nil
	}
	f, err := os.Create(o.out)
	if err != nil {
		return err
	}
	return errors.Join(write(f, title, rows), f.Close())
}

// write is the table as a document.
func write(w io.Writer, title string, rows []measure.Row) error {
	fmt.Fprintf(w, "# Benchmarks\n\nMade by `make bench-peer` on %s: %s.\nMedians of at least 7, in turn with what stands beside; "+
		"a ratio below 1 is in our favor. PyTorch is bench/peer/peer.py: float32, the fastest that it gives for the same numbers.\n\n",
		time.Now().Format(time.DateOnly), title)
	return measure.Markdown(w, rows)
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
