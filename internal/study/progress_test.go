package study

import (
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/progress"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestPlanOfAStep: what is left of a step under way is what its plan says, and steps of which nothing is known take as long for as
// much; the plan itself is nothing that the study has computed.
func TestPlanOfAStep(t *testing.T) {
	var told Progress
	r := &runner{clock: newClock([]step{{name: "a", kind: "x", cost: 10}, {name: "b", kind: "y", cost: 30}}, nil)}
	r.told = func(p Progress) { told = p }
	r.tell(0, r.clock.steps[0], steer.Event{})
	if told.Left != 0 {
		t.Errorf("left %v before anything is known", told.Left)
	}
	r.within = progress.New(nil)
	r.within.Planned(20 * time.Second)
	r.tell(0, r.clock.steps[0], steer.Event{Phase: "load"})
	if told.Left != 80*time.Second {
		t.Errorf("left %v, want 20 s and three times as much", told.Left)
	}
	ask := steertest.NewModel().Predict("The capital of France is")
	for want, of := range []func() (steer.Request, error){ask.Plan().Request, ask.Request} {
		q, err := of()
		if err != nil {
			t.Fatal(err)
		}
		rec, err := (&fake{id: fakeID}).Run(t.Context(), q, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.origin.Engine = rec.Header.Engine
		if _, err := r.counting(&fake{id: fakeID}).Run(t.Context(), q, nil); err != nil || r.computed != want {
			t.Errorf("%s: %d results were computed, want %d; %v", q.Kind, r.computed, want, err)
		}
	}
}
