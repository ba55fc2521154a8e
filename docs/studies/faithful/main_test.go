package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDocQuotes: what the package doc of steer says of the first position and faithfulness is what the committed table says.
func TestDocQuotes(t *testing.T) {
	table, err := os.ReadFile("smollm2.md")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../../../steer/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.ReplaceAll(string(doc), "\n//", " ")), " ")
	_, words, _ := strings.Cut(string(table), "In words")
	quotes := regexp.MustCompile(`(?m)^- (.*)$`).FindAllStringSubmatch(words, -1)
	if len(quotes) != 5 {
		t.Fatalf("the table says %d sentences", len(quotes))
	}
	for _, q := range quotes {
		if !strings.Contains(text, q[1]) {
			t.Errorf("steer/doc.go does not say %q, as the table does", q[1])
		}
	}
}

// TestStudy runs the program's parts on the teaching model.
func TestStudy(t *testing.T) {
	s, err := measure(t.Context(), "teaching", []int{2, 20, 200, 400})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.rows) != 18 {
		t.Fatalf("%d rows", len(s.rows))
	}
	text := s.String()
	for _, w := range s.words() {
		if strings.Contains(w, "NaN") || !strings.Contains(text, "- "+w+"\n") {
			t.Errorf("%q is missing in\n%s", w, text)
		}
	}
}
