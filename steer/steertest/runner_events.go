package steertest

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
)

// testEvents: within a phase the count rises and stays within its total; phases do not alternate; nothing comes late.
func testEvents(t *testing.T, r rig) {
	for name, q := range r.requests(t) {
		var (
			events   []steer.Event // without a lock: emit is called from Run's goroutine (the race detector sees otherwise)
			returned atomic.Bool
		)
		_, err := r.m.Runner().Run(t.Context(), q, func(e steer.Event) {
			if returned.Load() {
				t.Errorf("%s: event %+v after Run returned", name, e)
			}
			events = append(events, e)
		})
		returned.Store(true)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		seen := map[string]bool{}
		for i, e := range events {
			if e.Phase == "" || e.Done < 0 || (e.Total > 0 && e.Done > e.Total) {
				t.Errorf("%s: event %+v", name, e)
			}
			if i > 0 && events[i-1].Phase == e.Phase {
				if e.Done < events[i-1].Done {
					t.Errorf("%s: event %+v after %+v", name, e, events[i-1])
				}
				continue
			}
			if seen[e.Phase] {
				t.Errorf("%s: the phase %q comes back", name, e.Phase)
			}
			seen[e.Phase] = true
		}
	}
	time.Sleep(20 * time.Millisecond) // a late event of any of them fails above
}

// testTokenEvents: the tokens that came are the beginning of the text, in order. A Runner that has the record already
// may send none.
func testTokenEvents(t *testing.T, r rig) {
	task := r.m.Generate(r.p.Prompt).MaxTokens(5).IgnoreEnd()
	var text strings.Builder
	rec, err := steer.Fetch(t.Context(), task, func(e steer.Event) { text.WriteString(e.Token) })
	if err != nil {
		t.Fatal(err)
	}
	g := task.Result(func() steer.Record { return rec })
	if !strings.HasPrefix(g.Text(), text.String()) {
		t.Errorf("the tokens that came make %q, the text is %q", text.String(), g.Text())
	}
	if len(g.IDs()) != 5 {
		t.Errorf("%d new tokens, want 5", len(g.IDs()))
	}
}

func testNilEmit(t *testing.T, r rig) {
	for name, q := range r.requests(t) {
		if _, err := r.m.Runner().Run(t.Context(), q, nil); err != nil {
			t.Errorf("%s without emit: %v", name, err)
		}
	}
	if _, err := r.m.Runner().Run(t.Context(), r.long(t, 1), nil); err != nil {
		t.Errorf("a new request without emit: %v", err)
	}
}
