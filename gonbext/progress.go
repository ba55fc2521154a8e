package gonbext

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/neuronsteer/neuronsteer/internal/progress"
	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// refresh is how often the line is looked at: it changes at most five times a second.
const refresh = 200 * time.Millisecond

// progressLine is the line of one task that takes a while: made when it has taken a second, so it stands before what the task
// gives, updated in place, and at the end replaced by what was done, in what time, and the address of the result.
type progressLine struct {
	screen screen
	kind   string
	began  time.Time
	now    func() time.Time
	stop   chan struct{}
	done   chan struct{}

	clock    *progress.Clock
	planning context.CancelFunc // ends the asking for a plan

	mu   sync.Mutex
	last steer.Event
	text strings.Builder

	id string // of the block; empty while there is none
}

// track begins to watch a task that a runner answers. Its plan is asked for as soon as it takes a while, without waiting for it:
// of several tasks under one line what is done says enough.
func (p *process) track(ctx context.Context, kind string, r steer.Runner, requests ...steer.Request) *progressLine {
	g := &progressLine{screen: p.screen(), kind: kind, clock: progress.New(nil), began: time.Now(), now: time.Now, stop: make(chan struct{}), done: make(chan struct{})}
	ctx, g.planning = context.WithCancel(ctx)
	if !g.screen.progress() {
		close(g.done)
		return g
	}
	if len(requests) == 1 {
		go g.clock.Ask(ctx, r, requests[0], progress.Patience)
	}
	go g.watch(progress.Patience, refresh)
	return g
}

// watch shows the line again and again until end.
func (g *progressLine) watch(patience, refresh time.Duration) {
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
		if b := g.bundle(); b.text != shown {
			g.screen.update(g.id, b)
			shown = b.text
		}
		select {
		case <-g.stop:
			return
		case <-t.C:
		}
	}
}

// event takes what the runner says.
func (g *progressLine) event(e steer.Event) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.clock.Event(e)
	g.text.WriteString(e.Token)
	g.last = e
}

// end replaces the line, if there is one, by what was done.
func (g *progressLine) end(rec steer.Record, err error) {
	g.planning()
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

// line is the head and, of a text that is being made, its end.
func (g *progressLine) line() string {
	line := g.head()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.text.Len() > 0 {
		line += " · " + tail(visible.Text(g.text.String()), 60)
	}
	return line
}

// head says what is being done, how far it is, since when, and until when if that can be told.
func (g *progressLine) head() string {
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
	if left := g.clock.Words(); left != "" {
		parts = append(parts, left)
	}
	return strings.Join(parts, " · ")
}

// mostGrowing is how much of a text that grows is shown, in characters from its end.
const mostGrowing = 4000

// bundle is the line. Where there is more than a line it is the head and, of a text that is being made, all of it so far, in the
// place of the card that comes when it is whole.
func (g *progressLine) bundle() bundle {
	b, head := lineBundle(g.line()), g.head()
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.text.Len() > 0 {
		b.html = `<div style="border-left:3px solid #8C959F;padding:2px 0 2px 10px;margin:2px 0"><div>` + htmlSpans([]span{{head, muted}}) +
			`</div><div style="white-space:pre-wrap;overflow-wrap:anywhere">` + escape(tail(g.text.String(), mostGrowing)) + " …</div></div>"
	}
	return b
}

func seconds(d time.Duration) string { return progress.Seconds(d) }

// lineBundle is one quiet line.
func lineBundle(s string) bundle {
	l := span{s, muted}
	return bundle{html: "<div>" + htmlSpans([]span{l}) + "</div>", text: s}
}
