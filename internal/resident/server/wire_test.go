//go:build linux

package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// The law: a Runner over the wire gives the records, events and errors of the runner behind it.
func TestWireIsTransparent(t *testing.T) {
	s := session(t)
	shared := s
	st, err := store.Open("")
	if err != nil {
		t.Fatal(err)
	}
	shared.Store = st.Dir()
	behind := fake("teaching")
	for name, wire := range map[string]steer.Runner{"numbers": resident.New(s, "teaching"), "files": resident.New(shared, "teaching")} {
		for _, q := range []settings{
			{Do: "answer"}, {Do: "answer", Numbers: 3, Nth: 1}, {Do: "answer", Numbers: 300_000, Nth: 2},
			{Do: "fail"}, {Do: "fail twice"},
		} {
			var want, got []steer.Event
			a, errA := behind.Run(t.Context(), request(q), func(e steer.Event) { want = append(want, e) })
			b, errB := wire.Run(t.Context(), request(q), func(e steer.Event) {
				if e.Phase != "load" { // the process opens the model as well
					got = append(got, e)
				}
			})
			if !reflect.DeepEqual(engine.Mistakes(errA), engine.Mistakes(errB)) || !slices.Equal(want, got) {
				t.Errorf("%s, %+v: %v and %v, %v and %v", name, q, errA, errB, want, got)
			}
			if !reflect.DeepEqual(a.Header, b.Header) || !maps.EqualFunc(a.Tensors, b.Tensors, steer.Tensor.Equal) {
				t.Errorf("%s, %+v: another record: %+v", name, q, b.Header)
			}
		}
		if _, err := wire.Run(t.Context(), steer.Request{Kind: "fake", Settings: json.RawMessage("7")}, nil); !errors.Is(err, engine.BadRequest) {
			t.Error(err)
		}
		if _, err := wire.Run(t.Context(), steer.Request{Kind: "fake", Settings: json.RawMessage("{")}, nil); !errors.Is(err, engine.BadRequest) {
			t.Error(err)
		}
	}
	torn := request(settings{Do: "torn", Numbers: 2, Nth: 9})
	if rec, err := resident.New(shared, "teaching").Run(t.Context(), torn, nil); err != nil || len(rec.Tensors) != 2 {
		t.Error("a record whose file has gone:", err)
	}
	if _, err := resident.New(s, "unknown").Run(t.Context(), request(settings{}), nil); !errors.Is(err, engine.UnknownModel) {
		t.Error(err)
	}
}

// The contract of a Runner holds over the wire, with records as numbers, as files, and behind a memo.
func TestRunnerContract(t *testing.T) {
	identity := func(ctx context.Context) (steer.Identity, error) {
		m := steertest.NewModel()
		q, err := m.Info().Request()
		if err != nil {
			return steer.Identity{}, err
		}
		rec, err := m.Runner().Run(ctx, q, nil)
		return rec.Header.Identity, err
	}
	for name, wrap := range map[string]func(s resident.Session, st *store.Store) steer.Runner{
		"numbers": func(s resident.Session, _ *store.Store) steer.Runner { return resident.New(s, "steertest") },
		"files": func(s resident.Session, st *store.Store) steer.Runner {
			s.Store = st.Dir()
			return resident.New(s, "steertest")
		},
		"memo": func(s resident.Session, st *store.Store) steer.Runner {
			s.Store = st.Dir()
			return store.Memo(resident.New(s, "steertest"), st, identity)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := session(t)
			steertest.TestRunner(t, func(t *testing.T) *steer.Model {
				st, err := store.Open("")
				if err != nil {
					t.Fatal(err)
				}
				return steer.New("steertest", wrap(s, st))
			}, steertest.FakePrompts())
		})
	}
}

// A memo around the wire and a process that keeps its results in the same folder write a result once, and the next cell
// needs no process.
func TestMemoAroundTheWire(t *testing.T) {
	s := session(t)
	st, err := store.Open("")
	if err != nil {
		t.Fatal(err)
	}
	s.Store = st.Dir()
	identity := func(context.Context) (steer.Identity, error) { return model, nil }
	q := request(settings{Numbers: 70_000, Nth: 3})
	first, err := store.Memo(resident.New(s, "teaching"), st, identity).Run(t.Context(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	fresh, err := store.Open("")
	if err != nil {
		t.Fatal(err)
	}
	again, err := store.Memo(resident.New(s, "teaching"), fresh, identity).Run(t.Context(), q, nil)
	if err != nil || !maps.EqualFunc(first.Tensors, again.Tensors, steer.Tensor.Equal) {
		t.Fatal(err)
	}
	if pid(t, s) != 0 {
		t.Fatal("a process was started for a result that is there")
	}
	if n, err := fresh.Stats(); err != nil || n.Hits != 1 || n.Files != 1 || n.Misses != 1 || n.Computed != 1 {
		t.Fatalf("%+v, %v", n, err)
	}
	// Damaged, it is computed again. The records above stay whole.
	if err := os.Truncate(st.Path(q.Ref(model)), 1000); err != nil {
		t.Fatal(err)
	}
	third, err := store.Memo(resident.New(s, "teaching"), fresh, identity).Run(t.Context(), q, nil)
	if err != nil || !maps.EqualFunc(first.Tensors, third.Tensors, steer.Tensor.Equal) || pid(t, s) == 0 {
		t.Fatal(err)
	}
}

// A result that is finished after its client has gone is kept.
func TestFinishedWithoutClient(t *testing.T) {
	s := session(t)
	st, err := store.Open("")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	q := request(settings{Do: "linger", Numbers: 2, Nth: 5})
	_, err = resident.New(s, "teaching").Run(ctx, q, func(e steer.Event) {
		if e.Phase == "lingers" {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	within(t, 3*time.Second, "the result", func() bool { _, ok, err := st.Get(q.Ref(model)); return ok && err == nil })
}

func TestSecondModel(t *testing.T) {
	s := session(t)
	for _, name := range []string{"one", "two", "one"} {
		rec, err := resident.New(s, name).Run(t.Context(), request(settings{Numbers: 1}), nil)
		if err != nil || rec.Header.Model != name {
			t.Fatal(rec.Header.Model, err)
		}
	}
	_, err := resident.New(s, "huge").Run(t.Context(), request(settings{}), nil)
	if !errors.Is(err, engine.TooLarge) || !strings.Contains(err.Error(), "nb.Stop() frees one, two") {
		t.Fatal(err)
	}
	var st resident.Status
	within(t, time.Second, "rest", func() bool { // the answer is sent before the request is counted out
		st, _, err = s.Status(t.Context())
		return err == nil && st.Running == 0
	})
	if len(st.Models) != 2 || st.Models[0].Name != "one" || !st.Models[0].Loaded || st.Models[0].Served != 2 ||
		st.Served != 4 || st.Memory <= 0 || st.Available <= 0 || st.Protocol != resident.Protocol {
		t.Fatalf("%+v, %v", st, err)
	}
	if marks("open-one") != 1 || marks("open-two") != 1 || marks("open-huge") != 0 {
		t.Fatal("opened more than once, or in spite of its size")
	}
}

// A model's path is the cell's, not that of the process.
func TestRelativeModelPath(t *testing.T) {
	s := session(t)
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Mkdir("model", 0o700); err != nil {
		t.Fatal(err)
	}
	rec, err := resident.New(s, "./model").Run(t.Context(), request(settings{Numbers: 1}), nil)
	if want, _ := filepath.Abs("model"); err != nil || rec.Header.Model != want {
		t.Fatal(rec.Header.Model, err)
	}
}
