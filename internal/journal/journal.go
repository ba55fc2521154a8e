package journal

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// A Journal is a folder with what a session has shown: a file for each cell, of JSON lines. The first line is the Cell, each
// other an Entry.
type Journal struct{ Folder string }

// A Cell is what was run.
type Cell struct {
	Key   string    `json:"key"`   // tells it from other cells; who runs it again has the same
	Code  string    `json:"code"`  // as far as it is known
	First time.Time `json:"first"` // when it was first run; the order of cells
}

// An Entry is one output.
type Entry struct {
	HTML   string `json:"html,omitempty"`
	Text   string `json:"text"`
	PNG    []byte `json:"png,omitempty"`
	SVG    []byte `json:"svg,omitempty"`
	Width  int    `json:"width,omitempty"` // of the picture, in CSS pixels
	Origin Origin `json:"origin"`
}

// Begin forgets what a cell showed before and returns where its outputs go. The file is not flushed to disk: it is for the
// session.
func (j Journal) Begin(c Cell) (*Writer, error) {
	if err := os.MkdirAll(j.Folder, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(j.Folder, Digest([]byte(c.Key))+".jsonl")
	if old, _, err := readCell(path); err == nil {
		c.First = old.First
	}
	f, err := regular.OpenOwn(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	w := &Writer{f}
	return w, w.line(c)
}

// A Writer takes the outputs of one cell.
type Writer struct{ f *os.File }

// Add keeps an output.
func (w *Writer) Add(e Entry) error { return w.line(e) }

func (w *Writer) line(v any) error {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	_, err := w.f.Write(b.Bytes())
	return err
}

// Close ends the cell.
func (w *Writer) Close() error { return w.f.Close() }

// A Shown is a cell with its outputs.
type Shown struct {
	Cell
	Entries []Entry
}

// most is the number of bytes of one cell's file that are read.
const most = 1 << 30

// Read returns the cells that have shown something, in the order in which they were first run. A line that was cut short, by
// a process that was killed, is left out.
func (j Journal) Read() ([]Shown, error) {
	list, err := os.ReadDir(j.Folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Shown
	for _, x := range list {
		if !strings.HasSuffix(x.Name(), ".jsonl") {
			continue
		}
		c, lines, err := readCell(filepath.Join(j.Folder, x.Name()))
		if err != nil {
			continue // of a process that was killed at its beginning
		}
		s := Shown{Cell: c}
		for _, l := range lines {
			var e Entry
			if json.Unmarshal(l, &e) == nil {
				s.Entries = append(s.Entries, e)
			}
		}
		if len(s.Entries) > 0 {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b Shown) int { return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.Key, b.Key)) })
	return out, nil
}

// readCell reads a cell's file: its first line, and the others as they are.
func readCell(path string) (c Cell, lines [][]byte, err error) {
	b, err := regular.ReadOwn(path, most)
	if err != nil {
		return c, nil, err
	}
	first, rest, _ := bytes.Cut(b, []byte("\n"))
	if err := json.Unmarshal(first, &c); err != nil {
		return c, nil, fmt.Errorf("%s is no file of a journal: %w", path, err)
	}
	s := bufio.NewScanner(bytes.NewReader(rest))
	s.Buffer(nil, most)
	for s.Scan() {
		lines = append(lines, bytes.Clone(s.Bytes()))
	}
	return c, lines, s.Err()
}
