package local

import (
	"context"
	"errors"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/internal/flight"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Runner runs requests on one model in this process. It loads the model at the first request; a load that failed or was
// canceled is tried again by the next. It is safe for concurrent use.
type Runner struct {
	ref   string
	model modelref.Model
	parts steer.Runner // answers what requests are made of; nil: they are computed here

	pace execute.Pace // of the loaded engine

	loading flight.Group[struct{}, steer.Event, struct{}] // serial: two of one model take twice its memory

	mu     sync.Mutex // never held while the model is read
	id     steer.Identity
	loaded *Loaded
	closed bool
}

// NewRunner finds the model that ref names and checks that its files are whole and of a kind that can be run, as far as
// their headers say. No weight is read yet and nothing is memoized.
func NewRunner(ref string) (*Runner, error) {
	m, err := modelref.Resolve(ref)
	if err != nil {
		return nil, err
	}
	if m.Kind != modelref.Embedded {
		c, err := checkpoint.Open(context.Background(), m)
		if err != nil {
			return nil, err
		}
		if err := c.Close(); err != nil {
			return nil, err
		}
	}
	r := &Runner{ref: ref, model: m}
	r.loading.Serial = true
	return r, nil
}

// Identity returns what of the model enters the address of a result.
func (r *Runner) Identity() (steer.Identity, error) {
	id, err := r.model.Identity()
	if err != nil {
		return id, err
	}
	return withBuild(id)
}

// Keep lets requests that are made of others find these in s, and keep them there, as Open does. It is to be called before the
// first request.
func (r *Runner) Keep(s *store.Store) {
	r.parts = store.Memo(r, s, func(context.Context) (steer.Identity, error) { return r.Identity() })
}

// Run implements steer.Runner.
func (r *Runner) Run(ctx context.Context, q steer.Request, emit func(steer.Event)) (steer.Record, error) {
	if emit == nil {
		emit = func(steer.Event) {}
	}
	l, id, err := r.load(ctx, emit)
	if err != nil {
		return steer.Record{}, err
	}
	rec, err := execute.RunWith(ctx, l.Engine, l.Text, r.parts, &r.pace, q, emit)
	if err != nil {
		return steer.Record{}, err
	}
	rec.Header.Identity, rec.Header.Model, rec.Header.Tool = id, r.model.Name, Version()
	return rec, nil
}

// Load reads the model now, as the first request would.
func (r *Runner) Load(ctx context.Context, emit func(steer.Event)) error {
	if emit == nil {
		emit = func(steer.Event) {}
	}
	_, _, err := r.load(ctx, emit)
	return err
}

// Loaded returns the parts of the model, loaded if need be. They end with Close.
func (r *Runner) Loaded(ctx context.Context) (*Loaded, error) {
	l, _, err := r.load(ctx, func(steer.Event) {})
	return l, err
}

// load returns the model, which is read once for all who ask at the same time. Each of them can leave without the others.
func (r *Runner) load(ctx context.Context, emit func(steer.Event)) (*Loaded, steer.Identity, error) {
	for {
		r.mu.Lock()
		l, id, closed := r.loaded, r.id, r.closed
		r.mu.Unlock()
		if closed {
			return nil, steer.Identity{}, engine.Errorf(engine.BadModel, r.ref, "the model has been closed").Try("open it again")
		}
		if l != nil {
			return l, id, nil
		}
		if _, err := r.loading.Do(ctx, struct{}{}, emit, func(ctx context.Context, emit func(steer.Event)) (struct{}, error) {
			return struct{}{}, r.read(ctx, emit)
		}); err != nil {
			return nil, steer.Identity{}, err
		}
	}
}

// read reads the model, unless somebody has. Who closes the runner meanwhile closes the model as well.
func (r *Runner) read(ctx context.Context, emit func(steer.Event)) error {
	r.mu.Lock()
	there := r.loaded != nil || r.closed
	r.mu.Unlock()
	if there {
		return nil
	}
	l, err := Load(ctx, r.model, emit)
	if err != nil {
		return err
	}
	id, err := withBuild(l.Identity)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return l.Close()
	}
	r.loaded, r.id = l, id
	return nil
}

// Close frees the weights. Requests that are running end first or fail.
func (r *Runner) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.loaded == nil {
		return nil
	}
	l := r.loaded
	r.loaded = nil
	return l.Close()
}
