package gonbext

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/progress"
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

func newProgress(s screen, now func() time.Time) *progressLine {
	return &progressLine{screen: s, kind: "generate", clock: progress.New(now), planning: func() {}, began: now(), now: now, stop: make(chan struct{}), done: make(chan struct{})}
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

// TestTextGrowsInPlace: a text that is being made is shown whole where there is a page, with nothing in it obeyed, and its end where
// there is one line.
func TestTextGrowsInPlace(t *testing.T) {
	g := newProgress(&recorder{}, time.Now)
	long := strings.Repeat("word ", 100)
	g.event(steer.Event{Phase: "generate", Done: 1, Total: 2, Token: "The <b>\n"})
	g.event(steer.Event{Phase: "generate", Done: 2, Total: 2, Token: long})
	b := g.bundle()
	if !strings.Contains(b.html, "The &lt;b&gt;\n"+long) || !strings.Contains(b.html, "generating 2/2") || strings.Count(b.html, "word") != 100 {
		t.Errorf("the page has %s", b.html)
	}
	if strings.Contains(b.text, "\n") || strings.Count(b.text, "word") > 13 {
		t.Errorf("the line is %q", b.text)
	}
}

// TestPlanIsAskedForBesideTheTask: a task that tells nothing of itself has its time left from its plan, which is asked for while it
// works and only when it takes a while.
func TestPlanIsAskedForBesideTheTask(t *testing.T) {
	var mu sync.Mutex
	asked, going := 0, make(chan struct{})
	planned := make(chan struct{})
	m := steer.New("slow", steer.RunnerFunc(func(ctx context.Context, q steer.Request, emit func(steer.Event)) (steer.Record, error) {
		if q.Kind == "plan" {
			mu.Lock()
			defer mu.Unlock()
			asked++
			defer close(planned)
			return steer.Record{Header: steer.Header{Request: q, Body: []byte(`{"of":"predict","seconds":77}`)}}, nil
		}
		emit(steer.Event{Phase: "forward"})
		select {
		case <-going:
		case <-ctx.Done():
		}
		return steer.Record{Header: steer.Header{Request: q}}, ctx.Err()
	}))
	r := &recorder{}
	with(t, r)
	q, err := m.Predict("x").Request()
	if err != nil {
		t.Fatal(err)
	}
	g := here.track(t.Context(), "predict", m.Runner(), q)
	rec := make(chan steer.Record)
	go func() {
		got, _ := m.Runner().Run(t.Context(), q, g.event)
		rec <- got
	}()
	<-planned
	for n := 0; n == 0; time.Sleep(time.Millisecond) { // until the line says so
		r.mu.Lock()
		for _, s := range r.said {
			if regexp.MustCompile(`^predict · running forward · .* · about 7[5-7] s left$`).MatchString(s) {
				n++
			}
		}
		r.mu.Unlock()
	}
	close(going)
	g.end(<-rec, nil)
	quick := here.track(t.Context(), "predict", m.Runner(), q)
	quick.end(steer.Record{}, nil)
	mu.Lock()
	defer mu.Unlock()
	if asked != 1 {
		t.Errorf("asked for %d plans, want one", asked)
	}
}
