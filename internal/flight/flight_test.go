package flight

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/fence"
)

// Who joins late misses no event, and the work runs once.
func TestJoin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group[string, string, int]
		var runs atomic.Int32
		release := make(chan struct{})
		work := func(_ context.Context, emit func(string)) (int, error) {
			emit("a")
			<-release
			emit("b")
			return int(runs.Add(1)), nil
		}
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				text := ""
				if n, err := g.Do(t.Context(), "k", func(e string) { text += e }, work); n != 1 || err != nil || text != "ab" {
					t.Errorf("%d, %v, %q", n, err, text)
				}
			})
			synctest.Wait()
		}
		close(release)
		all.Wait()
		if n, err := g.Do(t.Context(), "k", nil, work); n != 2 || err != nil {
			t.Errorf("afterwards: %d, %v", n, err)
		}
	})
}

// Who leaves does not wait for work that ignores its context, and leaves the others in peace; the last one cancels it.
func TestLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group[string, string, int]
		var canceled atomic.Bool
		stuck := make(chan struct{})
		work := func(ctx context.Context, _ func(string)) (int, error) {
			context.AfterFunc(ctx, func() { canceled.Store(true) })
			<-stuck
			return 1, nil
		}
		start := func() (stop func() error) {
			ctx, cancel := context.WithCancel(t.Context())
			end := make(chan error, 1)
			go func() {
				_, err := g.Do(ctx, "k", nil, work)
				end <- err
			}()
			synctest.Wait()
			return func() error { cancel(); err := <-end; synctest.Wait(); return err }
		}
		a, b := start(), start()
		if err := a(); !errors.Is(err, context.Canceled) || canceled.Load() {
			t.Error(err, canceled.Load())
		}
		if err := b(); !errors.Is(err, context.Canceled) || !canceled.Load() {
			t.Error(err, canceled.Load())
		}
		close(stuck)
	})
}

// After work that everybody has left a fresh one starts: at once, or where the group is serial when that has returned.
func TestAfterTheLastLeft(t *testing.T) {
	for _, serial := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			g := Group[string, string, string]{Serial: serial}
			var running, most atomic.Int32
			work := func(_ context.Context, _ func(string)) (string, error) {
				most.Store(max(most.Load(), running.Add(1)))
				defer running.Add(-1)
				time.Sleep(time.Minute)
				return "done", nil
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err := g.Do(ctx, "k", nil, work); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			start := time.Now()
			got, err := g.Do(t.Context(), "k", nil, work)
			want := time.Minute
			if serial {
				want = 2*time.Minute - time.Second
			}
			if d := time.Since(start); got != "done" || err != nil || d != want || (most.Load() == 1) != serial {
				t.Errorf("serial %v: %q, %v after %v, %d at once", serial, got, err, d, most.Load())
			}
		})
	}
}

func TestPanicIsAnError(t *testing.T) {
	var g Group[int, int, int]
	for range 2 {
		_, err := g.Do(t.Context(), 1, nil, func(context.Context, func(int)) (int, error) { panic("oh") })
		if p := (*fence.Panic)(nil); !errors.As(err, &p) || !strings.Contains(err.Error(), "oh") {
			t.Error(err)
		}
	}
}
