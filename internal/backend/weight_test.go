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

// executeWith runs a graph whose last input is a given buffer.
func executeWith(t testing.TB, b *Backend, e compute.Executable, in []tensor, last compute.Buffer) []tensor {
	t.Helper()
	var bufs []compute.Buffer
	for _, x := range in {
		buf, err := b.BufferFromFlatData(0, x.flat, x.shape)
		if err != nil {
			t.Fatal(err)
		}
		bufs = append(bufs, buf)
	}
	outs, err := e.Execute(append(bufs, last), nil, 0)
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

// TestWeightViews: a matrix that moves made of a weight is multiplied as packed only where it is all of the weight, or that turned;
// whatever else it is, it has the same numbers as where the weight is memory.
func TestWeightViews(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(3, 3))
	const n, k = 5, 3
	turned := func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Transpose(w, 1, 0)) }
	slice := func(g *building32, w compute.Value, start, limit []int) compute.Value {
		return g.do(g.f.Slice(w, start, limit, ones(len(start))))
	}
	spread := func(g *building32, w compute.Value, axis int, dims ...int) compute.Value {
		return g.do(g.f.BroadcastInDim(w, shapes.Make(dtypes.Float32, dims...), []int{axis}))
	}
	for name, view := range map[string]func(g *building32, w compute.Value) compute.Value{
		"all":               func(_ *building32, w compute.Value) compute.Value { return w },
		"turned":            turned,
		"turned twice":      func(g *building32, w compute.Value) compute.Value { return turned(g, turned(g, w)) },
		"its first rows":    func(g *building32, w compute.Value) compute.Value { return slice(g, w, []int{0, 0}, []int{4, k}) },
		"its last rows":     func(g *building32, w compute.Value) compute.Value { return slice(g, w, []int{1, 0}, []int{n, k}) },
		"its first columns": func(g *building32, w compute.Value) compute.Value { return slice(g, w, []int{0, 0}, []int{n, 2}) },
		"its first rows, turned": func(g *building32, w compute.Value) compute.Value {
			return turned(g, slice(g, w, []int{0, 0}, []int{4, k}))
		},
		"its first columns, turned": func(g *building32, w compute.Value) compute.Value {
			return turned(g, slice(g, w, []int{0, 0}, []int{n, 2}))
		},
		"rows backwards":            func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Reverse(w, 0)) },
		"turned, columns backwards": func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Reverse(turned(g, w), 1)) },
		"turned, rows backwards":    func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Reverse(turned(g, w), 0)) },
		"its first column again, turned": func(g *building32, w compute.Value) compute.Value {
			return spread(g, g.do(g.f.Reshape(slice(g, w, []int{0, 0}, []int{n, 1}), n)), 1, k, n)
		},
		"its first row again, turned": func(g *building32, w compute.Value) compute.Value {
			return spread(g, g.do(g.f.Reshape(slice(g, w, []int{0, 0}, []int{1, k}), k)), 0, k, n)
		},
		"its first numbers, turned": func(g *building32, w compute.Value) compute.Value {
			return turned(g, g.do(g.f.Reshape(slice(g, g.do(g.f.Reshape(w, n*k)), []int{0}, []int{8}), 2, 4)))
		},
		"other rows":  func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Reshape(w, k, n)) },
		"a list":      func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Reshape(w, n*k)) },
		"a block":     func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Reshape(w, 1, n, k)) },
		"an opposite": func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Neg(w)) },
	} {
		for _, how := range []string{"over the first axis", "over the last", "over all", "over none", "in a batch"} {
			build := func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
				g := &building32{f: f}
				w := view(g, in[1])
				s, _ := f.Shape(w)
				axes, first, last := upTo(s.Rank()), []int{0}, []int{s.Rank() - 1}
				x := func(dims ...int) compute.Value { return slice(g, in[0], make([]int, len(dims)), dims) }
				dot := func(x compute.Value, lc, lb, rc, rb []int) {
					w = g.do(f.DotGeneral(x, lc, lb, w, rc, rb, compute.DotGeneralConfig{}))
				}
				flat := func(dims ...int) compute.Value { // of as many numbers as the input has
					return g.do(f.Reshape(slice(g, g.do(f.Reshape(x(40, 40), 1600)), []int{0}, []int{product(dims)}), dims...))
				}
				switch how {
				case "over the first axis":
					dot(x(7, s.Dimensions[0]), []int{1}, nil, first, nil)
				case "over the last":
					dot(x(7, s.Dimensions[s.Rank()-1]), []int{1}, nil, last, nil)
				case "over all":
					dot(flat(append([]int{2}, s.Dimensions...)...), upTo(s.Rank() + 1)[1:], nil, axes, nil)
				case "over none":
					dot(x(2, 2), nil, nil, nil, nil)
				default:
					dot(flat(append([]int{s.Dimensions[0], 3}, s.Dimensions[1:]...)...), upTo(s.Rank() + 1)[2:], []int{0}, axes[1:], []int{0})
				}
				return []compute.Value{w}, g.err
			}
			in := []tensor{random(r, dtypes.Float32, 40, 40), random(r, dtypes.Float32, n, k)}
			want, err := run(ref, in, build)
			if err != nil {
				t.Fatalf("%s, %s: %v", name, how, err)
			}
			e, err := compile(b, in, build)
			if err != nil {
				t.Fatal(err)
			}
			w, err := b.Weight(weightOf(t, in[1]))
			if err != nil {
				t.Fatal(err)
			}
			if d := differ(want[0], executeWith(t, b, e, in[:1], w)[0], close32); d != "" {
				t.Errorf("%s, %s: %s", name, how, d)
			}
		}
	}
}
