// Command pages checks HTML pages and executed notebooks, those of folders too, and ends with status 1 where anything is wrong.
//
//	go run ./internal/pagecheck/pages out/notebooks docs
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/pagecheck"
)

func main() {
	looked, wrong := 0, 0
	for _, arg := range os.Args[1:] {
		err := filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			found, ok, err := check(path)
			if ok {
				looked++
			}
			for _, f := range found {
				wrong++
				fmt.Println(f)
			}
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	fmt.Printf("%d pages and notebooks, %d findings\n", looked, wrong)
	if wrong > 0 || looked == 0 {
		os.Exit(1)
	}
}

// check checks one file; ok is false for what is neither a page nor a notebook.
func check(path string) (found []pagecheck.Finding, ok bool, err error) {
	switch {
	case strings.HasSuffix(path, ".html"):
		b, err := os.ReadFile(path)
		return pagecheck.Page(path, b), true, err
	case strings.HasSuffix(path, ".ipynb"):
		found, err = pagecheck.Notebook(path)
		return found, true, err
	}
	return nil, false, nil
}
