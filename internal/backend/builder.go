package backend

import (
	"fmt"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/notimplemented"
	"github.com/gomlx/compute/shapes"
)

// A builder records one graph. It is not for calls at the same time.
type builder struct {
	b        *Backend
	name     string
	main     *function
	compiled bool
}

func (g *builder) Name() string           { return g.name }
func (g *builder) Main() compute.Function { return g.main }

// NewFunction fails: graphs here have one function.
func (g *builder) NewFunction(name string) (compute.Function, error) {
	return nil, unsupported("functions", "function %q", name)
}

// OpShape returns the shape of a value.
func (g *builder) OpShape(v compute.Value) (shapes.Shape, error) { return g.main.Shape(v) }

func (g *builder) DistributedSPMD(n int) error {
	if n == 1 {
		return nil
	}
	return unsupported("DistributedSPMD", "%d devices", n)
}

func (g *builder) DistributedAutoSharding(...compute.Mesh) error {
	return unsupported("DistributedAutoSharding", "there is one device")
}

func (g *builder) DeviceAssignment(devices ...compute.DeviceNum) error {
	if len(devices) != 1 || devices[0] != 0 {
		return unsupported("DeviceAssignment", "devices %v; the only one is 0", devices)
	}
	return nil
}

// unsupported says by name what this backend does not do.
func unsupported(what, format string, args ...any) error {
	return fmt.Errorf("native backend: %s: %w (%s)", what, compute.ErrNotImplemented, fmt.Sprintf(format, args...))
}

// A node is one operation of a graph.
type node struct {
	f     *function
	id    int // among the nodes of the function, so that inputs come before what they go into
	op    compute.OpType
	in    []*node
	shape shapes.Shape
	attr  any // what else the operation is told; see the methods that record it
}

// A function records operations in the order in which it is told of them. What it does not implement fails by the operation's
// name (package notimplemented).
type function struct {
	notimplemented.Function
	g        *builder
	nodes    []*node
	params   []*node
	names    []string
	outputs  []*node
	returned bool
}

var _ compute.Function = (*function)(nil)

func (f *function) Name() string             { return compute.MainName }
func (f *function) Builder() compute.Builder { return f.g }
func (f *function) Parent() compute.Function { return nil }

// Closure fails: graphs here have one function.
func (f *function) Closure() (compute.Function, error) {
	return nil, unsupported("closures", "While, If and Sort take them")
}

// values checks what an operation is given.
func (f *function) values(op string, in ...compute.Value) ([]*node, error) {
	if f.returned {
		return nil, fmt.Errorf("native backend: %s after Return", op)
	}
	out := make([]*node, len(in))
	for i, v := range in {
		n, ok := v.(*node)
		if !ok || n == nil {
			return nil, fmt.Errorf("native backend: %s: input %d is a %T and no value of this backend", op, i, v)
		}
		if n.f != f {
			return nil, fmt.Errorf("native backend: %s: input %d belongs to another graph", op, i)
		}
		out[i] = n
	}
	return out, nil
}

// add records an operation.
func (f *function) add(op compute.OpType, s shapes.Shape, attr any, in ...*node) *node {
	s = shapes.Make(s.DType, s.Dimensions...) // without names of axes
	n := &node{f: f, id: len(f.nodes), op: op, in: in, shape: s, attr: attr}
	f.nodes = append(f.nodes, n)
	return n
}

// Shape returns the shape of a value.
func (f *function) Shape(v compute.Value) (shapes.Shape, error) {
	n, ok := v.(*node)
	if !ok || n == nil {
		return shapes.Invalid(), fmt.Errorf("native backend: a %T is no value of this backend", v)
	}
	return n.shape, nil
}

// Parameter adds an input.
func (f *function) Parameter(name string, s shapes.Shape, sharding *compute.ShardingSpec) (compute.Value, error) {
	if _, err := f.values("Parameter"); err != nil {
		return nil, err
	}
	if sharding != nil {
		return nil, unsupported("Parameter", "%s is sharded; there is one device", name)
	}
	if err := f.g.b.check(0, s); err != nil {
		return nil, fmt.Errorf("parameter %q: %w", name, err)
	}
	n := f.add(compute.OpTypeParameter, s, len(f.params))
	f.params = append(f.params, n)
	f.names = append(f.names, name)
	return n, nil
}

// Constant adds a copy of a slice; its memory is the attribute.
func (f *function) Constant(flat any, dims ...int) (compute.Value, error) {
	if _, err := f.values("Constant"); err != nil {
		return nil, err
	}
	s, err := shapeOf(flat, dims)
	if err != nil {
		return nil, err
	}
	if err := f.g.b.check(0, s); err != nil {
		return nil, err
	}
	src, err := bytesOf(flat, s)
	if err != nil {
		return nil, err
	}
	raw := allocate(len(src))
	copy(raw, src)
	return f.add(compute.OpTypeConstant, s, raw), nil
}

// Return ends the function.
func (f *function) Return(outputs []compute.Value, shardings []*compute.ShardingSpec) error {
	in, err := f.values("Return", outputs...)
	if err != nil {
		return err
	}
	if len(in) == 0 {
		return fmt.Errorf("native backend: Return without outputs")
	}
	for _, s := range shardings {
		if s != nil {
			return unsupported("Return", "an output is sharded; there is one device")
		}
	}
	f.outputs, f.returned = in, true
	return nil
}
