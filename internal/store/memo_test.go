package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func identity(context.Context) (steer.Identity, error) { return model, nil }

// counting is a runner that answers request n with record n and counts its runs.
func counting(runs *atomic.Int32) steer.Runner {
	return steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		runs.Add(1)
		if emit != nil {
			emit(steer.Event{Phase: "forward", Done: 1, Total: 1})
		}
		rec := record(0, 4)
		rec.Header.Request = r
		return rec, nil
	})
}

func TestMemoComputesOnce(t *testing.T) {
	var runs atomic.Int32
	s := open(t)
	m := Memo(counting(&runs), s, identity)
	first, err := m.Run(t.Context(), request(1), nil)
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := Open(s.Dir()) // as after a restart
	if err != nil {
		t.Fatal(err)
	}
	second, err := Memo(counting(&runs), fresh, identity).Run(t.Context(), request(1), nil)
	if err != nil || !same(first, second) || runs.Load() != 1 {
		t.Fatalf("%d runs, %v", runs.Load(), err)
	}
	if _, err := m.Run(t.Context(), request(2), nil); err != nil || runs.Load() != 2 {
		t.Fatalf("another request: %d runs, %v", runs.Load(), err)
	}
	n, err := fresh.Stats()
	if err != nil || n.Hits != 1 || n.Misses != 2 || n.Computed != 2 || n.Files != 2 || n.Bytes == 0 {
		t.Fatalf("%+v, %v", n, err)
	}
}

func TestMemoRecomputesWhatIsDamaged(t *testing.T) {
	var runs atomic.Int32
	s := open(t)
	m := Memo(counting(&runs), s, identity)
	first, err := m.Run(t.Context(), request(1), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(s.Path(request(1).Ref(model)), 100); err != nil {
		t.Fatal(err)
	}
	again, err := m.Run(t.Context(), request(1), nil)
	if err != nil || !same(first, again) || runs.Load() != 2 {
		t.Fatal(runs.Load(), err)
	}
}

func TestMemoReturnsWhatItCannotKeep(t *testing.T) {
	var runs atomic.Int32
	s := open(t)
	if err := os.RemoveAll(s.Dir()); err != nil { // as an unplugged disk
		t.Fatal(err)
	}
	rec, err := Memo(counting(&runs), s, identity).Run(t.Context(), request(1), nil)
	if err != nil || len(rec.Tensors) != 2 {
		t.Fatal(err)
	}
	if w := rec.Header.Warnings; len(w) != 2 || w[1].Code != "not-kept" {
		t.Fatal(w)
	}
}

func TestMemoRefusesAnotherModel(t *testing.T) {
	var runs atomic.Int32
	s := open(t)
	changed := func(context.Context) (steer.Identity, error) {
		return steer.Identity{Model: "cc", Tokenizer: "bb"}, nil
	}
	if _, err := Memo(counting(&runs), s, changed).Run(t.Context(), request(1), nil); !errors.Is(err, engine.ModelMismatch) {
		t.Fatal(err)
	}
	if n, err := s.Stats(); err != nil || n.Files != 0 {
		t.Fatal(n, err)
	}
	built := func(context.Context) (steer.Identity, error) {
		id := model
		id.Build = "dev"
		return id, nil
	}
	rec, err := Memo(counting(&runs), s, built).Run(t.Context(), request(1), nil)
	if err != nil || rec.Header.Identity.Build != "dev" {
		t.Fatal(rec.Header.Identity, err)
	}
	other := steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		rec, err := counting(&runs).Run(ctx, r, emit)
		rec.Header.Identity.Build = "older"
		return rec, err
	})
	if _, err := Memo(other, s, built).Run(t.Context(), request(2), nil); !errors.Is(err, engine.ModelMismatch) || !strings.Contains(err.Error(), "build") {
		t.Fatal(err)
	}
}

// Identical requests at the same time run once, and a late one sees the events that it missed.
func TestMemoJoinsIdenticalRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int32
		release := make(chan struct{})
		next := steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			runs.Add(1)
			emit(steer.Event{Phase: "generate", Token: "a"})
			<-release
			emit(steer.Event{Phase: "generate", Token: "b"})
			rec := record(0, 4)
			rec.Header.Request = r
			return rec, nil
		})
		m := Memo(next, open(t), identity)
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				text := ""
				if _, err := m.Run(t.Context(), request(1), func(e steer.Event) { text += e.Token }); err != nil || text != "ab" {
					t.Errorf("%q, %v", text, err)
				}
			})
			synctest.Wait()
		}
		close(release)
		all.Wait()
		if runs.Load() != 1 {
			t.Fatalf("%d runs", runs.Load())
		}
	})
}

// Who gives up leaves the others in peace; when the last one does, the work is canceled and the next request starts afresh.
func TestMemoCancelsForTheLastOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs, canceled atomic.Int32
		next := steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			runs.Add(1)
			<-ctx.Done()
			canceled.Add(1)
			return steer.Record{}, ctx.Err()
		})
		m := Memo(next, open(t), identity)
		start := func() (stop func() error) {
			ctx, cancel := context.WithCancel(t.Context())
			end := make(chan error, 1)
			go func() {
				_, err := m.Run(ctx, request(1), nil)
				end <- err
			}()
			synctest.Wait()
			return func() error { cancel(); return <-end }
		}
		a, b := start(), start()
		if err := a(); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		synctest.Wait()
		if canceled.Load() != 0 {
			t.Fatal("one of two gave up and the work ended")
		}
		if err := b(); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		synctest.Wait()
		if canceled.Load() != 1 {
			t.Fatal("nobody waits and the work goes on")
		}
		if err := start()(); !errors.Is(err, context.Canceled) || runs.Load() != 2 {
			t.Fatal(runs.Load(), err)
		}
	})
}

// A request is not joined to one that is being canceled but has not returned yet.
func TestMemoDoesNotJoinWhatIsDying(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs atomic.Int32
		die := make(chan struct{})
		next := steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			if runs.Add(1) == 1 {
				<-die
				return steer.Record{}, ctx.Err()
			}
			rec := record(0, 4)
			rec.Header.Request = r
			return rec, nil
		})
		m := Memo(next, open(t), identity)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { synctest.Wait(); cancel() }()
		if _, err := m.Run(ctx, request(1), nil); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		soon, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if _, err := m.Run(soon, request(1), nil); err != nil {
			t.Error(err)
		}
		close(die)
		synctest.Wait()
	})
}

func TestMemoPassesErrorsOn(t *testing.T) {
	s := open(t)
	want := engine.Errorf(engine.NotOneToken, "attribute", "x")
	next := steer.RunnerFunc(func(context.Context, steer.Request, func(steer.Event)) (steer.Record, error) {
		return steer.Record{}, want
	})
	if _, err := Memo(next, s, identity).Run(t.Context(), request(1), nil); !errors.Is(err, want) {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(filepath.Join(s.Dir(), "*.safetensors")); len(files) != 0 {
		t.Fatal("an error was kept")
	}
}
