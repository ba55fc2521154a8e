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

// TestSweepResumes: what was canceled goes on from the parts that the store has, with the very numbers of a run in one go: of many
// prompts, and of one under many controls. Its plan counts the parts that are kept, and only the passes of the others.
func TestSweepResumes(t *testing.T) {
	few := steer.Neurons("L0/N279, L2/N165, L5/N298")
	var many []steer.Example
	for _, adjective := range []string{"big", "old", "red", "new", "small", "good", "nice", "long", "young", "white"} {
		for _, noun := range []string{"keys", "cats", "dogs", "boys", "cars", "books"} {
			many = append(many, steer.Example{Prompt: "The " + adjective + " " + noun, Target: " are", Versus: " is"})
		}
	}
	many = append(many, steer.Example{Prompt: many[0].Prompt, Target: " were", Versus: " was"}) // the same prompt again
	for name, of := range map[string]struct {
		task   func(m *steer.Model) steer.SweepTask
		total  int // of what is counted: cases by passes
		passes int
		cut    int
	}{
		"many prompts": {func(m *steer.Model) steer.SweepTask {
			return m.Sweep(few, 0, .5, 1, 2).OnExamples(steer.NewExamples(many...)).Controls(2).Prompted("Be brief.")
		}, 61 * 11, 60 * 11, 300},
		"many controls": {func(m *steer.Model) steer.SweepTask {
			return m.Sweep(few, -1, 0, 2, 3).On("The keys").Measure(" are", " is").Controls(99)
		}, 4 * 101, 4 * 101, 250},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := local.NewRunner("teaching")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = r.Close() })
			m := steer.New("teaching", r)
			task := of.task(m)
			q, err := task.Request()
			if err != nil {
				t.Fatal(err)
			}
			whole, err := r.Run(t.Context(), q, nil)
			if err != nil {
				t.Fatal(err)
			}
			plan := func() (passes, parts int) {
				p, err := task.Plan().Run(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				passes, _ = p.Passes()
				return passes, p.Parts()
			}
			if passes, parts := plan(); passes != of.passes || parts != 0 {
				t.Errorf("before: %d passes, %d parts; want %d and none", passes, parts, of.passes)
			}
			s, err := store.Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			r.Keep(s)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			_, err = r.Run(ctx, q, func(e steer.Event) {
				if e.Phase == "sweep" && e.Done >= of.cut {
					cancel()
				}
			})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("%v", err)
			}
			if passes, parts := plan(); passes >= of.passes*3/4 || parts < 2 {
				t.Errorf("after: %d passes of %d, %d parts", passes, of.passes, parts)
			}
			var done []int
			again, err := r.Run(t.Context(), q, func(e steer.Event) {
				if e.Phase != "sweep" || e.Total != of.total {
					t.Errorf("%+v, want a total of %d", e, of.total)
				}
				done = append(done, e.Done)
			})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.IsSorted(done) || done[len(done)-1] != of.total {
				t.Errorf("counts %v", done)
			}
			if string(again.Header.Body) != string(whole.Header.Body) || !reflect.DeepEqual(again.Tensors, whole.Tensors) {
				t.Error("what goes on is not what runs in one go")
			}
		})
	}
}
