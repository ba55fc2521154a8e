package backend

import (
	"math/rand/v2"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
)

// TestOver: what an operation makes takes the place of what it reads only where nothing reads that later, or in other rows or parts of
// rows. q is on its way to nothing else in all of these graphs, and p, r are read by products, so that they are whole in memory.
func TestOver(t *testing.T) {
	const n = 240 // more rows than go at a time
	in := []tensor{random(rand.New(rand.NewPCG(9, 6)), dtypes.Float32, n, n), random(rand.New(rand.NewPCG(9, 7)), dtypes.Float32, n, n)}
	scale := func(g *building32, x compute.Value, by float32) compute.Value {
		return g.do(g.f.Mul(x, g.do(g.f.Constant([]float32{by}))))
	}
	for name, of := range map[string]func(g *building32, q, y compute.Value) []compute.Value{
		"read later": func(g *building32, q, y compute.Value) []compute.Value {
			return []compute.Value{g.do(g.f.Add(q, y)), g.do(g.f.Mul(q, y))}
		},
		"rows backwards": func(g *building32, q, _ compute.Value) []compute.Value {
			return []compute.Value{g.do(g.f.Add(q, g.do(g.f.Reverse(q, 0))))}
		},
		"rows backwards first": func(g *building32, q, _ compute.Value) []compute.Value {
			return []compute.Value{g.do(g.f.Add(g.do(g.f.Reverse(q, 0)), q))}
		},
		"columns again": func(g *building32, q, _ compute.Value) []compute.Value {
			first := g.do(g.f.Slice(q, []int{0, 0}, []int{n, 1}, ones(2)))
			return []compute.Value{g.do(g.f.Add(q, first))}
		},
		"a row again": func(g *building32, q, _ compute.Value) []compute.Value {
			first := g.do(g.f.Slice(q, []int{0, 0}, []int{1, n}, ones(2)))
			return []compute.Value{g.do(g.f.Add(q, first))}
		},
		"rows in another order": func(g *building32, q, _ compute.Value) []compute.Value {
			x := g.do(g.f.Reshape(q, 60, 4, n))
			turned := g.do(g.f.Transpose(g.do(g.f.Reshape(q, 4, 60, n)), 1, 0, 2))
			return []compute.Value{g.do(g.f.Reshape(g.do(g.f.Add(x, turned)), n, n))}
		},
		"halves of rows": func(g *building32, q, _ compute.Value) []compute.Value {
			half := g.do(g.f.Slice(g.do(g.f.Reshape(q, 2*n, n/2)), []int{0, 0}, []int{n, n / 2}, ones(2)))
			return []compute.Value{g.do(g.f.Neg(half)), g.do(g.f.Neg(q))}
		},
		"later halves of rows": func(g *building32, q, _ compute.Value) []compute.Value {
			half := g.do(g.f.Slice(g.do(g.f.Reshape(q, 2*n, n/2)), []int{n, 0}, []int{2 * n, n / 2}, ones(2)))
			return []compute.Value{g.do(g.f.Neg(half)), g.do(g.f.Neg(q))}
		},
		"of another size": func(g *building32, q, y compute.Value) []compute.Value {
			wide := g.do(g.f.ConvertDType(q, dtypes.Float64))
			return []compute.Value{g.do(g.f.ConvertDType(g.do(g.f.Reverse(wide, 0)), dtypes.Float32)), g.do(g.f.Add(q, y))}
		},
		"a part of its rows, behind": func(g *building32, q, y compute.Value) []compute.Value {
			half := func(x compute.Value) compute.Value { return g.do(g.f.Slice(x, []int{0, 0}, []int{n, n / 2}, ones(2))) }
			return []compute.Value{g.do(g.f.Concatenate(1, half(y), half(q)))}
		},
		"half of it, in numbers twice as large": func(g *building32, q, _ compute.Value) []compute.Value {
			half := g.do(g.f.ConvertDType(g.do(g.f.Slice(q, []int{0, 0}, []int{n / 2, n}, ones(2))), dtypes.Float64))
			return []compute.Value{g.do(g.f.ConvertDType(g.dot(half, 1, half, 1), dtypes.Float32))}
		},
		"sums of rows": func(g *building32, q, _ compute.Value) []compute.Value {
			s := g.do(g.f.Reshape(g.do(g.f.ReduceSum(q, 1)), n, 1))
			return []compute.Value{g.do(g.f.Mul(q, s))}
		},
	} {
		t.Run(name, func(t *testing.T) {
			same(t, ours(t, 1), reference(t), in, 1e-4, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
				g := &building32{f: f}
				var all []compute.Value
				for _, v := range of(g, g.dot(in[0], 1, scale(g, in[1], 1./n), 1), in[1]) {
					all = append(all, g.dot(v, 1, scale(g, v, 1./n), 1))
				}
				return all, g.err
			})
		})
	}
}

// TestSlots: nor is a value of a group overwritten in its row by what needs one of its numbers at other places.
func TestSlots(t *testing.T) {
	for _, dims := range [][]int{{3, 5}, {700, 40}, {2, 9000}} {
		for _, d := range []dtypes.DType{dtypes.Float32, dtypes.Float64, dtypes.Int32, dtypes.Int8, dtypes.BFloat16} {
			in := []tensor{random(rand.New(rand.NewPCG(9, 8)), d, dims...)}
			for _, at := range []int{0, 1, dims[1] - 1} {
				for name, op := range map[string]func(f compute.Function, x, y compute.Value) (compute.Value, error){"Add": compute.Function.Add, "Sub": compute.Function.Sub, "Max": compute.Function.Max, "Mul": compute.Function.Mul} {
					for _, turned := range []bool{false, true} {
						same(t, ours(t, 1), reference(t), in, close32, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
							g := &building32{f: f}
							x := g.do(f.Neg(in[0]))
							y := g.do(f.Slice(x, []int{0, at}, []int{dims[0], at + 1}, ones(2)))
							if turned {
								x, y = y, x
							}
							return g.do(f.Neg(g.do(op(f, x, y)))), g.err
						}))
						if t.Failed() {
							t.Fatalf("%s of %v of %s and its column %d, turned %v", name, dims, d, at, turned)
						}
					}
				}
			}
		}
	}
}
