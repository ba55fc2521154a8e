package backend

import (
	"math/rand/v2"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

func TestScatter(t *testing.T) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(8, 1))
	type scatterFunc = func(f compute.Function, x, i, u compute.Value, vector int, window, inserted, indexed []int, sorted, unique bool) (compute.Value, error)
	for _, op := range []scatterFunc{compute.Function.ScatterSum, compute.Function.ScatterMax, compute.Function.ScatterMin} {
		for _, c := range []struct {
			dims, indices, updates    []int
			vector                    int
			window, inserted, indexed []int
		}{
			{[]int{7}, []int{4, 1}, []int{4}, 1, nil, []int{0}, []int{0}},
			{[]int{7, 5}, []int{4, 1}, []int{4, 5}, 1, []int{1}, []int{0}, []int{0}},
			{[]int{7, 5}, []int{4, 2}, []int{4}, 1, nil, []int{0, 1}, []int{0, 1}},
			{[]int{7, 5}, []int{2, 3, 1}, []int{2, 3, 5}, 2, []int{2}, []int{0}, []int{0}},
			{[]int{5, 7}, []int{4}, []int{5, 4}, 1, []int{0}, []int{1}, []int{1}},
		} {
			for _, d := range []dtypes.DType{dtypes.Float32, dtypes.Float64, dtypes.Int32, dtypes.Uint8} {
				i := random(r, dtypes.Int32, c.indices...)
				for k, v := range i.flat.([]int32) {
					i.flat.([]int32)[k] = (v + 20) % 5
				}
				same(t, b, ref, []tensor{random(r, d, c.dims...), i, random(r, d, c.updates...)}, close32, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
					return op(f, in[0], in[1], in[2], c.vector, c.window, c.inserted, c.indexed, false, false)
				}))
			}
		}
	}
}

// The reference has no dynamic slices, and panics on indices outside.
func TestDynamicSlices(t *testing.T) {
	b := ours(t, 1)
	x := tensor{shapes.Make(dtypes.Int32, 3, 4), []int32{0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23}}
	u := tensor{shapes.Make(dtypes.Int32, 1, 2), []int32{7, 8}}
	at := func(i int64) tensor { return tensor{shapes.Make(dtypes.Int64), []int64{i}} }
	for _, c := range []struct {
		i, j          int64
		slice, update []int32
	}{
		{1, 1, []int32{11, 12}, []int32{0, 1, 2, 3, 10, 7, 8, 13, 20, 21, 22, 23}},
		{-5, 9, []int32{2, 3}, []int32{0, 1, 7, 8, 10, 11, 12, 13, 20, 21, 22, 23}},
		{9, -1, []int32{20, 21}, []int32{0, 1, 2, 3, 10, 11, 12, 13, 7, 8, 22, 23}},
	} {
		got, err := run(b, []tensor{x, u, at(c.i), at(c.j)}, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
			g := &building32{f: f}
			return []compute.Value{g.do(f.DynamicSlice(in[0], in[2:], []int{1, 2})), g.do(f.DynamicUpdateSlice(in[0], in[1], in[2:]))}, g.err
		})
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range []tensor{{shapes.Make(dtypes.Int32, 1, 2), c.slice}, {x.shape, c.update}} {
			if d := differ(want, got[k], 0); d != "" {
				t.Errorf("%+v, output %d: %s", c, k, d)
			}
		}
	}
	got, err := run(b, []tensor{x, {shapes.Make(dtypes.Int32, 3, 1), []int32{1, -1, 3}}, {shapes.Make(dtypes.Int32, 3, 4), make([]int32, 12)}}, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
		one, err := f.Constant([]int32{1})
		if err != nil {
			return nil, err
		}
		u, err := f.Add(in[2], one)
		if err != nil {
			return nil, err
		}
		return f.ScatterSum(in[0], in[1], u, 1, []int{1}, []int{0}, []int{0}, false, false)
	}))
	if err != nil {
		t.Fatal(err)
	}
	if d := differ(tensor{x.shape, []int32{0, 1, 2, 3, 11, 12, 13, 14, 20, 21, 22, 23}}, got[0], 0); d != "" {
		t.Errorf("scatter outside: %s", d)
	}
}
