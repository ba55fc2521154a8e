package backend

import (
	"math/rand/v2"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// FuzzGraphs builds random graphs of moves, elementwise operations, reductions and products, and compares every value that
// they end in with GoMLX's own backend.
func FuzzGraphs(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed, uint8(3+seed%20))
	}
	b, ref := ours(f, 3), reference(f)
	f.Fuzz(func(t *testing.T, seed uint64, size uint8) {
		in, build := randomGraph(seed, int(size%32)+1)
		same(t, b, ref, in, 1e-4, build)
	})
}

// randomGraph returns a graph of so many operations; the same seed gives the same one.
func randomGraph(seed uint64, size int) ([]tensor, graphFunc) {
	r := rand.New(rand.NewPCG(5, seed))
	dims := []int{1 + r.IntN(4), 1 + r.IntN(6), 1 + r.IntN(40)}
	in := []tensor{
		random(r, dtypes.Float32, dims...), random(r, dtypes.Float32, dims...), random(r, dtypes.Float32, dims[2], dims[2]),
		random(r, dtypes.Float32, 1, 1, dims[2]), random(r, dtypes.Float32, dims[0], dims[1], 1),
	}
	return in, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
		g := &randomGraphBuilder{building32{f: f}, rand.New(rand.NewPCG(6, seed)), dims}
		values := []compute.Value{in[0], in[1]} // all of the shape dims
		pick := func() compute.Value { return values[len(values)-1-min(g.r.IntN(len(values)), g.r.IntN(6))] }
		for range size {
			values = append(values, g.next(pick(), pick(), in))
		}
		// the last value, one in the middle, and a sum of the first with the last
		last := values[len(values)-1]
		return []compute.Value{last, values[len(values)/2], g.do(f.ReduceSum(g.do(f.Mul(last, in[0])), g.r.IntN(3)))}, g.err
	}
}

type randomGraphBuilder struct {
	building32
	r    *rand.Rand
	dims []int
}

// next makes a value of the shape dims, and of moderate size, of two such values. What jumps where its argument changes little is
// asked of inputs alone, which are the same to the bit.
func (g *randomGraphBuilder) next(x, y compute.Value, in []compute.Value) compute.Value {
	f := g.f
	d0, d1, d2 := g.dims[0], g.dims[1], g.dims[2]
	switch g.r.IntN(20) {
	case 0:
		return g.do(f.Add(x, y))
	case 1:
		return g.do(f.Tanh(g.do(f.Mul(x, y))))
	case 2:
		return g.do(f.Sub(x, in[3]))
	case 3:
		return g.do(f.Tanh(g.do(f.Mul(x, in[4]))))
	case 4: // a norm
		s := g.do(f.ReduceSum(g.do(f.Mul(x, x)), 2))
		s = g.do(f.Reshape(g.do(f.Rsqrt(g.do(f.Add(s, g.do(f.Constant([]float32{1})))))), d0, d1, 1))
		return g.do(f.Mul(x, s))
	case 5:
		return g.do(f.FusedSoftmax(x, g.r.IntN(3)))
	case 6: // a mask
		return g.do(f.Where(g.do(f.LessThan(in[0], in[1])), x, g.do(f.Constant([]float32{.5}))))
	case 7:
		return g.do(f.Add(x, g.do(f.ConvertDType(g.do(f.ConvertDType(g.do(f.Floor(in[1])), dtypes.Int32)), dtypes.Float32))))
	case 8: // a rotation of halves
		if d2 < 2 {
			return x
		}
		k := 1 + g.r.IntN(d2-1)
		a := g.do(f.Slice(x, []int{0, 0, 0}, []int{d0, d1, k}, ones(3)))
		b := g.do(f.Slice(x, []int{0, 0, k}, g.dims, ones(3)))
		return g.do(f.Concatenate(2, g.do(f.Neg(b)), a))
	case 9:
		perm := [][]int{{0, 2, 1}, {1, 0, 2}, {2, 1, 0}, {1, 2, 0}}[g.r.IntN(4)]
		t := g.do(f.Transpose(x, perm...))
		if g.r.IntN(2) == 0 {
			t = g.do(f.Abs(t))
		}
		return g.do(f.Reshape(t, g.dims...))
	case 10:
		return g.do(f.Reverse(x, g.r.IntN(3)))
	case 11: // attention without its softmax
		s := g.do(f.DotGeneral(x, []int{2}, []int{0}, y, []int{2}, []int{0}, compute.DotGeneralConfig{})) // [d0,d1,d1]
		p := g.do(f.FusedSoftmax(s, 2))
		return g.do(f.DotGeneral(p, []int{2}, []int{0}, y, []int{1}, []int{0}, compute.DotGeneralConfig{}))
	case 12:
		t := g.do(f.Tanh(g.do(f.DotGeneral(x, []int{2}, nil, in[2], []int{1}, nil, compute.DotGeneralConfig{}))))
		return t
	case 13:
		return g.do(f.Tanh(g.do(f.DotGeneral(x, []int{2}, nil, in[2], []int{0}, nil, compute.DotGeneralConfig{}))))
	case 14: // products over heads that lie between
		s := g.do(f.DotGeneral(x, []int{2}, []int{1}, y, []int{2}, []int{1}, compute.DotGeneralConfig{})) // [d1,d0,d0]
		o := g.do(f.DotGeneral(g.do(f.Tanh(s)), []int{2}, []int{0}, y, []int{0}, []int{1}, compute.DotGeneralConfig{}))
		return g.do(f.Tanh(g.do(f.Transpose(o, 1, 0, 2))))
	case 15:
		axis := g.r.IntN(3)
		s := append([]int{}, g.dims...)
		s[axis] = 1
		m := g.do(f.Reshape(g.do(f.ReduceMax(x, axis)), s...))
		return g.do(f.Sub(x, m))
	case 16:
		i := g.do(f.ArgMinMax(in[0], 2, dtypes.Int32, g.r.IntN(2) == 0))
		i = g.do(f.Reshape(i, d0*d1, 1))
		rows := g.do(f.Gather(in[2], i, 1, []int{1}, []int{0}, []int{0}, []int{1, d2}, false))
		return g.do(f.Add(g.do(f.Reshape(rows, g.dims...)), x))
	case 17:
		p := g.do(f.Pad(x, g.do(f.Constant([]float32{1})), compute.PadAxis{}, compute.PadAxis{Start: 1, End: 1, Interior: g.r.IntN(2)}))
		s, _ := f.Shape(p)
		start := g.r.IntN(s.Dimensions[1] - d1 + 1)
		return g.do(f.Slice(p, []int{0, start, 0}, []int{d0, start + d1, d2}, ones(3)))
	case 18:
		b := g.do(f.BroadcastInDim(g.do(f.Reshape(in[3], d2)), shapes.Make(dtypes.Float32, g.dims...), []int{2}))
		return g.do(f.Max(x, b))
	}
	half := g.do(f.ConvertDType(x, dtypes.Float64))
	return g.do(f.ConvertDType(g.do(f.Exp(g.do(f.Min(half, g.do(f.Constant([]float64{1})))))), dtypes.Float32))
}
