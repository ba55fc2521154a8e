package backend

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
)

// weightOf packs a matrix.
func weightOf(t testing.TB, w tensor) *kernel.Matrix {
	x := w.flat.([]float32)
	m, err := kernel.Pack(kernel.F32, w.shape.Dimensions[0], w.shape.Dimensions[1], unsafe.Slice((*byte)(unsafe.Pointer(&x[0])), len(x)*4))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// executeWith runs a graph whose last inputs are given buffers.
func executeWith(t testing.TB, b *Backend, e compute.Executable, in []tensor, last ...compute.Buffer) []tensor {
	t.Helper()
	var bufs []compute.Buffer
	for _, x := range in {
		buf, err := b.BufferFromFlatData(0, x.flat, x.shape)
		if err != nil {
			t.Fatal(err)
		}
		bufs = append(bufs, buf)
	}
	outs, err := e.Execute(append(bufs, last...), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []tensor
	for _, o := range outs {
		s, _ := o.Shape()
		flat := dtypes.MakeAnySlice(s.DType, s.Size())
		if err := o.ToFlatData(flat); err != nil {
			t.Fatal(err)
		}
		all = append(all, tensor{s, flat})
	}
	return all
}

// Whatever reads a weight must see the numbers of its matrix: products over both axes have the very bits of products with the
// same numbers as memory, as look-ups and everything else have.
func TestWeight(t *testing.T) {
	b := ours(t, 2)
	r := rand.New(rand.NewPCG(3, 1))
	for _, dims := range [][3]int{{1, 1, 1}, {1, 33, 7}, {3, 7, 33}, {16, 64, 40}, {130, 100, 70}, {300, 31, 65}, {7, 40, 1024}, {131, 40, 1024}} {
		rows, n, k := dims[0], dims[1], dims[2]
		w := random(r, dtypes.Float32, n, k)
		ids := tensor{shapes.Make(dtypes.Int32, 3, 1), []int32{0, int32(n - 1), int32(n + 5)}}
		in := []tensor{random(r, dtypes.Float32, rows, k), random(r, dtypes.Float32, rows, n), ids, random(r, dtypes.Float32, k, rows)}
		uses := map[string]graphFunc{
			"apply": one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.DotGeneral(in[0], []int{1}, nil, in[4], []int{1}, nil, compute.DotGeneralConfig{})
			}),
			"pull": one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.DotGeneral(in[1], []int{1}, nil, in[4], []int{0}, nil, compute.DotGeneralConfig{})
			}),
			"turned input": one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.DotGeneral(in[3], []int{0}, nil, in[4], []int{1}, nil, compute.DotGeneralConfig{})
			}),
			"turned weight": one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				wt, err := f.Transpose(in[4], 1, 0)
				if err != nil {
					return nil, err
				}
				return f.DotGeneral(in[0], []int{1}, nil, wt, []int{0}, nil, compute.DotGeneralConfig{})
			}),
			"reshaped weight": one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				wr, err := f.Reshape(in[4], k, n)
				if err != nil {
					return nil, err
				}
				return f.DotGeneral(in[1], []int{1}, nil, wr, []int{1}, nil, compute.DotGeneralConfig{})
			}),
			"left": one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.DotGeneral(in[4], []int{1}, nil, in[0], []int{1}, nil, compute.DotGeneralConfig{})
			}),
			"rows": one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.Gather(in[4], in[2], 1, []int{1}, []int{0}, []int{0}, []int{1, k}, false)
			}),
			"columns": one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.Gather(in[4], in[2], 1, []int{0}, []int{1}, []int{1}, []int{n, 1}, false)
			}),
			"elementwise": one(func(f compute.Function, in []compute.Value) (compute.Value, error) { return f.Mul(in[4], in[4]) }),
			"itself":      one(func(f compute.Function, in []compute.Value) (compute.Value, error) { return f.Identity(in[4]) }),
			"both": func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
				y, err := f.DotGeneral(in[0], []int{1}, nil, in[4], []int{1}, nil, compute.DotGeneralConfig{})
				if err != nil {
					return nil, err
				}
				s, err := f.ReduceSum(in[4])
				return []compute.Value{y, s}, err
			},
		}
		for name, build := range uses {
			e, err := compile(b, append(in[:4:4], w), build)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := b.BufferFromFlatData(0, w.flat, w.shape)
			if err != nil {
				t.Fatal(err)
			}
			packed, err := b.Weight(weightOf(t, w))
			if err != nil {
				t.Fatal(err)
			}
			want, got := executeWith(t, b, e, in, plain), executeWith(t, b, e, in, packed)
			for i := range want {
				if d := differ(want[i], got[i], 0); d != "" {
					t.Errorf("%s of %v: %s", name, dims, d)
				}
			}
		}
	}
}

func TestWeightBuffer(t *testing.T) {
	b := ours(t, 1)
	w := random(rand.New(rand.NewPCG(3, 2)), dtypes.Float32, 5, 3)
	x, err := b.Weight(weightOf(t, w))
	if err != nil {
		t.Fatal(err)
	}
	if s, err := x.Shape(); err != nil || !s.Equal(w.shape) {
		t.Errorf("shape %s, %v", s, err)
	}
	if _, err := x.Data(); err == nil {
		t.Error("a weight gives its memory away")
	}
	got := make([]float32, 15)
	if err := x.ToFlatData(got); err != nil {
		t.Fatal(err)
	}
	if d := differ(w, tensor{w.shape, got}, 0); d != "" {
		t.Error(d)
	}
	if err := x.ToFlatData(make([]float32, 14)); err == nil {
		t.Error("too short a slice is no error")
	}
	if err := x.Finalize(); err != nil {
		t.Error(err)
	}
	if err := x.Finalize(); err != nil {
		t.Error(err)
	}
	if err := x.ToFlatData(got); err == nil {
		t.Error("a finalized weight is read")
	}
	if _, err := b.Weight(nil); err == nil {
		t.Error("no matrix is no error")
	}
	if math.IsNaN(float64(got[0])) {
		t.Error("NaN")
	}
}

// TestShare: workers that are equally fast end together where the panels can be dealt out so.
func TestShare(t *testing.T) {
	for _, c := range []struct{ n, work, workers, want int }{
		{18, 1 << 20, 2, 1}, {48, 1 << 20, 2, 4}, {6, 1 << 20, 2, 1}, {1, 1, 2, 1}, {1536, 18 << 10, 2, 48}, {256, 1 << 20, 16, 4},
	} {
		if got := share(c.n, c.work, c.workers); got != c.want {
			t.Errorf("of %d panels of %d multiplications one of %d workers takes %d, want %d", c.n, c.work, c.workers, got, c.want)
		}
	}
}
