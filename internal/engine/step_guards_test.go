package engine

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestPartsOfSessions: a graph steps sessions whose caches have one size and that are under one edit, no more of them than it
// takes, and each session is in one part.
func TestPartsOfSessions(t *testing.T) {
	one, other := &seam.Edit{B: 1, T: 1}, &seam.Edit{B: 1, T: 1}
	of := func(n int, e *seam.Edit) *session { return &session{cache: &cache{cap: n}, generated: e} }
	for name, x := range map[string]struct {
		ds   []*session
		want [][]int
	}{
		"caches of two sizes": {[]*session{of(64, nil), of(128, nil), of(64, nil)}, [][]int{{0, 2}, {1}}},
		"two edits":           {[]*session{of(64, one), of(64, other), of(64, nil), of(64, one)}, [][]int{{0, 3}, {1}, {2}}},
		"more than fit":       {[]*session{of(64, nil), of(64, nil), of(64, nil), of(64, nil), of(64, nil)}, [][]int{{0, 1}, {2, 3}, {4}}},
		"none":                {nil, nil},
	} {
		if got := inParts(x.ds, 2); !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
}

// TestStepsAreOfAtMostSixteen: however many sessions there are, no graph is made for more than the engine says.
func TestStepsAreOfAtMostSixteen(t *testing.T) {
	e := openRandom(t, small(), Options{})
	n := e.Together() + 1
	sessions := begin(t, e, prompts(e.cfg, filledInts(n, 3)...), nil, 2)
	if err := e.StepTogether(t.Context(), sessions, make([]int32, n)); err != nil {
		t.Fatal(err)
	}
	most := 0
	e.graphs.mu.Lock()
	defer e.graphs.mu.Unlock()
	for key := range e.graphs.kept {
		if key.kind == stepGraph {
			most = max(most, key.shape[0])
		}
	}
	if most != e.Together() || most != 16 {
		t.Errorf("a graph steps %d sessions, the engine says %d", most, e.Together())
	}
}

// TestSessionsOfOthers: sessions of another engine, and what is no session of this package, are refused by name, before
// anything is run with them.
func TestSessionsOfOthers(t *testing.T) {
	e := openRandom(t, small(), Options{})
	ids := prompts(e.cfg, 4)
	own, others := begin(t, e, ids, nil, 1)[0], begin(t, openRandom(t, small(), Options{}), ids, nil, 1)[0]
	for name, d := range map[string]seam.Decoder{"another engine's": others, "no session": nil} {
		err := e.StepTogether(t.Context(), []seam.Decoder{own, d}, []int32{1, 2})
		if !errors.Is(err, seam.BadSetting) || !strings.Contains(err.Error(), "session 1 is of another engine") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
