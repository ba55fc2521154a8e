package pagecheck

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommittedNotebooks: no output of a committed notebook leaves anybody out, fetches anything, or shows what was meant for a machine.
func TestCommittedNotebooks(t *testing.T) {
	files, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d notebooks: %v", len(files), err)
	}
	for _, f := range files {
		found, err := Notebook(f)
		if err != nil {
			t.Error(err)
		}
		for _, x := range found {
			t.Error(x)
		}
	}
}

// TestCourse: each notebook of the course has a box to predict and reveal, says what a cell does not show, asserts its numbers, and ends
// in an exercise with a checker whose answer nobody has given yet; its outputs are of a run from top to bottom that says where they came
// from, and a page on the web can still show the file.
func TestCourse(t *testing.T) {
	files, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(files) != 8 {
		t.Fatalf("%d notebooks: %v", len(files), err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 1e6 {
			t.Errorf("%s takes %d bytes", f, len(b))
		}
		var nb struct {
			Cells []struct {
				Type    string   `json:"cell_type"`
				Source  []string `json:"source"`
				Count   int      `json:"execution_count"`
				Outputs []struct {
					Data     map[string]json.RawMessage `json:"data"`
					Metadata map[string]json.RawMessage `json:"metadata"`
				} `json:"outputs"`
			} `json:"cells"`
		}
		if err := json.Unmarshal(b, &nb); err != nil {
			t.Fatal(f, err)
		}
		var prose, code, shown strings.Builder
		ran, outputs, said := 0, 0, 0
		for _, c := range nb.Cells {
			text := strings.Join(c.Source, "")
			if c.Type != "code" {
				prose.WriteString(text)
				continue
			}
			code.WriteString(text)
			if ran++; c.Count != ran {
				t.Errorf("%s: code cell %d has the count %d: it was not run from top to bottom", f, ran, c.Count)
			}
			for _, o := range c.Outputs {
				shown.Write(o.Data["text/plain"])
				if outputs++; len(o.Metadata["neuronsteer"]) > 0 {
					said++
				}
			}
		}
		for what, has := range map[string]bool{
			"a box to predict and reveal":            strings.Contains(prose.String(), "**Predict, then reveal.**") && strings.Contains(prose.String(), "<summary>Reveal</summary>"),
			"what is not shown":                      strings.Count(prose.String(), "*Not shown:") >= 4,
			"numbers that are asserted":              strings.Count(code.String(), "claim(") > 3,
			"an exercise with one way":               strings.Contains(prose.String(), "## Exercise") && strings.Contains(prose.String(), "<summary>One way</summary>"),
			"a checker":                              strings.Count(code.String(), "nb.Expect(") == 1,
			"a checker that waits for an answer":     strings.Contains(shown.String(), "Your turn: "),
			"figures":                                strings.Contains(code.String(), "plotting."),
			"outputs that say where they came from":  said > outputs/2,
			"no machine's folder in what is printed": !strings.Contains(shown.String(), "/home/") && !strings.Contains(shown.String(), "/work/"),
		} {
			if !has {
				t.Errorf("%s lacks %s", f, what)
			}
		}
	}
}
