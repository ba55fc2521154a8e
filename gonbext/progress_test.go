package gonbext

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
)

// recorder is a screen that keeps what it was sent; an update is kept with its block.
type recorder struct {
	mu   sync.Mutex
	said []string
	ids  []string
}

func (r *recorder) send(b bundle) { r.update("", b) }

func (r *recorder) update(id string, b bundle) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said, r.ids = append(r.said, b.text), append(r.ids, id)
}

func (r *recorder) progress() bool { return true }
func (r *recorder) sync()          {}

func newProgress(s screen, now func() time.Time) *progress {
	return &progress{screen: s, kind: "generate", began: now(), now: now, stop: make(chan struct{}), done: make(chan struct{})}
}

func TestProgressLine(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	g := newProgress(&recorder{}, func() time.Time { return at })
	step := func(d time.Duration, e steer.Event, want string) {
		t.Helper()
		at = at.Add(d)
		g.event(e)
		if got := g.line(); got != want {
			t.Errorf("line %q, want %q", got, want)
		}
	}
	if got := g.line(); got != "generate · waiting for the engine · 0.0 s" {
		t.Errorf("line %q", got)
	}
	step(time.Second, steer.Event{Phase: "load", Total: 4}, "generate · loading the model 0/4 · 1.0 s")
	step(2*time.Second, steer.Event{Phase: "load", Done: 1, Total: 4}, "generate · loading the model 1/4 · 3.0 s · about 6.0 s left")
	step(6*time.Second, steer.Event{Phase: "load", Done: 4, Total: 4}, "generate · loading the model 4/4 · 9.0 s")
	step(time.Second, steer.Event{Phase: "generate", Done: 1, Total: 2, Token: " a"}, "generate · generating 1/2 · 10 s · ·a")
	step(time.Second, steer.Event{Phase: "generate", Done: 2, Total: 2, Token: "\n<b>"}, `generate · generating 2/2 · 11 s · ·a\n<b>`)
	step(time.Hour, steer.Event{Phase: "something new"}, `generate · something new · 60 min · ·a\n<b>`)
	g.kind = "something new" // a task of one phase has its name, which is said once
	step(0, steer.Event{Phase: "something new", Done: 1, Total: 2}, `something new 1/2 · 60 min · ·a\n<b>`)
}

func TestProgressEndsAsOneLine(t *testing.T) {
	r := &recorder{}
	g := newProgress(r, time.Now)
	go g.watch(0, time.Millisecond)
	for n := 0; n == 0; time.Sleep(time.Millisecond) { // until the block is there
		r.mu.Lock()
		n = len(r.said)
		r.mu.Unlock()
	}
	g.event(steer.Event{Phase: "generate", Done: 1, Total: 2})
	rec := steer.Record{Header: steer.Header{Request: steer.Request{Kind: "generate"}}}
	g.end(rec, nil)
	last := r.said[len(r.said)-1]
	if !regexp.MustCompile(`^generate · \d\.\d s · [0-9a-f]{8}$`).MatchString(last) {
		t.Errorf("last line %q", last)
	}
	if ids := slices.Compact(r.ids); len(ids) != 1 || !strings.HasPrefix(ids[0], "neuronsteer_") {
		t.Errorf("blocks %q, want one", ids)
	}
}

func TestProgressOfQuickTasksIsSilent(t *testing.T) {
	r := &recorder{}
	g := newProgress(r, time.Now)
	go g.watch(time.Hour, time.Millisecond)
	g.event(steer.Event{Phase: "generate", Done: 1, Total: 2, Token: "a"})
	g.end(steer.Record{}, nil)
	if len(r.said) != 0 {
		t.Errorf("said %q", r.said)
	}
}
