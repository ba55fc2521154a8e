// Command generate writes the data sets below testdata, or says what any set shares between its halves.
//
//	go run ./internal/behavior/generate -out testdata
//	go run ./internal/behavior/generate -check testdata/capitals.jsonl mine.jsonl
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/behavior"
	"github.com/neuronsteer/neuronsteer/steer"
)

func main() {
	out := flag.String("out", "testdata", "folder to write to; its teaching/behaviors.json is read")
	check := flag.Bool("check", false, "report what the halves of the named files share, and write nothing")
	flag.Parse()
	run := func() error { return write(*out) }
	if *check {
		run = func() error { return report(flag.Args()) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// write writes every file of the package below dir.
func write(dir string) error {
	teaching, err := os.ReadFile(filepath.Join(dir, "teaching", "behaviors.json"))
	if err != nil {
		return err
	}
	files, err := behavior.Files(teaching)
	if err != nil {
		return err
	}
	for name, lines := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, lines, 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%d files\n", len(files))
	return nil
}

// report prints the leakage of sets; a file whose name ends in -pairs.jsonl holds pairs. The frame of a set of this package
// is known by its name.
func report(paths []string) error {
	if len(paths) == 0 {
		return errors.New("name a file: -check testdata/capitals.jsonl")
	}
	for _, path := range paths {
		name, pairs := strings.CutSuffix(strings.TrimSuffix(filepath.Base(path), ".jsonl"), "-pairs")
		var frame []string
		for _, s := range behavior.Generated() {
			if s.Name == name {
				frame = s.Frame
			}
		}
		r, err := leakage(path, pairs, frame)
		if err != nil {
			return err
		}
		fmt.Printf("%s\n%v\n\n", path, r)
	}
	return nil
}

func leakage(path string, pairs bool, frame []string) (behavior.Report, error) {
	if pairs {
		ps, err := steer.Pairs(path).Read()
		return behavior.PairLeakage(ps, frame...), err
	}
	es, err := steer.Examples(path).Read()
	return behavior.Leakage(es, frame...), err
}
