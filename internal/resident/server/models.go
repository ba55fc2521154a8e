package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// models are the models of a server, by the name that they were asked for under.
type models struct {
	server *server
	mu     sync.Mutex
	open   map[string]*model
}

// model is one that is open or being opened.
type model struct {
	ready  chan struct{} // closed when runner and err are set
	runner steer.Runner
	err    error
	served int64 // guarded by models.mu
}

// run opens the model if need be and runs a request on it.
func (m *models) run(ctx context.Context, ref string, q steer.Request, emit func(steer.Event)) (steer.Record, error) {
	r, err := m.get(ctx, ref, emit)
	if err != nil {
		return steer.Record{}, err
	}
	return r.Run(ctx, q, emit)
}

// get returns the model, which is opened once for all who ask at the same time.
func (m *models) get(ctx context.Context, ref string, emit func(steer.Event)) (steer.Runner, error) {
	for {
		m.mu.Lock()
		e, ok := m.open[ref]
		if !ok {
			e = &model{ready: make(chan struct{})}
			if m.open == nil {
				m.open = map[string]*model{}
			}
			m.open[ref] = e
		}
		e.served++
		m.mu.Unlock()
		if !ok {
			return m.load(ctx, ref, e, emit)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-e.ready:
		}
		if e.err == nil {
			return e.runner, nil
		}
		if !errors.Is(e.err, context.Canceled) {
			return nil, e.err
		}
		// Who was opening it gave up: the next one opens it.
	}
}

// load opens the model that e stands for. One that cannot be opened is forgotten, so that it can be tried again.
func (m *models) load(ctx context.Context, ref string, e *model, emit func(steer.Event)) (steer.Runner, error) {
	e.err = m.room(ref)
	if e.err == nil {
		e.runner, e.err = m.server.Open(ctx, ref, emit)
	}
	if e.err != nil {
		if ctx.Err() != nil {
			e.err = ctx.Err()
		}
		m.mu.Lock()
		delete(m.open, ref)
		m.mu.Unlock()
	}
	close(e.ready)
	return e.runner, e.err
}

// reserve is what must stay free for the work itself and for everybody else, in bytes.
const reserve = 256 << 20

// room refuses a model that would not fit into memory beside what is there.
func (m *models) room(ref string) error {
	if m.server.Need == nil {
		return nil
	}
	need, err := m.server.Need(ref)
	if err != nil {
		return err
	}
	free, known := availableMemory()
	if !known || free-reserve >= need {
		return nil
	}
	e := engine.Errorf(engine.BadSetting, "serve", "%s needs about %s of memory, and %s of %s can be used", ref, size(need), size(max(0, free-reserve)), size(free))
	if names := m.names(ref); len(names) > 0 {
		return e.Try("nb.Stop() frees %s", strings.Join(names, ", "))
	}
	return e.Try("end other programs, or take a smaller model")
}

// names lists the models but one.
func (m *models) names(but string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Sorted(maps.Keys(m.open)), func(n string) bool { return n == but })
}

// list describes the models.
func (m *models) list() []resident.ModelStatus {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := []resident.ModelStatus{}
	for _, name := range slices.Sorted(maps.Keys(m.open)) {
		e := m.open[name]
		st := resident.ModelStatus{Name: name, Served: e.served}
		select {
		case <-e.ready:
			st.Loaded = true
		default:
		}
		all = append(all, st)
	}
	return all
}

// close frees the models that can be freed.
func (m *models) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, e := range m.open {
		select {
		case <-e.ready:
		default:
			continue // still being opened by a request that was given up
		}
		if c, ok := e.runner.(io.Closer); ok {
			if err := c.Close(); err != nil {
				m.server.logf("%s: %v", name, err)
			}
		}
	}
}

func size(n int64) string {
	if n >= 1<<30 {
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20))
}
