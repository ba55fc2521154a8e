package backend

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// sizesOfElements is a type for each size in memory.
var sizesOfElements = []dtypes.DType{dtypes.Bool, dtypes.BFloat16, dtypes.Float32, dtypes.Int64}

func TestMoves(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(2, 1))
	for _, d := range sizesOfElements {
		x := random(r, d, 3, 4, 5)
		for _, perm := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
			same(t, b, ref, []tensor{x}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.Transpose(in[0], perm...)
			}))
		}
		big := random(r, d, 70, 130)
		same(t, b, ref, []tensor{big}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) { return f.Transpose(in[0], 1, 0) }))
		for _, s := range [][3][]int{{{0, 0, 0}, {3, 4, 5}, {1, 1, 1}}, {{1, 2, 1}, {3, 4, 4}, {1, 1, 1}}, {{0, 0, 0}, {3, 4, 5}, {2, 3, 2}}, {{1, 1, 1}, {1, 4, 5}, {1, 1, 1}}} {
			same(t, b, ref, []tensor{x}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.Slice(in[0], s[0], s[1], s[2])
			}))
		}
		for _, axes := range [][]int{{0}, {1}, {2}, {0, 2}, {0, 1, 2}} {
			same(t, b, ref, []tensor{x}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) { return f.Reverse(in[0], axes...) }))
		}
		for _, c := range []struct {
			from, to, axes []int
		}{{nil, []int{2, 3}, nil}, {[]int{3}, []int{2, 3}, []int{1}}, {[]int{3}, []int{3, 2}, []int{0}}, {[]int{1, 4}, []int{3, 4}, []int{0, 1}}, {[]int{4, 1}, []int{4, 2, 5}, []int{0, 2}}} {
			same(t, b, ref, []tensor{random(r, d, c.from...)}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.BroadcastInDim(in[0], shapes.Make(d, c.to...), c.axes)
			}))
		}
		for axis := range 3 {
			y := []int{3, 4, 5}
			y[axis] = 2
			same(t, b, ref, []tensor{x, random(r, d, y...), x}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.Concatenate(axis, in...)
			}))
		}
		if d != dtypes.Bool {
			for _, axes := range [][]compute.PadAxis{{}, {{Start: 1}}, {{Start: 1, End: 2}, {Interior: 2}}, {{}, {}, {Start: 2, End: 3, Interior: 1}}} {
				same(t, b, ref, []tensor{x, random(r, d)}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
					return f.Pad(in[0], in[1], axes...)
				}))
			}
		}
		same(t, b, ref, []tensor{x}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) { return f.Reshape(in[0], 5, 12) }))
	}
	for _, d := range numbers {
		for axis := range 2 {
			same(t, b, ref, nil, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.Iota(shapes.Make(d, 3, 5), axis)
			}))
		}
	}
	for _, c := range [][2]dtypes.DType{{dtypes.Float32, dtypes.Int32}, {dtypes.Float32, dtypes.Uint8}, {dtypes.Int64, dtypes.Uint16}} {
		same(t, b, ref, []tensor{random(r, c[0], 2, 3)}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) { return f.Bitcast(in[0], c[1]) }))
	}
	same(t, b, ref, []tensor{random(r, dtypes.Uint16, 3, 4)}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
		return f.Bitcast(in[0], dtypes.Uint64)
	}))
}

// Moves of moves are views of views; whatever reads the last of them must see the right numbers.
func TestMovesOfMoves(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(2, 2))
	type chain = func(f compute.Function, x compute.Value) (compute.Value, error)
	moves := []chain{
		func(f compute.Function, x compute.Value) (compute.Value, error) { return f.Transpose(x, 1, 0, 2) },
		func(f compute.Function, x compute.Value) (compute.Value, error) { return f.Transpose(x, 2, 1, 0) },
		func(f compute.Function, x compute.Value) (compute.Value, error) { return f.Reverse(x, 1) },
		func(f compute.Function, x compute.Value) (compute.Value, error) { return f.Reverse(x, 2) },
		func(f compute.Function, x compute.Value) (compute.Value, error) {
			s, _ := f.Shape(x)
			limits := append([]int{}, s.Dimensions...)
			return f.Slice(x, []int{0, 1, 0}, limits, []int{1, 2, 1})
		},
		func(f compute.Function, x compute.Value) (compute.Value, error) {
			s, _ := f.Shape(x)
			d := s.Dimensions
			return f.Reshape(x, 1, d[0]*d[1], d[2])
		},
		func(f compute.Function, x compute.Value) (compute.Value, error) {
			s, _ := f.Shape(x)
			d := s.Dimensions
			return f.Reshape(x, d[2], d[0]*d[1], 1)
		},
		func(f compute.Function, x compute.Value) (compute.Value, error) {
			s, _ := f.Shape(x)
			s = s.Clone()
			s.Dimensions = append([]int{2}, s.Dimensions...)
			y, err := f.BroadcastInDim(x, s, []int{1, 2, 3})
			if err != nil {
				return nil, err
			}
			d := s.Dimensions
			return f.Reshape(y, 2*d[1], d[2], d[3])
		},
	}
	reads := []chain{
		func(f compute.Function, x compute.Value) (compute.Value, error) { return f.Identity(x) },
		func(f compute.Function, x compute.Value) (compute.Value, error) { return f.Mul(x, x) },
		func(f compute.Function, x compute.Value) (compute.Value, error) { return f.ReduceSum(x, 2) },
		func(f compute.Function, x compute.Value) (compute.Value, error) { return f.ReduceMax(x, 0) },
		func(f compute.Function, x compute.Value) (compute.Value, error) { return f.FusedSoftmax(x, 2) },
		func(f compute.Function, x compute.Value) (compute.Value, error) { return f.Concatenate(1, x, x) },
		func(f compute.Function, x compute.Value) (compute.Value, error) {
			return f.DotGeneral(x, []int{2}, []int{0}, x, []int{2}, []int{0}, compute.DotGeneralConfig{})
		},
		func(f compute.Function, x compute.Value) (compute.Value, error) {
			return f.DotGeneral(x, []int{1}, []int{2}, x, []int{1}, []int{2}, compute.DotGeneralConfig{})
		},
		func(f compute.Function, x compute.Value) (compute.Value, error) {
			return f.DotGeneral(x, []int{0, 2}, nil, x, []int{0, 2}, nil, compute.DotGeneralConfig{})
		},
		func(f compute.Function, x compute.Value) (compute.Value, error) {
			return f.ArgMinMax(x, 1, dtypes.Int32, true)
		},
	}
	x := random(r, dtypes.Float32, 4, 6, 5)
	for i, m1 := range moves {
		for j, m2 := range moves {
			for k, read := range reads {
				same(t, b, ref, []tensor{x}, 1e-4, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
					v, err := m1(f, in[0])
					if err == nil {
						v, err = m2(f, v)
					}
					if err != nil {
						return nil, err
					}
					return read(f, v)
				}))
				if t.Failed() {
					t.Fatalf("move %d, move %d, read %d", i, j, k)
				}
			}
		}
	}
}

// The reference cannot take numbers away. Rows that are padded lie beside others, which must stay as they are.
func TestNegativePad(t *testing.T) {
	b := ours(t, 2)
	row, v := []int32{1, 2, 3, 4}, tensor{shapes.Make(dtypes.Int32), []int32{9}}
	for _, c := range []struct {
		axis compute.PadAxis
		want []int32
	}{
		{compute.PadAxis{Start: -1}, []int32{2, 3, 4}},
		{compute.PadAxis{Start: -1, End: -2}, []int32{2}},
		{compute.PadAxis{Start: -1, End: 1, Interior: 1}, []int32{9, 2, 9, 3, 9, 4, 9}},
		{compute.PadAxis{Start: -2, Interior: 2}, []int32{9, 2, 9, 9, 3, 9, 9, 4}},
		{compute.PadAxis{Start: -5, End: 3}, []int32{9, 9}},
		{compute.PadAxis{Start: 3, End: -5}, []int32{9, 9}},
		{compute.PadAxis{Start: 3, End: -11, Interior: 2}, []int32{9, 9}},
	} {
		for _, rows := range []int{1, 3} {
			x, want := tensor{shapes.Make(dtypes.Int32, rows, len(row)), slices.Repeat(row, rows)}, slices.Repeat(c.want, rows)
			got, err := run(b, []tensor{x, v}, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.Pad(in[0], in[1], compute.PadAxis{}, c.axis)
			}))
			if err != nil {
				t.Fatal(err)
			}
			if d := differ(tensor{shapes.Make(dtypes.Int32, rows, len(c.want)), want}, got[0], 0); d != "" {
				t.Errorf("%d rows, %+v: %s", rows, c.axis, d)
			}
		}
	}
}

func TestGather(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(2, 3))
	type gather struct {
		dims, indices                     []int
		vector                            int
		offset, collapsed, indexed, sizes []int
	}
	for _, c := range []gather{
		{[]int{7, 5}, []int{4, 1}, 1, []int{1}, []int{0}, []int{0}, []int{1, 5}},
		{[]int{7, 5}, []int{2, 3, 1}, 2, []int{2}, []int{0}, []int{0}, []int{1, 5}},
		{[]int{7, 5}, []int{3, 2}, 1, nil, []int{0, 1}, []int{0, 1}, []int{1, 1}},
		{[]int{7, 5}, []int{2, 3}, 0, []int{1, 2}, nil, []int{0, 1}, []int{2, 3}},
		{[]int{7, 5, 3}, []int{4, 1}, 1, []int{0, 2}, []int{1}, []int{1}, []int{4, 1, 3}},
		{[]int{7, 5}, []int{4, 1}, 1, []int{0}, []int{1}, []int{1}, []int{7, 1}},
		{[]int{7}, []int{4, 1}, 1, nil, []int{0}, []int{0}, []int{1}},
		{[]int{7, 5}, []int{4, 1}, 1, []int{1}, []int{0}, []int{0}, []int{1, 3}},          // parts of rows
		{[]int{7, 5}, []int{4, 2}, 1, []int{1}, []int{0}, []int{0, 1}, []int{1, 5}},       // rows, by two indices
		{[]int{7, 5}, []int{4, 1}, 1, []int{1}, []int{0}, []int{1}, []int{1, 5}},          // the first row, by the other axis
		{[]int{5, 1}, []int{4, 1}, 1, []int{1}, []int{1}, []int{0}, []int{2, 1}},          // pairs of a column
		{[]int{7, 5}, []int{4, 1}, 1, []int{1, 2}, nil, []int{0}, []int{0, 5}},            // nothing
		{[]int{7, 5, 5}, []int{4, 1}, 1, []int{1, 2}, []int{0}, []int{0}, []int{1, 5, 5}}, // matrices
	} {
		for _, d := range sizesOfElements {
			for _, id := range integers {
				i := random(r, id, c.indices...)
				same(t, b, ref, []tensor{random(r, d, c.dims...), i}, 0, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
					return f.Gather(in[0], in[1], c.vector, c.offset, c.collapsed, c.indexed, c.sizes, false)
				}))
			}
		}
	}
}

func TestDotGeneral(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(2, 4))
	type dot struct{ x, y, lc, lb, rc, rb []int }
	cases := []dot{
		{x: []int{5}, y: []int{5}, lc: []int{0}, rc: []int{0}},
		{x: []int{5}, y: []int{6}},
		{x: []int{3, 5}, y: []int{5}, lc: []int{1}, rc: []int{0}},
		{x: []int{3, 5}, y: []int{5, 4}, lc: []int{1}, rc: []int{0}},
		{x: []int{3, 5}, y: []int{4, 5}, lc: []int{1}, rc: []int{1}},
		{x: []int{5, 3}, y: []int{5, 4}, lc: []int{0}, rc: []int{0}},
		{x: []int{5, 3}, y: []int{4, 5}, lc: []int{0}, rc: []int{1}},
		{x: []int{2, 3, 5}, y: []int{2, 5, 4}, lc: []int{2}, rc: []int{1}, lb: []int{0}, rb: []int{0}},
		{x: []int{2, 3, 5}, y: []int{2, 4, 5}, lc: []int{2}, rc: []int{2}, lb: []int{0}, rb: []int{0}},
		{x: []int{2, 5, 3}, y: []int{2, 5, 4}, lc: []int{1}, rc: []int{1}, lb: []int{0}, rb: []int{0}},
		{x: []int{3, 2, 5}, y: []int{5, 4, 2}, lc: []int{2}, rc: []int{0}, lb: []int{1}, rb: []int{2}},
		{x: []int{2, 3, 4, 5}, y: []int{3, 5, 2, 6}, lc: []int{3}, rc: []int{1}, lb: []int{0, 1}, rb: []int{2, 0}},
		{x: []int{2, 3, 4}, y: []int{4, 3, 6}, lc: []int{1, 2}, rc: []int{1, 0}},
		{x: []int{2, 3}, y: []int{2, 3}, lb: []int{0, 1}, rb: []int{0, 1}},
		{x: []int{1, 1}, y: []int{1, 1}, lc: []int{1}, rc: []int{0}},
		{x: []int{1, 70}, y: []int{33, 70}, lc: []int{1}, rc: []int{1}},
		{x: []int{150, 40}, y: []int{40, 100}, lc: []int{1}, rc: []int{0}},
		{x: []int{300, 64}, y: []int{64, 64}, lc: []int{1}, rc: []int{1}},
	}
	for _, c := range cases {
		for _, d := range numbers {
			if half(d) {
				continue // the reference sums them otherwise
			}
			same(t, b, ref, []tensor{random(r, d, c.x...), random(r, d, c.y...)}, 1e-5, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.DotGeneral(in[0], c.lc, c.lb, in[1], c.rc, c.rb, compute.DotGeneralConfig{})
			}))
		}
	}
}
