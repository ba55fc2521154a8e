// Package flight runs a piece of work once for all who ask for it at the same time. Each of them can leave without the
// others, and nobody who has left waits for it:
//
//	var g flight.Group[string, steer.Event, steer.Runner]
//	r, err := g.Do(ctx, name, emit, func(ctx context.Context, emit func(steer.Event)) (steer.Runner, error) { … })
package flight

import (
	"context"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/fence"
)

// A Group is work by keys K, with progress E and results T. The zero value is ready. It is safe for concurrent use.
type Group[K comparable, E, T any] struct {
	// Serial makes work wait for earlier work of its key that everybody has left and that has not returned yet, e.g. because
	// both would take memory for the same model.
	Serial bool

	mu      sync.Mutex
	flights map[K]*flight[E, T]
}

// A flight is one run of the work and everybody who waits for it.
type flight[E, T any] struct {
	cancel     context.CancelFunc
	passengers int           // guarded by the group's mutex; at zero nobody can join any more
	done       chan struct{} // closed when the work has returned

	mu      sync.Mutex
	events  []E           // all so far, so that who joins late misses nothing
	changed chan struct{} // closed and replaced at every change
	landed  bool
	result  T
	err     error
}

// Do returns what work gives: its own, or that of the same key which is running. Every caller gets all events, in its own
// goroutine; emit may be nil. Where ctx is done Do gives its error at once, also where the result has just arrived, and the
// work's context is canceled when the last caller has left. A panic of the work is a *fence.Panic.
func (g *Group[K, E, T]) Do(ctx context.Context, key K, emit func(E), work func(context.Context, func(E)) (T, error)) (T, error) {
	f := g.join(ctx, key, work)
	defer g.leave(f)
	return f.wait(ctx, emit)
}

// join returns the running flight of key with one more passenger, or starts it.
func (g *Group[K, E, T]) join(ctx context.Context, key K, work func(context.Context, func(E)) (T, error)) *flight[E, T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	before := g.flights[key]
	if before != nil && before.passengers > 0 {
		before.passengers++
		return before
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight[E, T]{cancel: cancel, passengers: 1, done: make(chan struct{}), changed: make(chan struct{})}
	if g.flights == nil {
		g.flights = map[K]*flight[E, T]{}
	}
	g.flights[key] = f
	go func() {
		defer cancel()
		if g.Serial && before != nil {
			<-before.done // it was canceled
		}
		var result T
		err := ctx.Err() // everybody may have left meanwhile
		if err == nil {
			err = fence.Call(func() (err error) {
				result, err = work(ctx, f.log)
				return err
			})
		}
		g.forget(key, f)
		f.land(result, err)
	}()
	return f
}

// forget takes f off the list of what can be joined.
func (g *Group[K, E, T]) forget(key K, f *flight[E, T]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.flights[key] == f {
		delete(g.flights, key)
	}
}

// leave takes a passenger off; the last one cancels the work.
func (g *Group[K, E, T]) leave(f *flight[E, T]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if f.passengers--; f.passengers == 0 {
		f.cancel()
	}
}

// log appends an event and wakes the passengers.
func (f *flight[E, T]) log(e E) { f.change(func() { f.events = append(f.events, e) }) }

// land gives the passengers their result.
func (f *flight[E, T]) land(result T, err error) {
	f.change(func() { f.landed, f.result, f.err = true, result, err })
	close(f.done)
}

func (f *flight[E, T]) change(set func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	set()
	close(f.changed)
	f.changed = make(chan struct{})
}

// wait passes the events on, in the caller's goroutine, until the flight lands or ctx is done.
func (f *flight[E, T]) wait(ctx context.Context, emit func(E)) (none T, err error) {
	for seen := 0; ; {
		f.mu.Lock()
		fresh, landed, changed := f.events[seen:], f.landed, f.changed
		f.mu.Unlock()
		seen += len(fresh)
		for _, e := range fresh {
			if emit != nil && ctx.Err() == nil {
				emit(e)
			}
		}
		if err := ctx.Err(); err != nil {
			return none, err // also where the result has just arrived: who canceled does not wait for it
		}
		if landed {
			return f.result, f.err // written before landed, and never again
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return none, ctx.Err()
		}
	}
}
