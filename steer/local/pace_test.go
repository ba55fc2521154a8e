//go:build cgo

package local_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestPlanBesideTask asks for the plan of a task while it runs: the task itself says how fast it is.
func TestPlanBesideTask(t *testing.T) {
	r, err := local.NewRunner("teaching")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	m := steer.New("teaching", r)
	set := steer.NewExamples(manyExamples()[:48]...)
	c := steer.Neurons("L0/N279, L2/N165, L5/N298")
	for name, task := range map[string]planned{
		"behavior": m.Behavior(set),
		"sweep":    m.Sweep(c, 0, 2).OnExamples(set),
		"zeros":    m.Faithfulness(c, set).Ablation(steer.ZeroAblation).Sizes(1, 3),
	} {
		q, err := task.Request()
		if err != nil {
			t.Fatal(err)
		}
		p, err := task.Plan().Request()
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		seconds := make(chan float64, 1)
		go func() {
			rec, err := r.Run(t.Context(), p, nil)
			var b message.PlanBody
			if err != nil || json.Unmarshal(rec.Header.Body, &b) != nil {
				b.Seconds = -1
			}
			t.Logf("%s: after %.1f s the plan says %.1f s", name, time.Since(began).Seconds(), b.Seconds)
			seconds <- b.Seconds
		}()
		if _, err := r.Run(t.Context(), q, nil); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s took %.1f s", name, time.Since(began).Seconds())
		if s := <-seconds; s <= 0 {
			t.Errorf("%s: no plan beside it", name)
		}
	}
}
