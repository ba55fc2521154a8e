package kernelproxy

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/jupyter"
)

// patienceTime is how long a cell waits before a line says on what.
const patienceTime = time.Second

// A wait is what cells wait for while the kernel is made ready: GoNB starts in any case, and what cells are made of is
// compiled where Go's cache lacks it.
type wait struct {
	about    atomic.Int64 // how long compiling takes, in ns; 0: nothing is compiled
	packages atomic.Int64 // how many were compiled
	unpacks  atomic.Bool  // whether what is compiled was brought by a release, and is put into Go's cache
}

// compiling is told that something is compiled.
func (w *wait) compiling(about time.Duration) { w.about.Store(int64(about)) }

// unpacking is told that something is brought from a release.
func (w *wait) unpacking() { w.unpacks.Store(true) }

// now says what is waited for, after so much time.
func (w *wait) now(so time.Duration) string {
	about := time.Duration(w.about.Load())
	if about == 0 && w.unpacks.Load() {
		return "getting ready: what cells are made of is unpacked once, and GoNB starts; the cell runs then"
	}
	if about == 0 {
		return "getting ready: GoNB starts; the cell runs then"
	}
	text := fmt.Sprintf("compiling once what cells are made of (nb, plotting, steer and what they need): about %.0f s, and the cell runs then", about.Seconds())
	if so > about {
		text += fmt.Sprintf("; it is %.0f s, and packages are compiled: %d", so.Seconds(), w.packages.Load())
	}
	return text
}

// over says what was waited for.
func (w *wait) over(took time.Duration) string {
	if n := w.packages.Load(); n > 0 {
		return fmt.Sprintf("ready: the cell waited %.0f s; packages that were compiled once: %d", took.Seconds(), n)
	}
	if w.unpacks.Load() {
		return fmt.Sprintf("ready: the cell waited %.0f s; what cells are made of was unpacked once", took.Seconds())
	}
	return fmt.Sprintf("ready: the cell waited %.0f s for GoNB", took.Seconds())
}

// announce says in a cell that must wait for the set-up what it waits for, and when that was over.
func (p *proxy) announce(ctx context.Context, m *jupyter.Message) {
	start := time.Now()
	ticks := time.NewTicker(patienceTime)
	defer ticks.Stop()
	said := ""
	show := func(text string) {
		kind := "update_display_data"
		if said == "" {
			kind = "display_data"
		}
		if text != said {
			p.front.Publish(m.Answer(kind, map[string]any{"data": map[string]any{"text/plain": text}, "metadata": map[string]any{}, "transient": map[string]any{"display_id": m.Header.ID}}))
		}
		said = text
	}
	for {
		select {
		case <-p.ready:
			if said != "" {
				show(p.wait.over(time.Since(start)))
			}
			return
		case <-ticks.C:
			show(p.wait.now(time.Since(start)))
		case <-ctx.Done():
			return
		}
	}
}
