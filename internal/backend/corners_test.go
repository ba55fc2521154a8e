package backend

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// TestBitcastOfViews: numbers whose bits are read as smaller or larger ones are read where they lie only if that says the same.
func TestBitcastOfViews(t *testing.T) {
	b, ref := ours(t, 1), reference(t)
	r := rand.New(rand.NewPCG(11, 1))
	for name, c := range map[string]struct {
		from, to dtypes.DType
		dims     []int
		view     func(g *building32, x compute.Value) compute.Value
	}{
		"from the second byte": {dtypes.Uint8, dtypes.Int32, []int{5}, func(g *building32, x compute.Value) compute.Value {
			return g.do(g.f.Slice(x, []int{1}, []int{5}, []int{1}))
		}},
		"from the fourth byte": {dtypes.Uint8, dtypes.Int32, []int{2, 4}, func(g *building32, x compute.Value) compute.Value {
			return g.do(g.f.Slice(x, []int{1, 0}, []int{2, 4}, ones(2)))
		}},
		"of columns":           {dtypes.Uint8, dtypes.Int32, []int{4, 3}, func(g *building32, x compute.Value) compute.Value { return g.do(g.f.Transpose(x, 1, 0)) }},
		"of columns, as bytes": {dtypes.Int32, dtypes.Uint8, []int{4, 3}, func(g *building32, x compute.Value) compute.Value { return g.do(g.f.Transpose(x, 1, 0)) }},
		"backwards, as floats": {dtypes.Int32, dtypes.Float32, []int{4}, func(g *building32, x compute.Value) compute.Value { return g.do(g.f.Reverse(x, 0)) }},
		"of one that is spread": {dtypes.Uint8, dtypes.Int32, []int{1}, func(g *building32, x compute.Value) compute.Value {
			return g.do(g.f.BroadcastInDim(x, shapes.Make(dtypes.Uint8, 4), []int{0}))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			same(t, b, ref, []tensor{random(r, c.from, c.dims...)}, 0, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
				g := &building32{f: f}
				return []compute.Value{g.do(f.Bitcast(c.view(g, in[0]), c.to))}, g.err
			})
		})
	}
}

// TestLookupsOfViews: what looks numbers up, or puts them where indices say, has all that it reads without gaps, whatever moves made
// it: it gives what it gives of the same numbers as inputs. (Of those operations the reference has not all.)
func TestLookupsOfViews(t *testing.T) {
	b := ours(t, 1)
	r := rand.New(rand.NewPCG(11, 4))
	ids := tensor{shapes.Make(dtypes.Int32, 4, 4), []int32{0, 1, 2, 3, 1, 0, 3, 2, 2, 2, 0, 1, 3, 0, 0, 2}}
	in := []tensor{random(r, dtypes.Float32, 4, 4), ids, random(r, dtypes.Float32, 4, 4)} // the operand, the indices, the updates
	lookup := func(k int, g *building32, x, i, u compute.Value) []compute.Value {         // alone, for one that needs a copy makes it for all
		column := g.do(g.f.Slice(i, []int{0, 0}, []int{4, 1}, ones(2))) // [4,1]
		first := g.do(g.f.Reshape(g.do(g.f.Slice(i, []int{1, 1}, []int{2, 2}, ones(2)))))
		corner := g.do(g.f.Slice(u, []int{0, 0}, []int{3, 2}, ones(2)))
		switch k {
		case 0:
			return []compute.Value{g.do(g.f.Gather(x, column, 1, []int{1}, []int{0}, []int{0}, []int{1, 4}, false))}
		case 1:
			return []compute.Value{g.do(g.f.Gather(x, column, 1, []int{1, 2}, nil, []int{1}, []int{2, 3}, false))}
		case 2:
			return []compute.Value{g.do(g.f.ScatterMax(x, column, u, 1, []int{1}, []int{0}, []int{0}, false, false))}
		case 3:
			return []compute.Value{g.do(g.f.DynamicSlice(x, []compute.Value{first, first}, []int{2, 3}))}
		}
		return []compute.Value{g.do(g.f.DynamicUpdateSlice(x, corner, []compute.Value{first, first}))}
	}
	for name, view := range map[string]func(g *building32, x compute.Value) compute.Value{
		"turned":    func(g *building32, x compute.Value) compute.Value { return g.do(g.f.Transpose(x, 1, 0)) },
		"backwards": func(g *building32, x compute.Value) compute.Value { return g.do(g.f.Reverse(x, 0)) },
		"turned, by another name": func(g *building32, x compute.Value) compute.Value {
			return g.do(g.f.Identity(g.do(g.f.Transpose(x, 1, 0))))
		},
		"a row again": func(g *building32, x compute.Value) compute.Value {
			s, _ := g.f.Shape(x)
			row := g.do(g.f.Slice(x, []int{1, 0}, []int{2, 4}, ones(2)))
			return g.do(g.f.BroadcastInDim(row, s, []int{0, 1}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			views, err := run(b, in, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
				g := &building32{f: f}
				return []compute.Value{view(g, in[0]), view(g, in[1]), view(g, in[2])}, g.err
			})
			if err != nil {
				t.Fatal(err)
			}
			for k := range 5 {
				want, err := run(b, views, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
					g := &building32{f: f}
					return lookup(k, g, in[0], in[1], in[2]), g.err
				})
				if err != nil {
					t.Fatal(err)
				}
				got, err := run(b, in, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
					g := &building32{f: f}
					return lookup(k, g, view(g, in[0]), view(g, in[1]), view(g, in[2])), g.err
				})
				if err != nil {
					t.Fatal(err)
				}
				if d := differ(want[0], got[0], 0); d != "" {
					t.Errorf("look-up %d: %s", k, d)
				}
			}
		})
	}
}

// TestEmptyViews: what has no numbers has other dimensions as well, in whatever order its axes are.
func TestEmptyViews(t *testing.T) {
	b := ours(t, 1)
	for _, to := range [][]int{{6, 0}, {0, 6}, {0}, {2, 0, 3}, {3, 0, 2}, {1, 0, 1}} {
		got, err := run(b, []tensor{{shapes.Make(dtypes.Float32, 2, 0, 3), []float32{}}}, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
			g := &building32{f: f}
			return g.do(f.Neg(g.do(f.Reshape(g.do(f.Transpose(in[0], 2, 1, 0)), to...)))), g.err
		}))
		if err != nil {
			t.Fatal(err)
		}
		if want := shapes.Make(dtypes.Float32, to...); !got[0].shape.Equal(want) {
			t.Errorf("%s, want %s", got[0].shape, want)
		}
	}
}

// TestProductWithWhatIsNoMatrix: a right factor that is all of a parameter, which has not the dimensions of a matrix, is none of its
// weights.
func TestProductWithWhatIsNoMatrix(t *testing.T) {
	b, ref := ours(t, 1), reference(t)
	r := rand.New(rand.NewPCG(11, 2))
	for _, dims := range [][]int{{12}, {4, 3, 1}, {2, 2, 3}, {1, 4, 3}} {
		for axis, k := range []int{4, 3} {
			t.Run(fmt.Sprint(dims, axis), func(t *testing.T) {
				same(t, b, ref, []tensor{random(r, dtypes.Float32, 2, k), random(r, dtypes.Float32, dims...)}, close32, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
					g := &building32{f: f}
					return g.dot(in[0], 1, g.do(f.Reshape(in[1], 4, 3)), axis), g.err
				}))
			})
		}
	}
}

// TestProductsOfNothing: products with an axis of no elements have the shape that they should have, and sums over none are 0. The
// reference divides by the number of elements.
func TestProductsOfNothing(t *testing.T) {
	b := ours(t, 2)
	r := rand.New(rand.NewPCG(11, 3))
	type dot struct{ x, y, lc, lb, rc, rb, want []int }
	for _, c := range []dot{
		{x: []int{0, 5}, y: []int{5, 4}, lc: []int{1}, rc: []int{0}, want: []int{0, 4}},
		{x: []int{3, 5}, y: []int{5, 0}, lc: []int{1}, rc: []int{0}, want: []int{3, 0}},
		{x: []int{3, 0}, y: []int{0, 4}, lc: []int{1}, rc: []int{0}, want: []int{3, 4}},
		{x: []int{0, 3, 5}, y: []int{0, 5, 4}, lc: []int{2}, rc: []int{1}, lb: []int{0}, rb: []int{0}, want: []int{0, 3, 4}},
		{x: []int{2, 3, 0}, y: []int{2, 0, 4}, lc: []int{2}, rc: []int{1}, lb: []int{0}, rb: []int{0}, want: []int{2, 3, 4}},
	} {
		for _, d := range []dtypes.DType{dtypes.Float32, dtypes.Float64, dtypes.Int32} {
			got, err := run(b, []tensor{random(r, d, c.x...), random(r, d, c.y...)}, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
				return f.DotGeneral(in[0], c.lc, c.lb, in[1], c.rc, c.rb, compute.DotGeneralConfig{})
			}))
			if err != nil {
				t.Fatal(err)
			}
			s := shapes.Make(d, c.want...)
			if diff := differ(tensor{s, dtypes.MakeAnySlice(d, s.Size())}, got[0], 0); diff != "" || !got[0].shape.Equal(s) {
				t.Errorf("%s %v·%v is of shape %s: %s", d, c.x, c.y, got[0].shape, diff)
			}
		}
	}
}

// TestCompileAfterClose: a graph of a backend that was closed is not compiled.
func TestCompileAfterClose(t *testing.T) {
	b := New(1)
	g := b.Builder("late")
	x, err := g.Main().Parameter("x", shapes.Make(dtypes.Float32, 2), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Main().Return([]compute.Value{x}, nil); err != nil {
		t.Fatal(err)
	}
	b.Close()
	if _, err := g.Compile(); err == nil {
		t.Error("it is compiled")
	}
}
