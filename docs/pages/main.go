// Command pages writes the pages of docs: one for each task of steer, made of what is there once. The example is the code
// of the task's Example function, the settings and the result's methods are those of the code with their doc comments, the
// words of the terminal and of a study come from the tables that read them, and the figure is drawn from the cell that
// the page shows. What no code says (what a task answers, when to use it and when not, what to beware of) stands in the
// list of tasks here, once.
//
//	go run ./docs/pages           # from the root of the repository
//
// It also writes the page of a study's file, from its schema. That schema and the page of the terminal are what the program
// itself prints: go test ./cmd/neuronsteer -run TestTerminalPage -regen. A test fails where a page of the repository is not
// what is made now.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

func main() {
	flag.Parse()
	files, err := write()
	for name, b := range files {
		if err == nil {
			err = save(name, b)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pages:", err)
		os.Exit(1)
	}
}

// write returns every page and picture by its path from the root of the repository, in which it must run.
func write() (files map[string][]byte, err error) {
	p, err := read("steer")
	if err != nil {
		return nil, err
	}
	cells, err := readCells()
	if err != nil {
		return nil, err
	}
	r, err := local.NewRunner("teaching")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	kept, err := os.MkdirTemp("", "pages") // a verdict is about what was kept
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(kept)) }()
	files = map[string][]byte{}
	for _, t := range tasks() {
		own, err := store.Open(filepath.Join(kept, t.slug())) // each cell stands alone
		if err != nil {
			return nil, err
		}
		keeps := store.Memo(r, own, func(context.Context) (steer.Identity, error) { return r.Identity() })
		picture, err := draw(files, t, steer.New("teaching", keeps))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		page, err := p.page(t, cells[t.name], picture)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		files[t.path()] = page
	}
	files["docs/README.md"] = index()
	files["docs/study.md"], err = studyPage()
	return files, err
}

func save(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return atomicfile.Write(name, b, 0o644)
}
