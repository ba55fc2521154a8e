package engine

import (
	"errors"
	"reflect"
	"strconv"
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

// TestMemoryOfSteps: sessions that need room for their next position ask for it together, those that have some for nothing, and the
// mistake of too little counts sessions where there are several, and says what it is for.
func TestMemoryOfSteps(t *testing.T) {
	e := openRandom(t, small(), Options{})
	full := func(n int) (ds []*session) {
		for _, d := range begin(t, e, prompts(e.cfg, filledInts(n, 4)...), nil, 0) {
			s := d.(*session)
			s.cache.len = s.cache.cap
			ds = append(ds, s)
		}
		return ds
	}
	room := &session{cache: &cache{e: e, cap: 64, len: 63}}
	if d := growth(e, []*session{room, room}); d.bytes != nil || d.b != 0 {
		t.Errorf("what has room asks for memory: %+v", d)
	}
	one := full(1)
	most := one[0].cache.growth().bytes(1, 1)
	if d := growth(e, append(one, room)); d.b != 1 || d.bytes(d.b, d.t) != most {
		t.Errorf("one session asks for %d sessions and %d bytes, want %d", d.b, d.bytes(d.b, d.t), most)
	}
	three := full(3)
	if d := growth(e, append(three, room)); d.b != 3 || d.bytes(d.b, d.t) != 3*most {
		t.Errorf("three ask for %d sessions and %d bytes, want %d", d.b, d.bytes(d.b, d.t), 3*most)
	}
	lending(e, most-1)
	for _, c := range []struct {
		ds   []*session
		want string
	}{{one, "a prompt of " + strconv.Itoa(2*one[0].cache.cap) + " tokens with keys and values kept"}, {three, "3 sessions with keys and values kept"}} {
		var all []seam.Decoder
		for _, d := range c.ds {
			all = append(all, d)
		}
		if err := e.StepTogether(t.Context(), all, make([]int32, len(all))); !errors.Is(err, seam.TooLarge) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d sessions: %v, want %q", len(all), err, c.want)
		}
	}
	lending(e, 2*most)
	if err := e.StepTogether(t.Context(), []seam.Decoder{three[0], three[1], three[2]}, make([]int32, 3)); err == nil || !strings.Contains(err.Error(), "at most 2 sessions at a time") {
		t.Errorf("two would fit: %v", err)
	}
}
