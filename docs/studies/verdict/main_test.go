package main

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
	"github.com/neuronsteer/neuronsteer/docs/studies/studytest"
	"github.com/neuronsteer/neuronsteer/steer"
)

// TestDocQuotes: what the package doc of steer says of verdicts is what the committed table says.
func TestDocQuotes(t *testing.T) {
	if n := studytest.Quotes(t, "teaching.md"); n != 2 {
		t.Fatalf("the table says %d sentences", n)
	}
}

// TestVerdicts runs two behaviors, of which one has chats that were rendered: nothing but what another kind of result would test
// is left untested, and the store is left as it was.
func TestVerdicts(t *testing.T) {
	mine := t.TempDir()
	t.Setenv("NEURONSTEER_STORE", mine)
	all, err := behaviors.Read("../../../" + behaviors.Teaching)
	if err != nil {
		t.Fatal(err)
	}
	var two []behaviors.Behavior
	for _, b := range all {
		if b.Name == "agreement" || b.Name == "refusal" {
			two = append(two, b)
		}
	}
	s, err := measure(t.Context(), "teaching", "", two, 20, 19)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.rows {
		for _, c := range r.verdict.Criteria() {
			untested := c.Name == "prompting baseline"
			if (c.State == steer.NotTested) != untested {
				t.Errorf("%s: %+v", r.behavior, c)
			}
		}
	}
	if text := s.String(); !strings.Contains(text, "| agreement | yes 7.79 | yes 0 | yes -12.1 |") || !strings.Contains(text, "held-out by 2 of 2") {
		t.Error(text)
	}
}
