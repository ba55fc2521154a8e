package store

import (
	"context"
	"sync"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A flight is one running request and everybody who waits for it.
type flight struct {
	memo       *memo
	ref        steer.Ref
	cancel     context.CancelFunc
	passengers int // guarded by memo.mu; at zero nobody can join any more

	mu      sync.Mutex
	events  []steer.Event // all so far, so that who joins late misses no token
	changed chan struct{} // closed and replaced at every change
	landed  bool
	rec     steer.Record
	err     error
}

// log appends an event and wakes the passengers.
func (f *flight) log(e steer.Event) { f.change(func() { f.events = append(f.events, e) }) }

// land gives the passengers their record or error.
func (f *flight) land(rec steer.Record, err error) {
	f.change(func() { f.landed, f.rec, f.err = true, rec, err })
}

func (f *flight) change(set func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	set()
	close(f.changed)
	f.changed = make(chan struct{})
}

// wait passes the events on, in the caller's goroutine, until the flight lands or ctx is done.
func (f *flight) wait(ctx context.Context, emit func(steer.Event)) (steer.Record, error) {
	defer f.leave()
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
			return steer.Record{}, err // also where the record has just arrived: who canceled does not wait for it
		}
		if landed {
			return f.rec, f.err // written before landed, and never again
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return steer.Record{}, ctx.Err()
		}
	}
}

// leave takes a passenger off; the last one cancels the work and makes room for a fresh flight.
func (f *flight) leave() {
	f.memo.mu.Lock()
	defer f.memo.mu.Unlock()
	if f.passengers--; f.passengers > 0 {
		return
	}
	if f.memo.flights[f.ref] == f {
		delete(f.memo.flights, f.ref)
	}
	f.cancel()
}
