package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tabular"
)

// TestConvert takes a table through every format that can be read again, and then to those that cannot; what a cell of a notebook sends
// goes to parquet and comes back.
func TestConvert(t *testing.T) {
	alone(t)
	dir := t.TempDir()
	file := func(ext string) string { return filepath.Join(dir, "a"+ext) }
	const lines = `{"prompt": "a,\n\"b\" <|im_start|>", "n": 1, "p": 0.25, "known": true}` + "\n" + `{"prompt": "ü;\t", "n": -2, "p": 0.5, "known": false}` + "\n"
	if err := os.WriteFile(file(".jsonl"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(in string, args ...string) (string, error) {
		c := program(t, append([]string{"convert"}, args...)...)
		c.Stdin = strings.NewReader(in)
		out, err := c.CombinedOutput()
		return string(out), err
	}
	from := ".jsonl"
	for _, to := range []string{".parquet", ".json", ".parquet", ".jsonl"} {
		if out, err := run("", file(from), file(to)); err != nil || out != "" {
			t.Fatalf("%s to %s: %v, %s", from, to, err, out)
		}
		from = to
		want := lines
		if out, err := run("", file(to), "-"); err != nil || sorted(out) != sorted(want) {
			t.Errorf("%s says\n%s(%v), want\n%s", to, out, err, want)
		}
	}
	for _, to := range []string{".csv", ".tsv", ".npy", ".md", ".tex"} {
		if out, err := run("", file(".jsonl"), file(to)); err != nil || out != "" {
			t.Errorf("%s: %v, %s", to, err, out)
		}
		if st, err := os.Stat(file(to)); err != nil || st.Size() == 0 {
			t.Errorf("%s: %v", to, err)
		}
	}
	if out, err := run("", file(".csv"), "-"); err != nil || !strings.Contains(out, `"n": "1", "p": "0.25", "prompt": "a,\n\"b\" <|im_start|>"`) {
		t.Errorf("of CSV: %s (%v)", out, err)
	}

	cell := tabular.Of("", "token", "p")
	cell.Add(" a", 2.)
	b, err := cell.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if out, err := run(string(b), "-", file(".parquet")); err != nil || out != "" {
		t.Fatalf("a cell's table: %v, %s", err, out)
	}
	if out, err := run("", file(".parquet"), "-"); err != nil || sorted(out) != sorted(`{"token": " a", "p": 2}`) {
		t.Errorf("a cell's table is %s (%v)", out, err)
	}
	for says, args := range map[string][]string{
		"it takes two files, not 1": {file(".csv")}, "it takes two files, not 3": {"a", "b", "c"}, "cannot be read": {filepath.Join(dir, "none.csv"), "-"},
		`no table has the ending ".xlsx"`: {file(".csv"), file(".xlsx")}, "it is no table": {"-", file(".csv")},
	} {
		out, err := run("torn", args...)
		if err == nil || !strings.Contains(out, says) || !strings.Contains(out, "neuronsteer: ") || strings.Contains(out, "goroutine") {
			t.Errorf("%q: %v, %s", args, err, out)
		}
	}
}

// sorted puts what stands between the commas of each line in order: parquet's columns have none of their own.
func sorted(lines string) string {
	var out []string
	for line := range strings.Lines(lines) {
		parts := strings.Split(strings.Trim(strings.TrimSpace(line), "{}"), ", \"")
		for i := range parts {
			parts[i] = strings.Trim(parts[i], "\"")
		}
		slices.Sort(parts)
		out = append(out, strings.Join(parts, " | "))
	}
	return strings.Join(out, "\n")
}
