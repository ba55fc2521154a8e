package steertest

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestRequestsOfEveryKind: the suite of a Runner sends every kind of request that execute.Run knows.
func TestRequestsOfEveryKind(t *testing.T) {
	r := rig{NewModel(), FakePrompts()}
	_, err := r.m.Runner().Run(t.Context(), steer.Request{Kind: "none"}, nil)
	if err == nil {
		t.Fatal("an unknown kind is no error")
	}
	list := regexp.MustCompile(`\[(.*)\]`).FindStringSubmatch(err.Error())
	if list == nil {
		t.Fatalf("%v does not list the kinds", err)
	}
	var sent []string
	for _, q := range r.requests(t) {
		sent = append(sent, q.Kind)
	}
	for kind := range strings.FieldsSeq(list[1]) {
		if kind == "plan" {
			continue // its answer is another when more is kept, and says how fast this machine is: TestPlanCountsWhatRuns
		}
		if !slices.Contains(sent, kind) {
			t.Errorf("the suite sends no %q", kind)
		}
	}
}
