package backend

import (
	"fmt"
	"sync"
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
)

// A step is one thing that a call does after the other.
type step struct {
	name   string
	reads  []int // storages
	writes []int
	over   [][2]int // storages that may take the place of another, if this is that one's last use
	run    func(c *call)
}

// An executable is a graph that is ready to run. It may run several times at once.
type executable struct {
	b       *Backend
	names   []string
	params  []shapes.Shape
	outputs []shapes.Shape
	plain   []bool // whether a parameter is needed as memory, not only as a packed weight
	stores  []*storage
	steps   []*step
	size    int // of the arena
	calls   sync.Pool
}

// A call is one run of an executable.
type call struct {
	b       *Backend
	ptr     []unsafe.Pointer // by storage; nil for a weight that nobody reads as memory
	weights []*kernel.Matrix // by storage
	scratch *scratch
}

// each deals work out to the workers.
func (c *call) each(n, step int, fn func(s *scratch, from, to int)) {
	c.b.team.each(c.scratch, n, step, fn)
}

// Finalize does nothing: an executable holds no more than what the garbage collector frees.
func (e *executable) Finalize() {}

func (e *executable) Inputs() ([]string, []shapes.Shape) { return e.names, e.params }
func (e *executable) Outputs() []shapes.Shape            { return e.outputs }

// Execute runs the graph. The same inputs give the same bits, whatever else runs.
func (e *executable) Execute(inputs []compute.Buffer, donate []bool, dev compute.DeviceNum) ([]compute.Buffer, error) {
	if e.b.IsFinalized() {
		return nil, fmt.Errorf("native backend: Execute after it was closed")
	}
	if dev != 0 {
		return nil, fmt.Errorf("native backend: Execute on device %d; the only one is 0", dev)
	}
	if len(inputs) != len(e.params) {
		return nil, fmt.Errorf("native backend: Execute with %d inputs, the graph has %d", len(inputs), len(e.params))
	}
	if donate != nil && len(donate) != len(inputs) {
		return nil, fmt.Errorf("native backend: Execute with %d inputs and %d values of donate", len(inputs), len(donate))
	}
	c, _ := e.calls.Get().(*call)
	if c == nil {
		c = &call{b: e.b, ptr: make([]unsafe.Pointer, len(e.stores)), weights: make([]*kernel.Matrix, len(e.stores))}
	}
	if c.scratch, _ = e.b.scratch.Get().(*scratch); c.scratch == nil {
		c.scratch = new(scratch)
	}
	defer func() {
		e.b.scratch.Put(c.scratch)
		c.scratch = nil
		clear(c.ptr)
		clear(c.weights)
		e.calls.Put(c)
	}()

	var held []*Buffer
	defer func() {
		for _, x := range held {
			x.release()
		}
	}()
	for i, in := range inputs {
		x, ok := in.(*Buffer)
		if !ok || x == nil || x.b != e.b {
			return nil, fmt.Errorf("native backend: input %d (%s) is a %T and no buffer of this backend", i, e.names[i], in)
		}
		if !x.shape.Equal(e.params[i]) {
			return nil, fmt.Errorf("native backend: input %d (%s) has shape %s, the graph asks for %s", i, e.names[i], x.shape, e.params[i])
		}
		if err := x.acquire(); err != nil {
			return nil, fmt.Errorf("input %d (%s): %w", i, e.names[i], err)
		}
		held = append(held, x)
	}

	var temporary [][]byte // widened weights, the arena
	defer func() {
		for _, m := range temporary {
			e.b.pool.put(m)
		}
	}()
	take := func(n int) unsafe.Pointer {
		if n == 0 {
			return pointer(nil)
		}
		m := e.b.pool.get(n)
		temporary = append(temporary, m)
		return pointer(m)
	}
	outs := make([]*Buffer, len(e.outputs))
	base := take(e.size)
	for i, s := range e.stores {
		switch s.home {
		case parameter:
			x := held[s.index]
			c.weights[i] = x.weight
			switch {
			case x.weight == nil:
				c.ptr[i] = pointer(x.raw)
			case e.plain[s.index]:
				c.ptr[i] = take(s.size)
				widen(x.weight, slice[float32](c.ptr[i], s.size/4))
			}
		case constant:
			c.ptr[i] = s.fixed
		case arena:
			c.ptr[i] = unsafe.Add(base, s.at)
		case result:
			outs[s.index] = e.b.newBuffer(e.outputs[s.index])
			c.ptr[i] = pointer(outs[s.index].raw)
		}
	}

	e.b.team.enter()
	for _, s := range e.steps {
		s.run(c)
	}
	e.b.team.leave()

	for i, x := range held {
		if donate != nil && donate[i] {
			if err := x.Finalize(); err != nil {
				return nil, err
			}
		}
	}
	all := make([]compute.Buffer, len(outs))
	for i, x := range outs {
		all[i] = x
	}
	return all, nil
}

// float32s is the memory of a storage from an element on; it ends with the storage.
func (c *call) float32s(s *storage, id, off int) []float32 {
	n := s.size/dtypes.Float32.Size() - off
	return slice[float32](unsafe.Add(c.ptr[id], off*4), max(n, 0))
}
