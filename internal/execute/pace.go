package execute

import (
	"context"
	"sync"
	"time"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Pace knows how long one engine takes. It belongs to whoever owns the engine, and to no other. It is learned from what the engine does:
// from the work of a task that is under way, so that a plan asked for beside it slows nothing and is not slowed. Only where none is under
// way, and none was, is the engine measured. Its zero value knows nothing; it is safe for concurrent use.
type Pace struct {
	mu      sync.Mutex
	as      pace          // what the engine was measured to take, or usual relations
	spent   float64       // seconds that work took
	worth   float64       // and that it takes by as
	running int           // requests
	news    chan struct{} // closed when one of these has changed; nil: nobody waits
}

// usual is what passes take in relation to one another.
var usual = pace{forward: 1, backward: 2, step: fixed + (1-fixed)/paced}

// memory is how many seconds of work count in full: those before count ever less, for a machine's load changes.
const memory = 8

// of returns the pace of e, or measures it.
func (p *Pace) of(ctx context.Context, e engine.Engine) (pace, error) {
	for {
		p.mu.Lock()
		if p.as == (pace{}) {
			p.as = usual
		}
		if p.worth > 0 {
			x := p.spent / p.worth
			got := pace{p.as.forward * x, p.as.backward * x, p.as.step * x}
			p.mu.Unlock()
			return got, nil
		}
		if p.running == 0 {
			p.mu.Unlock()
			got, err := measurePace(ctx, e)
			if err == nil {
				p.mu.Lock()
				p.as, p.spent, p.worth = got, 1e-3, 1e-3
				p.mu.Unlock()
			}
			return got, err
		}
		if p.news == nil {
			p.news = make(chan struct{})
		}
		news := p.news
		p.mu.Unlock()
		select {
		case <-news:
		case <-ctx.Done():
			return pace{}, ctx.Err()
		}
	}
}

// did takes that work took some seconds; work counts it by a pace.
func (p *Pace) did(seconds float64, work func(pace) float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.as == (pace{}) {
		p.as = usual
	}
	p.spent, p.worth = p.spent+seconds, p.worth+work(p.as)
	if p.spent > memory {
		keep := float64(memory) / (2 * p.spent)
		p.spent, p.worth = p.spent*keep, p.worth*keep
	}
	p.tell()
}

// busy takes that n more requests are under way.
func (p *Pace) busy(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running += n
	p.tell()
}

func (p *Pace) tell() {
	if p.news != nil {
		close(p.news)
		p.news = nil
	}
}

// watch returns an engine that tells the pace what it does.
func (p *Pace) watch(e engine.Engine) engine.Engine {
	w := &watched{e, p}
	if s, ok := e.(engine.Stepper); ok {
		return watchedStepper{w, s}
	}
	return w
}

// watched is an engine whose calls are timed as they go on.
type watched struct {
	engine.Engine
	pace *Pace
}

type watchedStepper struct {
	*watched
	engine.Stepper
}

// timed returns a function that is told of the share of a call that is done. The work of the whole call is counted once and
// not at every news of it: to count it takes as long as there are edits, and there is news of each.
func (w *watched) timed(work func(*cost, pace)) func(share float64) {
	last, before := time.Now(), 0.
	var counted pace
	var whole float64 // seconds, by counted
	return func(share float64) {
		now, part := time.Now(), share-before
		if part <= 0 {
			return
		}
		w.pace.did(now.Sub(last).Seconds(), func(p pace) float64 {
			if p != counted {
				var c cost
				work(&c, p)
				counted, whole = p, c.seconds
			}
			return whole * part
		})
		last, before = now, share
	}
}

// through tells of a call's own progress too.
func through(done func(float64), progress func(int, int)) func(int, int) {
	return func(n, of int) {
		if of > 0 {
			done(float64(n) / float64(of))
		}
		if progress != nil {
			progress(n, of)
		}
	}
}

func (w *watched) Forward(ctx context.Context, in engine.Forward, progress func(int, int)) (engine.ForwardResult, error) {
	done := w.timed(func(c *cost, p pace) { c.run(p, lengths(in.IDs)) })
	out, err := w.Engine.Forward(ctx, in, through(done, progress))
	if err == nil {
		done(1)
	}
	return out, err
}

func (w *watched) Attribute(ctx context.Context, in engine.Attribution, progress func(int, int)) (engine.AttributionResult, error) {
	done := w.timed(func(c *cost, p pace) {
		c.run(p, lengths(in.IDs))
		c.back(p, lengths(in.IDs), 1)
	})
	out, err := w.Engine.Attribute(ctx, in, through(done, progress))
	if err == nil {
		done(1)
	}
	return out, err
}

func (w *watched) Variants(ctx context.Context, ids [][]int32, edits []*engine.Edit, tokens []int32,
	each func(edit, prompt int, logits []float32) error, progress func(int, int),
) error {
	n, all := 0, len(ids)*len(edits)
	done := w.timed(func(c *cost, p pace) {
		c.start(p)
		for _, edit := range edits {
			c.variant(p, ids, edit, w.Shape())
		}
	})
	return w.Engine.Variants(ctx, ids, edits, tokens, func(edit, prompt int, logits []float32) error {
		n++
		done(float64(n) / float64(all))
		return each(edit, prompt, logits)
	}, progress)
}

func (w *watched) Decode(ctx context.Context, in engine.Decoding) (engine.Decoder, error) {
	done := w.timed(func(c *cost, p pace) { c.run(p, []int{len(in.IDs)}) })
	d, err := w.Engine.Decode(ctx, in)
	if err == nil {
		done(1)
	}
	return d, err
}
