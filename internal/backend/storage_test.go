package backend

import (
	"math/rand/v2"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// arenaOf compiles a graph and returns what it computes on the way takes, in tensors of n float32.
func arenaOf(t *testing.T, b *Backend, n int, in []tensor, build graphFunc) float64 {
	e, err := compile(b, in, build)
	if err != nil {
		t.Fatal(err)
	}
	return float64(e.(*executable).size) / float64(n*4)
}

// Memory is used again: a chain of products holds two values at a time, however long it is.
func TestChainsTakeTwoPlaces(t *testing.T) {
	const n = 64
	in := []tensor{random(rand.New(rand.NewPCG(7, 1)), dtypes.Float32, n, n)}
	got := arenaOf(t, ours(t, 1), n*n, in, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
		b := &building32{f: f}
		x := in[0]
		for range 30 {
			x = b.do(f.Tanh(b.dot(x, 1, in[0], 1)))
		}
		return []compute.Value{b.do(f.Neg(x))}, b.err
	})
	if got > 2 {
		t.Errorf("%v tensors at a time", got)
	}
}

// A sum takes the place of one of its operands where that has no other use.
func TestSumsTakeTheirOperandsPlace(t *testing.T) {
	const n = 64
	r := rand.New(rand.NewPCG(7, 2))
	eighth := func(x float64) float64 { return x / 8 } // so that products of products stay near 1
	in := []tensor{random(r, dtypes.Float32, n, n).edit(eighth), random(r, dtypes.Float32, n, n).edit(eighth)}
	build := func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
		b := &building32{f: f}
		sum := b.do(f.Add(b.dot(in[0], 1, in[1], 1), b.dot(in[1], 1, in[0], 1)))
		return []compute.Value{b.dot(sum, 1, sum, 1)}, b.err
	}
	b := ours(t, 1)
	if got := arenaOf(t, b, n*n, in, build); got > 2 {
		t.Errorf("%v tensors at a time", got)
	}
	same(t, b, reference(t), in, 1e-5, build)
}

// What is reshaped, sliced along its last axis or transposed for a product takes no memory of its own.
func TestViewsTakeNoMemory(t *testing.T) {
	const n = 64
	in := []tensor{random(rand.New(rand.NewPCG(7, 3)), dtypes.Float32, n, n)}
	got := arenaOf(t, ours(t, 1), n*n, in, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
		b := &building32{f: f}
		turned := b.do(f.Transpose(b.do(f.Reshape(in[0], n/2, 2*n)), 1, 0))
		part := b.do(f.Slice(in[0], []int{0, 8}, []int{n, 40}, []int{1, 1}))
		p := b.do(f.DotGeneral(b.do(f.Reshape(in[0], n/2, 2*n)), []int{1}, nil, turned, []int{0}, nil, compute.DotGeneralConfig{}))
		return []compute.Value{p, b.do(f.Mul(part, part))}, b.err
	})
	if got > 0 {
		t.Errorf("%v tensors at a time", got)
	}
}

// A pool keeps what comes back, up to its bound, and hands it out again.
func TestPool(t *testing.T) {
	var p pool
	a := p.get(10_000)
	p.put(a)
	if b := p.get(9_900); &a[0] != &b[0] {
		t.Error("memory of nearly the same size is not used again")
	}
	for range 3 {
		p.put(allocate(sizeClass(poolMost / 2)))
	}
	if p.held > poolMost {
		t.Errorf("the pool holds %d bytes", p.held)
	}
	p.used = p.used.Add(-2 * poolIdle)
	p.expire()
	if p.held != 0 || len(p.free) != 0 {
		t.Errorf("an idle pool holds %d bytes", p.held)
	}
}

// Memory of a buffer that a call still reads does not go to anybody else.
func TestFinalizedWhileRead(t *testing.T) {
	b := ours(t, 1)
	buf, _, err := b.NewSharedBuffer(0, shapes.Make(dtypes.Float32, 5000))
	if err != nil {
		t.Fatal(err)
	}
	x := buf.(*Buffer)
	if err := x.acquire(); err != nil {
		t.Fatal(err)
	}
	if err := x.Finalize(); err != nil {
		t.Fatal(err)
	}
	if x.raw == nil || b.pool.held != 0 {
		t.Error("the memory is gone")
	}
	x.release()
	if x.raw != nil || b.pool.held == 0 {
		t.Error("the memory does not come back")
	}
	if err := x.Finalize(); err != nil || b.pool.held > sizeClass(20_000) {
		t.Errorf("it came back twice: %v, %d bytes", err, b.pool.held)
	}
}
