package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/gomlx/compute"
	"github.com/neuronsteer/neuronsteer/internal/backend"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	"github.com/neuronsteer/neuronsteer/internal/memory"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// Engine is one loaded model on a backend. It is safe for concurrent use.
type Engine struct {
	cfg     decoder.Config
	backend compute.Backend
	name    string // of the backend, as Options has it
	weights *weights
	groups  []group // the layers in order, cut into groups
	graphs  *graphs
	tables  *lru[tableKey, tables]
	limits  limits
	lend    func(ctx context.Context, need int64) (giveBack func(), err error) // memory.Lend but in tests

	open   sync.RWMutex // held for reading while a call works, for writing by Close
	closed bool

	live atomic.Int64 // device tensors of calls and sessions, so that a test can see one that nobody frees
}

var _ seam.Engine = (*Engine)(nil)

// New loads the weights of a model onto a backend. progress, which may be nil, is told how many of how many tensors
// are loaded. Errors are those of src and of cfg.Check, ctx.Err() when ctx is done, and steer.BadModel where a tensor's
// size does not fit cfg.
func New(ctx context.Context, cfg decoder.Config, src Source, opt Options, progress func(done, total int)) (e *Engine, err error) {
	defer fence("open", &err)
	if err := cfg.Check(); err != nil {
		return nil, seam.Errorf(seam.BadModel, "open", "%v", err).Try("check the model's config.json")
	}
	giveBack, err := lendWeights(ctx, cfg, src, opt)
	if err != nil {
		return nil, err
	}
	defer giveBack() // they are there by then, or gone
	b, err := openBackend(opt)
	if err != nil {
		return nil, opening(err)
	}
	w, err := loadWeights(ctx, b, cfg, src, progress)
	if err != nil {
		b.Finalize()
		return nil, err
	}
	return &Engine{cfg: cfg, backend: b, name: cmp.Or(opt.Backend, Backends[0]), weights: w, groups: cut(cfg), graphs: newGraphs(cfg, b),
		tables: newTables(cfg, b), limits: defaultLimits, lend: memory.Lend}, nil
}

// Shape returns the sizes of the model.
func (e *Engine) Shape() seam.Shape {
	c := e.cfg
	return seam.Shape{Layers: c.Layers, Width: c.Width, Neurons: c.Neurons, Heads: c.Heads, KVHeads: c.KVHeads,
		HeadDim: c.HeadDim, Vocab: c.Vocab, Positions: c.Positions}
}

// Name says what does the work.
func (e *Engine) Name() string {
	switch b := e.backend.(type) {
	case *backend.Backend:
		return b.String()
	default:
		if e.name == "go" {
			return "go (gomlx)"
		}
		return e.name
	}
}

// spread divides the numbers below n among those who share a call's work, in chunks of step.
type spread func(n, step int, fn func(from, to int))

// spread lends the backend's workers, where they are ours, for what is done with numbers outside graphs.
func (e *Engine) spread(n, step int, fn func(from, to int)) {
	if b, ok := e.backend.(*backend.Backend); ok {
		b.Each(n, step, fn)
		return
	}
	fn(0, n)
}

// Close waits for the calls at work and frees the model. Later calls fail. Closing twice is fine.
func (e *Engine) Close() (err error) {
	defer fence("close", &err)
	e.open.Lock()
	defer e.open.Unlock()
	if e.closed {
		return nil
	}
	e.closed = true
	e.graphs.close()
	e.tables.close()
	e.weights.close()
	e.backend.Finalize()
	return nil
}

// enter begins a call: the model stays until leave is called.
func (e *Engine) enter(ctx context.Context, task string) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	e.open.RLock()
	if e.closed {
		e.open.RUnlock()
		return nil, seam.Errorf(seam.BadSetting, task, "the model is closed").Try("open it again")
	}
	return e.open.RUnlock, nil
}

// fence is the one place where a panic becomes an error: GoMLX builds graphs with panics, and a defect must not take down
// a process that other requests use.
func fence(task string, err *error) {
	if p := recover(); p != nil {
		*err = internal(task, fmt.Errorf("%v", p))
	}
}

// opening is the error of a backend that does not open: a mistake in choosing it, or a defect.
func opening(err error) error {
	if _, ok := errors.AsType[*seam.Error](err); ok {
		return err
	}
	return internal("open", err)
}

func internal(task string, err error) error {
	return seam.Errorf(seam.Internal, task, "%v", err).Try("report this with the command that caused it; it is a defect of neuronsteer")
}
