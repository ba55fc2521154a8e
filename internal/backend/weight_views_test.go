package backend

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// TestWeightViews: a matrix that moves made of a weight is multiplied as packed only where it is all of the weight, or that turned;
// whatever else it is, it has the same numbers as where the weight is memory.
func TestWeightViews(t *testing.T) {
	for _, dims := range [][2]int{{5, 3}, {4, 4}, {1, 6}, {6, 1}} {
		t.Run(fmt.Sprint(dims), func(t *testing.T) { weightViews(t, dims[0], dims[1]) })
	}
}

func weightViews(t *testing.T, n, k int) {
	b, ref := ours(t, 2), reference(t)
	r := rand.New(rand.NewPCG(3, 3))
	turned := func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Transpose(w, 1, 0)) }
	slice := func(g *building32, w compute.Value, start, limit []int) compute.Value {
		return g.do(g.f.Slice(w, start, limit, ones(len(start))))
	}
	spread := func(g *building32, w compute.Value, axis int, dims ...int) compute.Value {
		return g.do(g.f.BroadcastInDim(w, shapes.Make(dtypes.Float32, dims...), []int{axis}))
	}
	for name, view := range map[string]func(g *building32, w compute.Value) compute.Value{
		"all":          func(_ *building32, w compute.Value) compute.Value { return w },
		"turned":       turned,
		"turned twice": func(g *building32, w compute.Value) compute.Value { return turned(g, turned(g, w)) },
		"its first rows": func(g *building32, w compute.Value) compute.Value {
			return slice(g, w, []int{0, 0}, []int{max(1, n-1), k})
		},
		"its last rows": func(g *building32, w compute.Value) compute.Value {
			return slice(g, w, []int{min(1, n-1), 0}, []int{n, k})
		},
		"its first columns": func(g *building32, w compute.Value) compute.Value {
			return slice(g, w, []int{0, 0}, []int{n, max(1, k-1)})
		},
		"its first rows, turned": func(g *building32, w compute.Value) compute.Value {
			return turned(g, slice(g, w, []int{0, 0}, []int{max(1, n-1), k}))
		},
		"its first columns, turned": func(g *building32, w compute.Value) compute.Value {
			return turned(g, slice(g, w, []int{0, 0}, []int{n, max(1, k-1)}))
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
			return turned(g, g.do(g.f.Reshape(slice(g, g.do(g.f.Reshape(w, n*k)), []int{0}, []int{n * k / 2 * 2}), 2, n*k/2)))
		},
		"other rows":  func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Reshape(w, k, n)) },
		"a list":      func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Reshape(w, n*k)) },
		"a block":     func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Reshape(w, 1, n, k)) },
		"an opposite": func(g *building32, w compute.Value) compute.Value { return g.do(g.f.Neg(w)) },
	} {
		for _, how := range []string{"over the first axis", "over the last", "over all", "over none", "in a batch", "by rows"} {
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
				case "by rows":
					if s.Rank() != 2 {
						break
					}
					at := g.do(f.Constant([]int32{0, 2, 9}, 3, 1)) // the last of all for 9
					w = g.do(f.Gather(w, at, 1, []int{1}, first, first, []int{1, s.Dimensions[1]}, false))
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
