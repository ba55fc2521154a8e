package gonbext

import (
	"context"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/build"
	"github.com/neuronsteer/neuronsteer/internal/device"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Model returns a handle on the model that ref names: "teaching", a name that `neuronsteer pull` knows, org/model,
// org/model@revision or org/model:Q4_K_M of the Hugging Face cache, the path of a Hugging Face folder or of a .gguf file.
// Nothing is downloaded: what is missing says how it is pulled. It reads no file and starts no process; a ref that names nothing is a mistake of
// the first cell that uses the model.
//
// Results come from the store where they are known; else the session's resident process computes them, and is started if
// there is none.
func Model(ref string, opts ...Option) *steer.Model {
	var s settings
	for _, o := range opts {
		o.apply(&s)
	}
	if s.runner == nil {
		s.runner = &connection{ref: ref}
	}
	return steer.New(ref, s.runner)
}

// An Option changes how a model is reached.
type Option interface{ apply(*settings) }

type settings struct{ runner steer.Runner }

type option func(*settings)

func (o option) apply(s *settings) { o(s) }

// On runs the model's tasks on r, in place of the store and the resident process: a runner of steer/local, of another
// machine, or of a test.
func On(r steer.Runner) Option { return option(func(s *settings) { s.runner = r }) }

// A connection is the runner of a model by name: the store around the resident process, found when first asked.
type connection struct {
	ref string

	mu   sync.Mutex
	next steer.Runner // nil until it was found
}

// Run implements steer.Runner.
func (c *connection) Run(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
	next, err := c.find()
	if err != nil {
		return steer.Record{}, err
	}
	rec, err := next.Run(ctx, r, emit)
	if err == nil {
		here.used.add(rec) // also what a task's own Run asks for
	}
	return rec, err
}

// Identity says what the model is and starts nothing; see steer.Runner.
func (c *connection) Identity(ctx context.Context) (steer.Identity, error) {
	next, err := c.find()
	if err != nil {
		return steer.Identity{}, err
	}
	if i, ok := next.(interface {
		Identity(context.Context) (steer.Identity, error)
	}); ok {
		return i.Identity(ctx)
	}
	return steer.Identity{}, nil
}

func (c *connection) find() (steer.Runner, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next != nil {
		return c.next, nil
	}
	m, err := modelref.Resolve(c.ref)
	if err != nil {
		return nil, err
	}
	session, err := resident.Here()
	if err != nil {
		return nil, err
	}
	s, err := store.Open("")
	if err != nil {
		return nil, err
	}
	s.Check = steer.Record.Check
	if session.Kernel != 0 {
		_ = s.Session(session.Kernel) // a folder that cannot be written has nothing that somebody could prune
	}
	session.Store = s.Dir()
	session.Notice = func(line string) { here.screen().send(lineBundle(line)) }
	c.next = store.Memo(announced(session, m.Ref()), s, func(ctx context.Context) (steer.Identity, error) {
		id, err := m.Identity()
		if err == nil {
			id.Backend = device.Chosen()
			id.Build, err = engineBuild(ctx)
		}
		return id, err
	})
	return c.next, nil
}

// announced runs requests in the session's process and tells when one must be started.
func announced(s resident.Session, ref string) steer.Runner {
	return steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		if emit != nil {
			s.Starting = func() { emit(steer.Event{Phase: "start"}) }
		}
		return resident.New(s, ref).Run(ctx, r, emit)
	})
}

// engineBuild returns the build of the engine's program where this package is no release, so that a change of code is
// never answered with the numbers of the code before. It is empty in a release, and when there is no program: then nothing
// can be computed either.
func engineBuild(ctx context.Context) (string, error) {
	if _, ok := build.Release(); ok {
		return "", nil
	}
	program, err := resident.FindProgram()
	if err != nil {
		return "", nil //nolint:nilerr // results that are there need no program; who starts it says what is missing
	}
	id, err := resident.Build(ctx, program)
	if err != nil {
		return "", engine.Errorf(engine.NoEngine, "resident", "%v", err).Try("set NEURONSTEER_BIN to the neuronsteer program, or unset it")
	}
	return id, nil
}

// Stop asks the session's resident process to leave and waits until it has. Finished results are kept; the next task
// starts a new process. It does nothing where there is none.
func Stop() {
	at := caller()
	session, err := resident.Here()
	if err == nil {
		_, err = session.Stop(here.context())
	}
	if err != nil {
		here.fail(err, at)
	}
}
