package progress

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
)

// Patience is how long a task may take before anybody is told of it, or its plan is asked for.
const Patience = time.Second

// A Clock estimates how long a task still takes. It is safe for concurrent use.
type Clock struct {
	now func() time.Time

	mu      sync.Mutex
	last    steer.Event
	phase   time.Time // when the phase of last began
	working time.Time // when the first phase began that is part of the task itself; zero before
	planned time.Duration
}

// New returns the clock of a task that begins now. A test has a time of its own; nil is the system's.
func New(now func() time.Time) *Clock {
	if now == nil {
		now = time.Now
	}
	return &Clock{now: now}
}

// before are the phases that come before the task itself, and that no plan counts.
var before = []string{"", "start", "load"}

// Event takes what the runner tells.
func (c *Clock) Event(e steer.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.Phase != c.last.Phase {
		c.phase = c.now()
	}
	if c.working.IsZero() && !slices.Contains(before, e.Phase) {
		c.working = c.now()
	}
	c.last = e
}

// Planned takes how long the whole task is said to take.
func (c *Clock) Planned(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.planned = d
}

// Whole returns how long the whole task is said to take; 0 while that is not known.
func (c *Clock) Whole() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.planned
}

// Left returns about how long it still takes; ok is false while nothing can be told.
//
// It is what is left of the plan until a phase counts: then it goes on as it did so far. A plan is measured beside the task, which
// makes it longer than the task mostly is, so counts are believed; where the plan knows of more than twice as much, there are
// phases to come, and what is told is of this one (phase). An estimate that has run out is none.
func (c *Clock) Left() (left time.Duration, phase, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if since, d, n := now.Sub(c.phase), c.last.Done, c.last.Total; since > 0 && d > 0 && d < n {
		left = since * time.Duration(n-d) / time.Duration(d)
	}
	if c.working.IsZero() { // the plan is of what comes after
		left += c.planned
		return left, false, left > 0
	}
	plan := c.planned - now.Sub(c.working)
	if left == 0 {
		return plan, false, plan > 0
	}
	return left, plan > 2*left, true
}

// Words says the same for people, "about 9 s left"; it is empty while nothing can be told.
func (c *Clock) Words() string {
	left, phase, ok := c.Left()
	switch {
	case !ok:
		return ""
	case phase:
		return "about " + Seconds(left) + " left of this phase"
	}
	return "about " + Seconds(left) + " left"
}

// Seconds writes a time for people, no more exactly than it is worth: 1.5 s, 40 s, 3 min.
func Seconds(d time.Duration) string {
	switch {
	case d >= 2*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d >= 10*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// Ask asks the plan of a request once the task has taken longer than patience, and tells the clock. It returns when the clock has
// been told, when there is no plan, or when ctx is done, which is when the task has ended.
func (c *Clock) Ask(ctx context.Context, r steer.Runner, q steer.Request, patience time.Duration) {
	s := message.PlanSettings{Of: q.Kind, Version: q.Version, Settings: q.Settings}
	b, err := json.Marshal(s)
	if err != nil || s.Check() != nil { // there is no plan of a plan
		return
	}
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return
	case <-t.C:
	}
	k := s.Kind()
	rec, err := r.Run(ctx, steer.Request{Kind: k.Name, Version: k.Version, Settings: b}, nil)
	if err != nil {
		return // the task says itself what is wrong with it
	}
	var body message.PlanBody
	if json.Unmarshal(rec.Header.Body, &body) == nil && !body.Stored {
		c.Planned(time.Duration(body.Seconds * float64(time.Second)))
	}
}
