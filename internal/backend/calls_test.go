package backend

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// layer is a graph much as a transformer's: norm, products, softmax, a gate, and what the backward pass needs of them.
func layer(rows, width int) ([]tensor, graphFunc) {
	r := rand.New(rand.NewPCG(4, uint64(rows)))
	in := []tensor{random(r, dtypes.Float32, rows, width), random(r, dtypes.Float32, 1, width), random(r, dtypes.Float32, 2*width, width), random(r, dtypes.Float32, width, 2*width)}
	return in, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
		b := &building32{f: f}
		x := in[0]
		s := b.do(f.ReduceSum(b.do(f.Mul(x, x)), 1))
		s = b.do(f.Reshape(b.do(f.Rsqrt(s)), rows, 1))
		xn := b.do(f.Mul(b.do(f.Mul(x, s)), in[1]))
		h := b.dot(xn, 1, in[2], 1)
		a := b.do(f.Mul(h, b.do(f.Logistic(h))))
		p := b.do(f.FusedSoftmax(b.dot(a, 1, a, 1), 1))
		v := b.do(f.DotGeneral(p, []int{1}, nil, a, []int{0}, nil, compute.DotGeneralConfig{}))
		y := b.do(f.Add(x, b.dot(v, 1, in[3], 1)))
		g := b.dot(y, 1, in[3], 0)
		return []compute.Value{y, b.do(f.Mul(g, a)), p}, b.err
	}
}

// building32 collects the errors of a graph.
type building32 struct {
	f   compute.Function
	err error
}

func (b *building32) do(v compute.Value, err error) compute.Value {
	if b.err == nil {
		b.err = err
	}
	return v
}

func (b *building32) dot(x compute.Value, xa int, y compute.Value, ya int) compute.Value {
	return b.do(b.f.DotGeneral(x, []int{xa}, nil, y, []int{ya}, nil, compute.DotGeneralConfig{}))
}

// The same call has the same bits whatever the number of workers, and whatever else runs.
func TestSameBits(t *testing.T) {
	for _, size := range [][2]int{{1, 32}, {5, 48}, {17, 96}, {140, 160}} {
		in, build := layer(size[0], size[1])
		var want []tensor
		for _, workers := range []int{1, 2, 3, 8} {
			b := ours(t, workers)
			e, err := compile(b, in, build)
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			results := make([][]tensor, 6)
			for i := range results {
				wg.Go(func() {
					var err error
					if results[i], err = execute(b, e, in); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			for _, got := range results {
				if want == nil {
					want = got
				}
				for i := range want {
					if d := differ(want[i], got[i], 0); d != "" {
						t.Errorf("%v, %d workers, output %d: %s", size, workers, i, d)
					}
				}
			}
		}
	}
}

// A row has the same bits alone and among others.
func TestNeighborsChangeNoBits(t *testing.T) {
	b := ours(t, 2)
	const width = 70
	r := rand.New(rand.NewPCG(4, 2))
	w := random(r, dtypes.Float32, 50, width)
	x := random(r, dtypes.Float32, 40, width)
	build := func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
		c := &building32{f: f}
		y := c.dot(in[0], 1, in[1], 1)
		p := c.do(f.FusedSoftmax(y, 1))
		return []compute.Value{p, c.dot(y, 1, in[1], 0), c.do(f.ReduceSum(p, 1))}, c.err
	}
	want, err := run(b, []tensor{x, w}, build)
	if err != nil {
		t.Fatal(err)
	}
	for row := range 40 {
		alone := tensor{shapes.Make(dtypes.Float32, 1, width), x.flat.([]float32)[row*width:][:width]}
		got, err := run(b, []tensor{alone, w}, build)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			n := got[i].shape.Size()
			part := tensor{got[i].shape, want[i].flat.([]float32)[row*n:][:n]}
			if d := differ(part, got[i], 0); d != "" {
				t.Fatalf("row %d, output %d: %s", row, i, d)
			}
		}
	}
}

func TestCloseWhileCalled(t *testing.T) {
	b := New(3)
	in, build := layer(60, 96)
	e, err := compile(b, in, build)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				if _, err := execute(b, e, in); err != nil {
					return // closed
				}
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	b.Close()
	b.Finalize()
	wg.Wait()
	if !b.IsFinalized() {
		t.Error("not finalized")
	}
	if _, _, err := b.NewSharedBuffer(0, shapes.Make(dtypes.Float32, 1)); err == nil {
		t.Error("a closed backend gives buffers")
	}
	if _, err := b.Builder("late").Compile(); err == nil {
		t.Error("a closed backend compiles")
	}
}
