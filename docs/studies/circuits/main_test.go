package main

import (
	"os"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
)

// TestTable: the committed table has one row for every behavior, each with a calibration within its budget both ways.
func TestTable(t *testing.T) {
	table := committed(t)
	all, err := behaviors.Read("../../../" + behaviors.Teaching)
	if err != nil {
		t.Fatal(err)
	}
	columns := -1
	for _, b := range all {
		n := strings.Count(table, "\n| "+b.Name+" |")
		_, line, _ := strings.Cut(table, "\n| "+b.Name+" |")
		line, _, _ = strings.Cut(line, "\n")
		if c := strings.Count(line, "|"); columns < 0 {
			columns = c
		} else if c != columns || n != 1 {
			t.Errorf("%s has %d rows, of %d cells; others of %d", b.Name, n, c, columns)
		}
	}
	if !strings.Contains(table, "in 56 of 56 cases") {
		t.Error("a calibration misses its budget")
	}
}

// TestRows: the committed table holds what the program prints of two behaviors today, but for how they do on others; and a folder
// that holds their results gives the same again, with none computed.
func TestRows(t *testing.T) {
	table := committed(t)
	all, err := behaviors.Read("../../../" + behaviors.Teaching)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("NEURONSTEER_STORE", t.TempDir()) // set back when the test ends
	folder := t.TempDir()
	two := []behaviors.Behavior{all[0], all[23]}
	s := &study{k: 20, controls: 39, nats: .1}
	if err := s.measure(t.Context(), "teaching", folder, two); err != nil {
		t.Fatal(err)
	}
	kept := files(t, folder)
	again := &study{k: 20, controls: 39, nats: .1}
	if err := again.measure(t.Context(), "teaching", folder, two); err != nil {
		t.Fatal(err)
	}
	if s.String() != again.String() || files(t, folder) != kept {
		t.Errorf("from what is kept another table, or more was computed:\n%s", again)
	}
	rows := 0
	for line := range strings.Lines(s.String()) {
		for _, b := range two {
			if strings.HasPrefix(line, "| "+b.Name+" |") {
				rows++
				const specificity, counts = 15, 21
				cells := strings.Split(line, "|")
				for _, part := range [][]string{cells[:specificity], cells[specificity+1 : counts]} {
					if text := strings.Join(part, "|"); !strings.Contains(table, text) {
						t.Errorf("the committed table lacks %s", text)
					}
				}
			}
		}
	}
	if rows != 2 {
		t.Errorf("%d rows", rows)
	}
}

func committed(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("teaching.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// files returns the names of all files of a folder.
func files(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return strings.Join(names, "\n")
}
