// Command cells measures what a notebook's user waits for, through the kernel "Go (neuronsteer)" itself: the first cell of a new
// notebook in an empty folder, sent once the kernel answers, with a warm cache of Go's; and a card and a figure beyond the same cell
// without them, in turn. Every cell has a text of its own, since Go's cache hides the cost of a repeated one.
//
//	go run ./bench/cells [-rounds 15] [-json]
//
// It needs a clone that is set up (make setup build).
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/bench/measure"
)

func main() {
	rounds := flag.Int("rounds", 15, "measurements of each, in turn")
	measure.Report("cells", func() string { return "cells of a notebook, the teaching model" }, func(ctx context.Context) ([]measure.Row, error) { return run(ctx, *rounds) })
}

// declared is what the cells that are timed find: a result that is computed once, before.
const declared = `var m = nb.Model("teaching")
var praise = nb.Run(m.Attribute("I loved the film. It was").Target(" wonderful").Versus(" terrible"))
%%
nb.Show(praise.TopK(1))`

// pairs are cells with something shown and the same without; each has a place for a text.
var pairs = []struct{ what, with, without string }{
	{"a card", "%%%%\ntop := praise.TopK(20)\nnb.Show(%q, top)", "%%%%\ntop := praise.TopK(20)\nnb.Show(%q, top.Len())"},
	{"a figure", "%%%%\ntop := praise.TopK(20)\nnb.Show(%q, top.Len(), plotting.ByLayer(praise))", "%%%%\ntop := praise.TopK(20)\nnb.Show(%q, top.Len())"},
}

func run(ctx context.Context, rounds int) (rows []measure.Row, err error) {
	dir, err := os.MkdirTemp("", "cells")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	data := filepath.Join(dir, "jupyter")
	install := exec.CommandContext(ctx, filepath.Join("bin", "neuronsteer"), "kernel", "install")
	install.Env = append(os.Environ(), "JUPYTER_DATA_DIR="+data)
	if out, err := install.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("kernel install: %w\n%s", err, out)
	}
	k, err := start(ctx, dir, data)
	if err != nil {
		return nil, err
	}
	defer k.end()
	first := measure.Row{What: "the first cell of a new notebook, warm", Unit: "s", Beside: "the cell after it"}
	for i := range rounds + 1 {
		if _, err := k.ask("restart", ""); err != nil {
			return nil, err
		}
		var took [2]float64
		for j := range took {
			if took[j], err = k.ask("execute", fmt.Sprintf("%%%%\nnb.Show(\"%d of notebook %d\")", j, i)); err != nil {
				return nil, err
			}
		}
		if i > 0 { // the one before has filled the cache
			first.Ours, first.Theirs = append(first.Ours, took[0]), append(first.Theirs, took[1])
		}
	}
	rows = append(rows, first)
	if _, err := k.ask("execute", declared); err != nil {
		return nil, err
	}
	for _, p := range pairs {
		row := measure.Row{What: p.what + ", beyond the same cell without it", Unit: "ms", Beside: "that cell"}
		for i := range rounds + 1 {
			text := fmt.Sprintf("%s %d", p.what, i)
			with, err := k.ask("execute", fmt.Sprintf(p.with, text))
			if err != nil {
				return nil, err
			}
			without, err := k.ask("execute", fmt.Sprintf(p.without, text))
			if err != nil {
				return nil, err
			}
			if i > 0 {
				row.Ours, row.Theirs = append(row.Ours, 1e3*(with-without)), append(row.Theirs, 1e3*without)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}
