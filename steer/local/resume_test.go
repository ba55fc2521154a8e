//go:build cgo

package local_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// planned is a task that says what it would cost.
type planned interface {
	Request() (steer.Request, error)
	Plan() steer.PlanTask
}

// TestResumes: of a long task that was stopped, the parts that the store has are not computed again, and its numbers are those of one
// that was not stopped; one that is short has no parts.
func TestResumes(t *testing.T) {
	c := steer.Neurons("L0/N279, L2/N165, L5/N298")
	few := steer.NewExamples(manyExamples()[:4]...)
	many := steer.NewExamples(manyExamples()...)
	for name, of := range map[string]struct {
		phase string
		task  func(m *steer.Model, set steer.ExampleSet) planned
		done  int // of what is counted, when it is stopped
	}{
		"behavior": {"attribute", func(m *steer.Model, set steer.ExampleSet) planned { return m.Behavior(set).Rule(steer.Gradient) }, 130},
		"baseline": {"forward", func(m *steer.Model, set steer.ExampleSet) planned { return m.Baseline(set) }, 130},
		"zeros": {"faithfulness", func(m *steer.Model, set steer.ExampleSet) planned {
			return m.Faithfulness(c, set).Ablation(steer.ZeroAblation).Sizes(0, 1, 3).Controls(2)
		}, 130 * 14},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := local.NewRunner("teaching")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = r.Close() })
			m := steer.New("teaching", r)
			task := of.task(m, many)
			q, err := task.Request()
			if err != nil {
				t.Fatal(err)
			}
			whole, err := r.Run(t.Context(), q, nil)
			if err != nil {
				t.Fatal(err)
			}
			plan := func(task planned) (passes, parts int) {
				p, err := task.Plan().Run(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				forward, backward := p.Passes()
				return forward + backward, p.Parts()
			}
			all, parts := plan(task)
			if parts != 0 {
				t.Errorf("%d parts are kept before anything is", parts)
			}
			dir := t.TempDir()
			s, err := store.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			r.Keep(s)
			if short, err := of.task(m, few).Request(); err != nil {
				t.Fatal(err)
			} else if _, err := r.Run(t.Context(), short, nil); err != nil {
				t.Fatal(err)
			}
			if st, err := s.Stats(); err != nil || st.Files != 0 {
				t.Errorf("a short task has %d parts, %v", st.Files, err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			_, err = r.Run(ctx, q, func(e steer.Event) {
				if e.Phase == of.phase && e.Done >= of.done {
					cancel()
				}
			})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("%v", err)
			}
			left, parts := plan(task)
			if left >= all*3/4 || left == 0 || parts < 2 {
				t.Errorf("after: %d passes of %d, %d parts", left, all, parts)
			}
			var counts []int
			again, err := r.Run(t.Context(), q, func(e steer.Event) {
				if e.Phase == of.phase {
					counts = append(counts, e.Done)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.IsSorted(counts) {
				t.Errorf("counts %v", counts)
				t.Errorf("counts %v", counts)
			}
			if string(again.Header.Body) != string(whole.Header.Body) || !reflect.DeepEqual(again.Tensors, whole.Tensors) || !reflect.DeepEqual(again.Header.Warnings, whole.Header.Warnings) {
				t.Error("what goes on is not what was not stopped")
			}
		})
	}
}

// manyExamples are prompts of two lengths, one of them twice, the longer first.
func manyExamples() (out []steer.Example) {
	for _, noun := range []string{"keys", "cats", "dogs", "boys", "cars", "books"} {
		for k, adjective := range []string{"big", "old", "red", "new", "small", "good", "nice", "long", "young", "white"} {
			for _, more := range []string{" near the house", "", " of my friend"} {
				out = append(out, steer.Example{Prompt: "The " + adjective + " " + noun + more[:min(len(more), 7*(k%3))], Target: " are", Versus: " is"})
			}
		}
	}
	return append(out, out[0])
}
