package backend

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
)

// sumsOfPulls are what a graph may make of p = g₁·W₁ and q = g₂·W₂, [R,K] each, and x [R,K], with the number of products that are left.
var sumsOfPulls = []struct {
	name     string
	products int
	build    func(g *building32, p, q, x compute.Value) []compute.Value
}{
	{"sum", 1, func(g *building32, p, q, _ compute.Value) []compute.Value {
		return []compute.Value{g.do(g.f.Add(p, q))}
	}},
	{"sum the other way", 1, func(g *building32, p, q, _ compute.Value) []compute.Value {
		return []compute.Value{g.do(g.f.Add(q, p))}
	}},
	{"sum, and more", 1, func(g *building32, p, q, x compute.Value) []compute.Value {
		return []compute.Value{g.do(g.f.Mul(g.do(g.f.Add(x, g.do(g.f.Add(p, q)))), x))}
	}},
	{"one after the other", 2, func(g *building32, p, q, x compute.Value) []compute.Value {
		return []compute.Value{g.do(g.f.Add(g.do(g.f.Add(p, x)), q))}
	}},
	{"first read twice", 2, func(g *building32, p, q, _ compute.Value) []compute.Value {
		return []compute.Value{g.do(g.f.Add(p, q)), g.do(g.f.Neg(p))}
	}},
	{"second read twice", 2, func(g *building32, p, q, _ compute.Value) []compute.Value {
		return []compute.Value{g.do(g.f.Add(p, q)), g.do(g.f.Neg(q))}
	}},
	{"an output too", 2, func(g *building32, p, q, _ compute.Value) []compute.Value {
		return []compute.Value{g.do(g.f.Add(p, q)), q}
	}},
	{"twice one", 2, func(g *building32, p, q, _ compute.Value) []compute.Value {
		return []compute.Value{g.do(g.f.Add(p, p)), g.do(g.f.Neg(q))}
	}},
	{"difference", 2, func(g *building32, p, q, _ compute.Value) []compute.Value {
		return []compute.Value{g.do(g.f.Sub(p, q))}
	}},
}

// TestSumsOfPulls: two products with weights that are added and nowhere else read are one. It has the same bits where both weights are memory,
// the same numbers where one is, and those of GoMLX's own backend.
func TestSumsOfPulls(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	for _, dims := range [][4]int{{1, 1, 1, 1}, {5, 33, 7, 40}, {16, 64, 40, 65}, {64, 48, 96, 576}, {130, 100, 31, 70}} {
		for i := range 2 * len(sumsOfPulls) {
			c, whole := sumsOfPulls[i/2], i%2 == 1
			t.Run(fmt.Sprint(c.name, dims, whole), func(t *testing.T) {
				b, ref := ours(t, 2), reference(t)
				rows, n1, n2, k := dims[0], dims[1], dims[2], dims[3]
				in := []tensor{random(r, dtypes.Float32, rows, n1), random(r, dtypes.Float32, rows, n2), random(r, dtypes.Float32, rows, k),
					random(r, dtypes.Float32, n1, k), random(r, dtypes.Float32, n2, k)}
				if whole { // no order of sums rounds
					for _, x := range in {
						for i, v := range x.flat.([]float32) {
							x.flat.([]float32)[i] = float32(math.Round(2 * float64(v)))
						}
					}
				}
				build := func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
					g := &building32{f: f}
					out := c.build(g, g.dot(in[0], 1, in[3], 0), g.dot(in[1], 1, in[4], 0), in[2])
					return out, g.err
				}
				e, err := compile(b, in, build)
				if err != nil {
					t.Fatal(err)
				}
				products := 0
				for _, s := range e.(*executable).steps {
					if s.name == "DotGeneral" {
						products++
					}
				}
				if products != c.products {
					t.Errorf("%d products are left, want %d", products, c.products)
				}
				run := func(packed ...bool) []tensor {
					var bufs []compute.Buffer
					for i, x := range in {
						buf, err := b.BufferFromFlatData(0, x.flat, x.shape)
						if err == nil && i >= 3 && packed[i-3] {
							buf, err = b.Weight(weightOf(t, x))
						}
						if err != nil {
							t.Fatal(err)
						}
						bufs = append(bufs, buf)
					}
					return executeWith(t, b, e, nil, bufs...)
				}
				want := run(true, true)
				e2, err := compile(ref, in, build)
				if err != nil {
					t.Fatal(err)
				}
				theirs, err := execute(ref, e2, in)
				if err != nil {
					t.Fatal(err)
				}
				others := map[string][]tensor{"memory": run(false, false)}
				if whole {
					others = map[string][]tensor{"first packed": run(true, false), "second packed": run(false, true), "GoMLX": theirs}
				}
				for name, got := range others {
					for i := range want {
						if d := differ(want[i], got[i], 0); d != "" {
							t.Errorf("%s: %s", name, d)
						}
					}
				}
			})
		}
	}
}

// TestSumsOfUnlikePulls: products of other shapes, which an addition repeats, stay two.
func TestSumsOfUnlikePulls(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 10))
	for _, shape := range [][4]int{{6, 1, 7, 7}, {1, 6, 7, 7}, {6, 6, 7, 1}, {6, 6, 1, 7}} {
		in := []tensor{random(r, dtypes.Float32, shape[0], 5), random(r, dtypes.Float32, shape[1], 9),
			random(r, dtypes.Float32, 5, shape[2]), random(r, dtypes.Float32, 9, shape[3])}
		same(t, ours(t, 2), reference(t), in, 1e-5, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
			g := &building32{f: f}
			v := g.do(f.Add(g.dot(in[0], 1, in[2], 0), g.dot(in[1], 1, in[3], 0)))
			return v, g.err
		}))
	}
}
