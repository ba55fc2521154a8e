package gonbext

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
)

// Save writes a result, or what a task gives, to files, each in the format of its ending, and says so in a line:
//
//	nb.Save(top, "circuit.json", "circuit.md")
//	nb.Save(praise, "scores.npy", "scores.csv")
//	nb.Save(plotting.ByLayer(praise), "layers.pdf")
//
// Every result has .csv, .tsv, .json, .jsonl, .npy, .parquet, .md and .tex (steer.Save says which has more), a figure .png, .svg and
// .pdf. A file is replaced as a whole or not at all; one that cannot be written ends the cell with a card, which names the
// formats that there are.
func Save(x any, paths ...string) {
	at := caller()
	if err := save(given(x, at), paths); err != nil {
		here.fail(err, at)
	}
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = filepath.Base(p)
	}
	s := here.screen()
	s.send(bundle{text: fmt.Sprintf("saved %s", strings.Join(names, ", "))})
	s.sync()
}

// save writes a figure or a result.
func save(x any, paths []string) error {
	if f, ok := x.(interface{ Save(paths ...string) error }); ok {
		return f.Save(paths...)
	}
	return steer.Save(x, paths...)
}
