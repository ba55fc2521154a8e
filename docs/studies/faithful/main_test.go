package main

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/docs/studies/studytest"
)

// TestDocQuotes: what the package doc of steer says of the first position and faithfulness is what the committed table says.
func TestDocQuotes(t *testing.T) {
	if n := studytest.Quotes(t, "smollm2.md"); n != 6 {
		t.Fatalf("the table says %d sentences", n)
	}
}

// TestStudy runs the program's parts on the teaching model.
func TestStudy(t *testing.T) {
	s, err := measure(t.Context(), "teaching", []int{2, 20, 200, 400})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.rows) != 24 {
		t.Fatalf("%d rows", len(s.rows))
	}
	text := s.String()
	for _, w := range s.words() {
		if strings.Contains(w, "NaN") || !strings.Contains(text, "- "+w+"\n") {
			t.Errorf("%q is missing in\n%s", w, text)
		}
	}
}
