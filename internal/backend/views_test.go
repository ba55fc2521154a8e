package backend

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// TestViews: whatever moves made of numbers, every operation reads the numbers that are meant. Random trees of moves, with products,
// sums and elementwise operations over them, of whole numbers so small that float32 has them all, give the very numbers of GoMLX's
// own backend. Sizes of 1 are frequent, for strides say nothing along them.
func TestViews(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	n := uint64(2000)
	if testing.Short() {
		n = 500
	}
	for seed := range n {
		in, build := randomTree(seed)
		same(t, b, ref, in, 0, build)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// FuzzViews goes on with other seeds.
func FuzzViews(f *testing.F) {
	f.Add(uint64(0))
	b, ref := ours(f, 2), reference(f)
	f.Fuzz(func(t *testing.T, seed uint64) {
		in, build := randomTree(seed)
		same(t, b, ref, in, 0, build)
	})
}

// A tree is a value to be made of the inputs.
type tree func(b *building32, in []compute.Value) compute.Value

// A forest grows trees of one type of numbers.
type forest struct {
	r     *rand.Rand
	dtype dtypes.DType
	sizes []int
	calm  bool // trees are mostly of elementwise operations, which run in groups
	in    []tensor
	kept  map[string][]tree // by dimensions
}

// randomTree returns a graph of one to three outputs; the same seed gives the same one.
func randomTree(seed uint64) ([]tensor, graphFunc) {
	r := rand.New(rand.NewPCG(7, seed))
	g := &forest{r: r, dtype: dtypes.Float32, sizes: []int{1, 1, 2, 3, 4}, kept: map[string][]tree{}}
	switch r.IntN(24) {
	case 0:
		g.dtype = dtypes.Int32
	case 1:
		g.dtype = dtypes.Float64
	case 2: // rows that workers share
		g.sizes = []int{1, 2, 2500}
	}
	g.calm = r.IntN(2) == 0
	var outs []tree
	for range 1 + r.IntN(3) {
		dims := g.dims(r.IntN(4))
		depth := 1 + r.IntN(4)
		if g.calm {
			depth += 2
		}
		outs = append(outs, g.value(dims, depth))
	}
	return g.in, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
		b := &building32{f: f}
		var all []compute.Value
		for _, o := range outs {
			all = append(all, o(b, in))
		}
		return all, b.err
	}
}

// dims returns random dimensions, of no more numbers than are soon computed.
func (g *forest) dims(rank int) []int {
	dims := make([]int, rank)
	for i := range dims {
		dims[i] = g.sizes[g.r.IntN(len(g.sizes))]
	}
	if product(dims) > 20_000 {
		return g.dims(rank)
	}
	return dims
}

// perm returns an order of n axes and its inverse.
func (g *forest) perm(n int) (order, inverse []int) {
	order, inverse = g.r.Perm(n), make([]int, n)
	for i, a := range order {
		inverse[a] = i
	}
	return order, inverse
}

// value returns a tree that ends in a value of these dimensions. Values are made once and found again by trees of the same dimensions.
func (g *forest) value(dims []int, depth int) tree {
	key := fmt.Sprint(dims)
	if kept := g.kept[key]; len(kept) > 0 && g.r.IntN(3) == 0 {
		return kept[g.r.IntN(len(kept))]
	}
	var made compute.Value
	var of compute.Function
	grow := g.grow(dims, depth)
	once := func(b *building32, in []compute.Value) compute.Value {
		if of != b.f {
			of, made = b.f, grow(b, in)
		}
		return made
	}
	g.kept[key] = append(g.kept[key], once)
	return once
}

func (g *forest) grow(dims []int, depth int) tree {
	if depth == 0 || product(dims) > 20_000 {
		return g.leaf(dims)
	}
	kind := g.r.IntN(18)
	if g.calm && g.r.IntN(2) == 0 {
		kind = 14 + g.r.IntN(4)
	}
	switch kind {
	case 0, 1, 2:
		order, inverse := g.perm(len(dims))
		x := g.value(pick(dims, inverse), depth-1)
		return func(b *building32, in []compute.Value) compute.Value { return b.do(b.f.Transpose(x(b, in), order...)) }
	case 3, 4:
		return g.slice(dims, depth)
	case 5:
		axes := g.some(upTo(len(dims)))
		x := g.value(dims, depth-1)
		return func(b *building32, in []compute.Value) compute.Value { return b.do(b.f.Reverse(x(b, in), axes...)) }
	case 6, 7:
		x := g.value(g.factored(product(dims)), depth-1)
		return func(b *building32, in []compute.Value) compute.Value { return b.do(b.f.Reshape(x(b, in), dims...)) }
	case 8:
		return g.broadcast(dims, depth)
	case 9:
		return g.reduced(dims, depth)
	case 10:
		return g.joined(dims, depth)
	case 11, 12, 13:
		return g.dot(dims, depth)
	case 14:
		x := g.value(dims, depth-1)
		return func(b *building32, in []compute.Value) compute.Value { return b.do(b.f.Neg(x(b, in))) }
	case 15:
		return g.converted(dims, depth)
	}
	x, y := g.value(dims, depth-1), g.value(g.ones(dims), depth-1)
	op := []func(f compute.Function, x, y compute.Value) (compute.Value, error){compute.Function.Add, compute.Function.Sub, compute.Function.Max}[g.r.IntN(3)]
	return func(b *building32, in []compute.Value) compute.Value { return b.do(op(b.f, x(b, in), y(b, in))) }
}

// leaf is an input of small whole numbers.
func (g *forest) leaf(dims []int) tree {
	x := tensor{shapes.Make(g.dtype, dims...), nil}
	values := make([]int, x.shape.Size())
	for i := range values {
		values[i] = g.r.IntN(7) - 3
	}
	switch g.dtype {
	case dtypes.Int32:
		x.flat = as[int32](values)
	case dtypes.Float64:
		x.flat = as[float64](values)
	default:
		x.flat = as[float32](values)
	}
	at := len(g.in)
	g.in = append(g.in, x)
	return func(_ *building32, in []compute.Value) compute.Value { return in[at] }
}

func as[T int32 | float32 | float64](values []int) []T {
	out := make([]T, len(values))
	for i, v := range values {
		out[i] = T(v)
	}
	return out
}

// some returns some of a list, in its order.
func (g *forest) some(list []int) []int {
	return slices.DeleteFunc(slices.Clone(list), func(int) bool { return g.r.IntN(2) == 0 })
}

// ones returns dimensions with 1 in place of some, one time in two.
func (g *forest) ones(dims []int) []int {
	dims = slices.Clone(dims)
	if g.r.IntN(2) == 0 {
		for _, a := range g.some(upTo(len(dims))) {
			dims[a] = 1
		}
	}
	return dims
}

// factored returns other dimensions of so many numbers.
func (g *forest) factored(n int) (dims []int) {
	for p := 2; n > 1; {
		switch {
		case n%p == 0:
			dims = append(dims, p)
			n /= p
		case p*p > n:
			p = n
		default:
			p++
		}
	}
	g.r.Shuffle(len(dims), func(i, j int) { dims[i], dims[j] = dims[j], dims[i] })
	for len(dims) > 1 && (len(dims) > 4 || g.r.IntN(2) == 0) {
		i := g.r.IntN(len(dims) - 1)
		dims[i] *= dims[i+1]
		dims = slices.Delete(dims, i+1, i+2)
	}
	if g.r.IntN(3) == 0 {
		dims = slices.Insert(dims, g.r.IntN(len(dims)+1), 1)
	}
	return dims
}
