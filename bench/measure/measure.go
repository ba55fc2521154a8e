// Package measure is what the benchmarks have in common: a model without a store, the clocks, medians and one table.
//
// A benchmark is a program of one package below bench. It measures what we do and what stands beside it in turn, in one
// run, so that a machine that grows slower or faster meanwhile favors neither, and gives [Row]s. Alone it prints them;
// with -json it writes them for bench/table, which prints the rows of all benchmarks as one table.
package measure

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

// Main runs a benchmark that takes a model: it reads the flags, -model and -json among them, and prints the rows.
func Main(name string, rows func(ctx context.Context, model string) ([]Row, error)) {
	model := flag.String("model", DefaultModel, "model name or path")
	Report(name, func() string { return *model }, func(ctx context.Context) ([]Row, error) { return rows(ctx, *model) })
}

// Report parses the flags, and prints the rows under their title, or writes them as JSON. The program of this name ends with status 1
// where there are none.
func Report(name string, title func() string, rows func(ctx context.Context) ([]Row, error)) {
	lines := flag.Bool("json", false, "write the rows as JSON")
	flag.Parse()
	rs, err := rows(context.Background())
	if err == nil {
		if *lines {
			err = json.NewEncoder(os.Stdout).Encode(rs)
		} else {
			err = Print(os.Stdout, title(), rs)
		}
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}
