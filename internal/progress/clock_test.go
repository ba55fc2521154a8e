package progress

import (
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestLeft: the plan counts from where the task itself begins; what a phase tells is believed from its first step on, of the phase
// alone where the plan knows of much more; what has run out is not told.
func TestLeft(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := New(func() time.Time { return at })
	s := time.Second
	for i, step := range []struct {
		wait    time.Duration
		planned time.Duration
		e       steer.Event
		want    time.Duration // 0: nothing is told
		phase   bool          // it is of this phase alone
	}{
		{e: steer.Event{}, want: 0},
		{e: steer.Event{Phase: "load", Total: 4}, want: 0},
		{wait: s, e: steer.Event{Phase: "load", Done: 1, Total: 4}, want: 3 * s},
		{planned: 20 * s, e: steer.Event{Phase: "load", Done: 1, Total: 4}, want: 23 * s}, // loading comes before it
		{wait: 3 * s, e: steer.Event{Phase: "load", Done: 4, Total: 4}, want: 20 * s},
		{wait: s, e: steer.Event{Phase: "forward"}, want: 20 * s},
		{wait: 2 * s, e: steer.Event{Phase: "forward"}, want: 18 * s},
		{wait: 2 * s, e: steer.Event{Phase: "forward", Done: 1, Total: 2}, want: 4 * s, phase: true}, // the plan knows of more
		{wait: 4 * s, e: steer.Event{Phase: "sweep", Done: 0, Total: 10}, want: 12 * s},
		{wait: s, e: steer.Event{Phase: "sweep", Done: 1, Total: 10}, want: 9 * s},       // as it goes
		{wait: 50 * s, e: steer.Event{Phase: "sweep", Done: 5, Total: 10}, want: 51 * s}, // slower than was planned
		{wait: s, e: steer.Event{Phase: "after", Total: 3}, want: 0},
	} {
		at = at.Add(step.wait)
		if step.planned > 0 {
			c.Planned(step.planned)
		}
		c.Event(step.e)
		got, phase, ok := c.Left()
		if ok != (step.want > 0) || ok && got != step.want || phase != step.phase {
			t.Errorf("step %d: %v left (%v), want %v (%v)", i, got, phase, step.want, step.phase)
		}
	}
}
