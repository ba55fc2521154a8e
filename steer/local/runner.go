package local

import (
	"context"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Runner runs requests on one model in this process. It loads the model at the first request; a load that failed or was
// canceled is tried again by the next. It is safe for concurrent use.
type Runner struct {
	ref   string
	model modelref.Model

	mu     sync.Mutex
	id     steer.Identity
	loaded *Loaded
	closed bool
}

// NewRunner finds the model that ref names. Nothing is loaded yet and nothing is memoized.
func NewRunner(ref string) (*Runner, error) {
	m, err := modelref.Resolve(ref)
	if err != nil {
		return nil, err
	}
	return &Runner{ref: ref, model: m}, nil
}

// Identity returns what of the model enters the address of a result.
func (r *Runner) Identity() (steer.Identity, error) { return identity(r.model) }

// Run implements steer.Runner.
func (r *Runner) Run(ctx context.Context, q steer.Request, emit func(steer.Event)) (steer.Record, error) {
	if emit == nil {
		emit = func(steer.Event) {}
	}
	l, id, err := r.load(ctx, emit)
	if err != nil {
		return steer.Record{}, err
	}
	rec, err := execute.Run(ctx, l.Engine, l.Text, q, emit)
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

func (r *Runner) load(ctx context.Context, emit func(steer.Event)) (*Loaded, steer.Identity, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, steer.Identity{}, engine.Errorf(engine.BadModel, r.ref, "the model has been closed").Try("open it again")
	}
	if r.loaded != nil {
		return r.loaded, r.id, nil
	}
	id, err := identity(r.model)
	if err != nil {
		return nil, id, err
	}
	l, err := Load(ctx, r.model, emit)
	if err != nil {
		return nil, id, err
	}
	r.loaded, r.id = l, id
	return l, id, nil
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
