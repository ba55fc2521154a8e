package server

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/flight"
	"github.com/neuronsteer/neuronsteer/internal/memory"
	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// models are the models of a server, by the name that they were asked for under.
type models struct {
	server  *server
	opening flight.Group[string, steer.Event, steer.Runner] // serial: two openings of one model take twice its memory

	mu   sync.Mutex
	open map[string]*model
}

// model is one that is open or being opened.
type model struct {
	runner steer.Runner // nil while it is being opened
	asking int          // requests that wait for the opening
	served int64
}

// run opens the model if need be and runs a request on it.
func (m *models) run(ctx context.Context, ref string, q steer.Request, emit func(steer.Event)) (steer.Record, error) {
	r, err := m.get(ctx, ref, emit)
	if err != nil {
		return steer.Record{}, err
	}
	return r.Run(ctx, q, emit)
}

// get returns the model, which is opened once for all who ask at the same time. Each of them can leave without the
// others, and does not wait for an opening that is slow to notice.
func (m *models) get(ctx context.Context, ref string, emit func(steer.Event)) (steer.Runner, error) {
	if r := m.ask(ref); r != nil {
		return r, nil
	}
	defer m.answered(ref)
	return m.opening.Do(ctx, ref, emit, func(ctx context.Context, emit func(steer.Event)) (steer.Runner, error) {
		return m.load(ctx, ref, emit)
	})
}

// ask counts a request and returns the model if it is open; else the request counts as waiting until it is answered.
func (m *models) ask(ref string) steer.Runner {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.entry(ref)
	e.served++
	if e.runner == nil {
		e.asking++
	}
	return e.runner
}

// answered ends the waiting of a request. A model that nobody waits for any more and that is not open is forgotten, so
// that it can be tried again.
func (m *models) answered(ref string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.open[ref]; e != nil {
		if e.asking--; e.asking == 0 && e.runner == nil {
			delete(m.open, ref)
		}
	}
}

// entry returns what is known of the model. The mutex is held.
func (m *models) entry(ref string) *model {
	if m.open == nil {
		m.open = map[string]*model{}
	}
	if m.open[ref] == nil {
		m.open[ref] = &model{}
	}
	return m.open[ref]
}

// load opens the model, unless an opening that everybody had left has done so in the end.
func (m *models) load(ctx context.Context, ref string, emit func(steer.Event)) (steer.Runner, error) {
	m.mu.Lock()
	r := m.entry(ref).runner
	m.mu.Unlock()
	if r != nil {
		return r, nil
	}
	if err := m.room(ref); err != nil {
		return nil, err
	}
	r, err := m.server.Open(ctx, ref, emit)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entry(ref).runner = r
	return r, nil
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
	free, by, known := memory.Available()
	if !known || free-reserve >= need {
		return nil
	}
	e := engine.Errorf(engine.TooLarge, "serve", "%s needs about %s of memory, and %s of %s can be used (%s)", ref, memory.Size(need),
		memory.Size(max(0, free-reserve)), memory.Size(free), by)
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
		all = append(all, resident.ModelStatus{Name: name, Served: e.served, Loaded: e.runner != nil})
	}
	return all
}

// close frees the models that can be freed.
func (m *models) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, e := range m.open {
		if c, ok := e.runner.(io.Closer); ok {
			if err := c.Close(); err != nil {
				m.server.logf("%s: %v", name, err)
			}
		}
	}
}
