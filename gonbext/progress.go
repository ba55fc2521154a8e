package gonbext

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

const (
	patience = time.Second            // what ends sooner shows no progress
	refresh  = 200 * time.Millisecond // at most five times a second
)

// progress is the line of one task that takes a while: made when it has taken a second, so it stands before what the task
// gives, updated in place, and at the end replaced by what was done, in what time, and the address of the result.
type progress struct {
	screen screen
	kind   string
	began  time.Time
	now    func() time.Time
	stop   chan struct{}
	done   chan struct{}

	mu    sync.Mutex
	last  steer.Event
	phase time.Time // when the phase of last began
	text  strings.Builder

	id string // of the block; empty while there is none
}

// track begins to watch a task.
func (p *process) track(kind string) *progress {
	g := &progress{screen: p.screen(), kind: kind, began: time.Now(), now: time.Now, stop: make(chan struct{}), done: make(chan struct{})}
	if !g.screen.progress() {
		close(g.done)
		return g
	}
	go g.watch(patience, refresh)
	return g
}

// watch shows the line again and again until end.
func (g *progress) watch(patience, refresh time.Duration) {
	defer close(g.done)
	select {
	case <-g.stop:
		return
	case <-time.After(patience):
	}
	g.id = "neuronsteer_" + gonbui.UniqueId()
	t := time.NewTicker(refresh)
	defer t.Stop()
	for shown := ""; ; {
		if line := g.line(); line != shown {
			g.screen.update(g.id, lineBundle(line))
			shown = line
		}
		select {
		case <-g.stop:
			return
		case <-t.C:
		}
	}
}

// event takes what the runner says.
func (g *progress) event(e steer.Event) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e.Phase != g.last.Phase {
		g.phase = g.now()
	}
	g.text.WriteString(e.Token)
	g.last = e
}

// end replaces the line, if there is one, by what was done.
func (g *progress) end(rec steer.Record, err error) {
	close(g.stop)
	<-g.done
	if g.id == "" {
		return
	}
	line := fmt.Sprintf("%s · %s", g.kind, seconds(g.now().Sub(g.began)))
	if err == nil {
		line += " · " + rec.Header.Request.Ref(rec.Header.Identity).Short()
	} else {
		line += " · not finished"
	}
	g.screen.update(g.id, lineBundle(line))
	g.screen.sync()
}

// phases says for people what a runner says in one word.
var phases = map[string]string{
	"":         "waiting for the engine",
	"start":    "starting the engine…",
	"load":     "loading the model",
	"forward":  "running forward",
	"backward": "running backward",
	"generate": "generating",
}

// line says what is being done, how far it is, since when, and until when if that can be told.
func (g *progress) line() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	what := phases[g.last.Phase]
	if what == "" {
		what = g.last.Phase
	}
	parts := []string{g.kind}
	if what != g.kind { // a task of one phase has its name
		parts = append(parts, what)
	}
	if g.last.Total > 0 {
		parts[len(parts)-1] += fmt.Sprintf(" %d/%d", g.last.Done, g.last.Total)
	}
	parts = append(parts, seconds(g.now().Sub(g.began)))
	since := g.now().Sub(g.phase)
	if d, n := g.last.Done, g.last.Total; since > 0 && d > 0 && d < n {
		left := since * time.Duration(n-d) / time.Duration(d)
		parts = append(parts, "about "+seconds(left)+" left")
	}
	if g.text.Len() > 0 {
		parts = append(parts, tail(visible.Text(g.text.String()), 60))
	}
	return strings.Join(parts, " · ")
}

func seconds(d time.Duration) string {
	switch {
	case d >= 2*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d >= 10*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// lineBundle is one quiet line.
func lineBundle(s string) bundle {
	l := span{s, muted}
	return bundle{html: "<div>" + htmlSpans([]span{l}) + "</div>", text: s}
}
