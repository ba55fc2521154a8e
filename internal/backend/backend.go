package backend

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/gomlx/compute"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
)

// A Backend is a compute.Backend that runs graphs on this machine's processors. All its methods may be called at the same time.
type Backend struct {
	team      *team
	pool      pool
	scratch   sync.Pool // of callers; helpers have their own
	finalized atomic.Bool
}

var _ compute.Backend = (*Backend)(nil)

// New returns a backend that keeps so many processors busy; 0 stands for GOMAXPROCS. Close ends its goroutines, which start with the
// first work that is worth sharing.
func New(workers int) *Backend {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &Backend{team: newTeam(workers)}
}

// Name returns "native".
func (b *Backend) Name() string { return "native" }

// String returns the name and the kernels in use: "native (avx512)".
func (b *Backend) String() string {
	level, _ := kernel.Chosen()
	return fmt.Sprintf("native (%v)", level)
}

// Description says what runs where.
func (b *Backend) Description() string {
	level, err := kernel.Chosen()
	s := fmt.Sprintf("native (%v), %d workers", level, b.team.workers)
	if err != nil {
		s += ": " + err.Error()
	}
	return s
}

// NumDevices returns 1.
func (b *Backend) NumDevices() int { return 1 }

// DeviceDescription describes the only device.
func (b *Backend) DeviceDescription(compute.DeviceNum) string { return "processors of this machine" }

// Each calls fn for the numbers below n in chunks of at most step, by the caller and by whoever of the workers is free. fn must not panic:
// it may run on a goroutine of the backend's.
func (b *Backend) Each(n, step int, fn func(from, to int)) {
	b.team.enter()
	defer b.team.leave()
	b.team.each(nil, n, step, func(_ *scratch, from, to int) { fn(from, to) })
}

// Finalize is Close.
func (b *Backend) Finalize() { b.Close() }

// IsFinalized reports whether Close has been called.
func (b *Backend) IsFinalized() bool { return b.finalized.Load() }

// Close ends the workers and gives memory back; it may be called twice. Calls that run go on alone, later ones fail.
func (b *Backend) Close() {
	if b.finalized.Swap(true) {
		return
	}
	b.team.close()
	b.pool.drop()
}

// Builder begins a graph.
func (b *Backend) Builder(name string) compute.Builder {
	g := &builder{b: b, name: name}
	g.main = &function{g: g}
	g.main.ErrFn = func(op compute.OpType) error { return unsupported(op.String(), "graph %q", name) }
	return g
}
