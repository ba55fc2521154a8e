package backend

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// Integers have results where Go has none: those of XLA.
func TestIntegersAsXLA(t *testing.T) {
	b := ours(t, 1)
	for _, c := range []struct {
		name       string
		x, y, want []int32
		build      func(f compute.Function, x, y compute.Value) (compute.Value, error)
	}{
		{"Div", []int32{7, -7, 0, math.MinInt32}, []int32{0, 0, 0, -1}, []int32{-1, -1, -1, math.MinInt32}, compute.Function.Div},
		{"Rem", []int32{7, -7, 0, math.MinInt32}, []int32{0, 0, 0, -1}, []int32{7, -7, 0, 0}, compute.Function.Rem},
		{"Pow", []int32{2, 1, -1, -1}, []int32{-1, -3, -3, -2}, []int32{0, 1, -1, 1}, compute.Function.Pow},
		{"ShiftLeft", []int32{1, 1, 1, -1}, []int32{31, 32, -1, 40}, []int32{math.MinInt32, 0, 0, 0}, compute.Function.ShiftLeft},
		{"ShiftRightArithmetic", []int32{-8, -8, 8, -8}, []int32{1, 32, 99, -1}, []int32{-4, -1, 0, -1}, compute.Function.ShiftRightArithmetic},
		{"ShiftRightLogical", []int32{-8, -8, 8, -8}, []int32{1, 32, 99, -1}, []int32{math.MaxInt32 - 3, 0, 0, 0}, compute.Function.ShiftRightLogical},
	} {
		s := shapes.Make(dtypes.Int32, 4)
		got, err := run(b, []tensor{{s, c.x}, {s, c.y}}, one(func(f compute.Function, in []compute.Value) (compute.Value, error) { return c.build(f, in[0], in[1]) }))
		if err != nil {
			t.Fatal(err)
		}
		if d := differ(tensor{s, c.want}, got[0], 0); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// An empty axis beside one of size 1 stays empty.
func TestEmptyBesideOne(t *testing.T) {
	b := ours(t, 1)
	r := rand.New(rand.NewPCG(9, 1))
	got, err := run(b, []tensor{random(r, dtypes.Float32, 3, 0), random(r, dtypes.Float32, 3, 1)}, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
		return f.Add(in[0], in[1])
	}))
	if err != nil {
		t.Fatal(err)
	}
	if want := shapes.Make(dtypes.Float32, 3, 0); !got[0].shape.Equal(want) {
		t.Errorf("%s, want %s", got[0].shape, want)
	}
}

// A part of a long row may need another part of a value of the same group.
func TestLongRowsNeedTheirOtherParts(t *testing.T) {
	const n = 9000
	in := []tensor{random(rand.New(rand.NewPCG(9, 2)), dtypes.Float32, 2, n), random(rand.New(rand.NewPCG(9, 3)), dtypes.Float32, 1, n)}
	same(t, ours(t, 1), reference(t), in, 1e-5, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
		g := &building32{f: f}
		sq := g.do(f.Mul(in[0], in[1]))
		third := g.do(f.Slice(sq, []int{0, 5000}, []int{2, 5001}, []int{1, 1}))
		return g.do(f.Mul(sq, third)), g.err
	}))
}

// What needs all of a long row, or gives rows of another length, is not computed by parts of rows.
func TestLongRowsAreWhole(t *testing.T) {
	const n = 9000
	in := []tensor{random(rand.New(rand.NewPCG(9, 9)), dtypes.Float32, 2, n)}
	for name, build := range map[string]func(g *building32, x compute.Value) compute.Value{
		"softmax": func(g *building32, x compute.Value) compute.Value { return g.do(g.f.FusedSoftmax(x, 1)) },
		"maximum": func(g *building32, x compute.Value) compute.Value { return g.do(g.f.ReduceMax(g.do(g.f.Neg(x)), 1)) },
		"join": func(g *building32, x compute.Value) compute.Value {
			return g.do(g.f.Concatenate(1, g.do(g.f.Neg(x)), x))
		},
		"softmax of a longer one": func(g *building32, x compute.Value) compute.Value {
			return g.do(g.f.FusedSoftmax(g.do(g.f.Neg(g.do(g.f.Concatenate(1, x, x)))), 1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			same(t, ours(t, 2), reference(t), in, 1e-5, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
				g := &building32{f: f}
				return []compute.Value{g.do(f.Neg(build(g, in[0])))}, g.err
			})
		})
	}
}

func TestLongRowsBesideShortOnes(t *testing.T) {
	const n = 9000
	in := []tensor{random(rand.New(rand.NewPCG(9, 12)), dtypes.Float32, 2, n), random(rand.New(rand.NewPCG(9, 13)), dtypes.Float32, 2, 3)}
	same(t, ours(t, 1), reference(t), in, 0, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
		g := &building32{f: f}
		return []compute.Value{g.do(f.Neg(in[0])), g.do(f.Neg(in[1])), g.do(f.Abs(in[0]))}, g.err
	})
}

// What repeats numbers, or reads other rows of a value of its own group, reads those that are meant.
func TestOtherRowsOfAGroup(t *testing.T) {
	const rows, n = 7, 5
	in := []tensor{random(rand.New(rand.NewPCG(9, 10)), dtypes.Float32, rows, n), random(rand.New(rand.NewPCG(9, 11)), dtypes.Float32, rows, n)}
	slice := func(g *building32, x compute.Value, lo, hi, step int) compute.Value {
		return g.do(g.f.Slice(x, []int{lo, 0}, []int{hi, n}, []int{step, 1}))
	}
	for name, build := range map[string]func(g *building32, x, y compute.Value) compute.Value{
		"its first row": func(g *building32, x, y compute.Value) compute.Value { return g.do(g.f.Add(y, slice(g, x, 0, 1, 1))) },
		"its last row": func(g *building32, x, y compute.Value) compute.Value {
			return g.do(g.f.Add(y, slice(g, x, rows-1, rows, 1)))
		},
		"rows backwards": func(g *building32, x, y compute.Value) compute.Value {
			return g.do(g.f.Add(y, g.do(g.f.Reverse(x, 0))))
		},
		"every other row": func(g *building32, x, y compute.Value) compute.Value {
			return g.do(g.f.Add(slice(g, y, 0, 4, 1), slice(g, x, 0, rows, 2)))
		},
		"a join of a repeated number": func(g *building32, x, y compute.Value) compute.Value {
			one := g.do(g.f.Slice(x, []int{2, 1}, []int{3, 2}, ones(2)))
			many := g.do(g.f.BroadcastInDim(one, shapes.Make(dtypes.Float32, 3, n), []int{0, 1}))
			return g.do(g.f.Concatenate(0, many, y))
		},
		"a join of a repeated column": func(g *building32, x, y compute.Value) compute.Value {
			first := g.do(g.f.Slice(x, []int{0, 1}, []int{rows, 2}, ones(2)))
			many := g.do(g.f.BroadcastInDim(first, shapes.Make(dtypes.Float32, rows, n), []int{0, 1}))
			return g.do(g.f.Concatenate(1, many, y))
		},
	} {
		t.Run(name, func(t *testing.T) {
			same(t, ours(t, 1), reference(t), in, close32, func(f compute.Function, in []compute.Value) ([]compute.Value, error) {
				g := &building32{f: f}
				return []compute.Value{build(g, g.do(f.Neg(in[0])), g.do(f.Neg(in[1]))), build(g, in[0], g.do(f.Neg(in[1])))}, g.err
			})
		})
	}
}

// Two values cannot take the same place.
func TestOnePlaceForOneValue(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 4))
	in := []tensor{random(r, dtypes.Float32, 20, 20), random(r, dtypes.Float32, 20, 20)}
	same(t, ours(t, 1), reference(t), in, 1e-4, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
		g := &building32{f: f}
		p := g.do(f.Tanh(g.dot(in[0], 1, in[1], 1)))
		q := g.dot(p, 1, in[1], 1)
		s, u := g.do(f.Tanh(g.do(f.Add(q, in[0])))), g.do(f.Tanh(g.do(f.Mul(q, in[1]))))
		return g.dot(s, 1, u, 1), g.err
	}))
}

// A slice of updates that would reach outside is left out, and lands nowhere else.
func TestScatterOutsideLandsNowhere(t *testing.T) {
	b := ours(t, 1)
	x := tensor{shapes.Make(dtypes.Int32, 2, 3), []int32{1, 2, 3, 4, 5, 6}}
	i := tensor{shapes.Make(dtypes.Int32, 3, 1), []int32{2, 3, -1}}
	u := tensor{shapes.Make(dtypes.Int32, 2, 3), []int32{10, 100, 1000, 20, 200, 2000}}
	got, err := run(b, []tensor{x, i, u}, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
		return f.ScatterSum(in[0], in[1], in[2], 1, []int{0}, []int{1}, []int{1}, false, false)
	}))
	if err != nil {
		t.Fatal(err)
	}
	if d := differ(tensor{x.shape, []int32{1, 2, 13, 4, 5, 26}}, got[0], 0); d != "" {
		t.Error(d)
	}
}

// An output that is moved is copied when it is there, so that what it is made of can go.
func TestMovedOutputsAreCopiedAtOnce(t *testing.T) {
	const n = 64
	in := []tensor{random(rand.New(rand.NewPCG(9, 5)), dtypes.Float32, n, n)}
	got := arenaOf(t, ours(t, 1), n*n, in, func(f compute.Function, in []compute.Value) (out []compute.Value, err error) {
		g := &building32{f: f}
		x := in[0]
		for range 10 {
			x = g.do(f.Tanh(g.dot(x, 1, in[0], 1)))
			turned := g.do(f.Transpose(x, 1, 0))
			out = append(out, turned, g.do(f.Reshape(g.do(f.Transpose(x, 1, 0)), n*n)))
		}
		return out, g.err
	})
	if got > 3 {
		t.Errorf("%v tensors at a time", got)
	}
}
