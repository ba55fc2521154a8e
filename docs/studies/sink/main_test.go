package main

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/docs/studies/studytest"
	"github.com/neuronsteer/neuronsteer/steer"
)

// TestDocQuotes: every number that the package doc of steer quotes is one of the committed table.
func TestDocQuotes(t *testing.T) {
	if n := studytest.Quotes(t, "smollm2.md"); n < 8 {
		t.Fatalf("the table quotes %d phrases", n)
	}
}

// TestSink runs the program's parts on the teaching model.
func TestSink(t *testing.T) {
	s, err := measure(t.Context(), "teaching", "", steer.DiverseTexts()[:3])
	if err != nil {
		t.Fatal(err)
	}
	if len(s.rows) != 3 || len(s.named) == 0 || len(s.lengths) == 0 {
		t.Fatalf("%d rows, %d neurons, %d layers", len(s.rows), len(s.named), len(s.lengths))
	}
	for _, r := range s.rows {
		if r.share <= 0 || r.share >= 1 || r.attention <= 0 || r.attention >= 1 || r.first.effect == 0 {
			t.Errorf("%+v", r)
		}
	}
	for l, x := range s.lengths {
		if x.first <= 0 || x.elsewhere <= 0 {
			t.Errorf("layer %d: %+v", l, x)
		}
	}
	text := s.String()
	for _, q := range s.quotes() {
		if !strings.Contains(text, "- "+q+"\n") {
			t.Errorf("%q is missing in\n%s", q, text)
		}
	}
}

// TestStretch: the longest beside elsewhere, and how far it stays long.
func TestStretch(t *testing.T) {
	s := study{lengths: []length{{10, 10}, {1200, 10}, {1000, 20}, {500, 50}}}
	want := []string{"120 times as long as elsewhere after layer 1 (1,200 beside 10)", "50 times after layer 2 (1,000 beside 20)", "10 times after the last"}
	if got := s.stretch(); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q, want %q", got, want)
	}
}
