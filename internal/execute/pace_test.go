package execute

import (
	"context"
	"math"
	"testing"
	"time"
)

// TestPaceLearns: beside a task nothing is measured (the engine here is none): who asks waits for what the task itself does, and the pace
// follows that when it changes.
func TestPaceLearns(t *testing.T) {
	var p Pace
	p.busy(1)
	asked := make(chan pace, 1)
	go func() {
		got, err := p.of(t.Context(), nil)
		if err != nil {
			t.Error(err)
		}
		asked <- got
	}()
	work := func(n int) func(pace) float64 {
		return func(x pace) float64 {
			var c cost
			c.run(x, []int{paced * n})
			return c.seconds
		}
	}
	p.did(2, work(1))
	select {
	case got := <-asked:
		if math.Abs(got.forward-2) > 1e-9 || got.backward <= got.forward || got.step >= got.forward {
			t.Errorf("%+v, want 2 seconds forward", got)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("who asks is not told")
	}
	for range 20 {
		p.did(4, work(1))
	}
	if got, _ := p.of(t.Context(), nil); math.Abs(got.forward-4) > .1 {
		t.Errorf("%+v after a minute at 4 seconds", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var other Pace
	other.busy(1)
	if _, err := other.of(ctx, nil); err == nil {
		t.Error("who has left still waits")
	}
}

// TestWorkIsCountedOnce: what a call takes is not counted again at each news of it, of which there is one for each edit and prompt.
func TestWorkIsCountedOnce(t *testing.T) {
	counted := 0
	w := &watched{pace: new(Pace)}
	done := w.timed(func(c *cost, p pace) {
		counted++
		c.run(p, []int{paced})
	})
	for i := range 1000 {
		done(float64(i+1) / 1000)
	}
	if counted != 1 {
		t.Errorf("the work was counted %d times", counted)
	}
	if w.pace.worth < .99 || w.pace.worth > 1.01 { // of the one pass that was done
		t.Errorf("%v of 1 pass is done", w.pace.worth)
	}
}
