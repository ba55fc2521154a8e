package backend

import (
	"math/rand/v2"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// A chain of operations needs the memory of two values, however long it is: what nobody reads any more makes room.
func TestSlotsOfAChain(t *testing.T) {
	x := &node{shape: shapes.Make(dtypes.Float32, 4, 100)}
	g := &group{rows: 4, of: map[*node]int{}}
	var homes []place
	for range 10 { // each reads the one before it, and the one before that
		n := &node{shape: x.shape}
		in := &instr{n: n, width: 100, plain: true, args: []access{{v: view{root: x}, size: 4, step: 1, width: 100}}}
		if k := len(g.instrs); k > 1 {
			in.args = append(in.args, access{v: view{root: g.instrs[k-2].n}, size: 4, step: 1, width: 100})
		}
		g.add(in)
		homes = append(homes, place{store: -1, size: 4, linear: 400, width: 100, step: 1})
		x = n
	}
	s := g.slots(homes)
	if len(s.bytes) != 2 || s.row != 800 {
		t.Errorf("%d slots of %d bytes together, want 2 of 800", len(s.bytes), s.row)
	}
	if room := s.lay(homes, func(row int) int { return 3 * row }); room < 2400 || homes[0].base == homes[1].base {
		t.Errorf("%d bytes for three rows, values at %d and %d", room, homes[0].base, homes[1].base)
	}
}

// A value that is read elsewhere than it would be written keeps its slot until then.
func TestSlotsAreNotWrittenTooEarly(t *testing.T) {
	in := []tensor{random(rand.New(rand.NewPCG(5, 5)), dtypes.Float32, 7, 64)}
	t.Run("halves in turn", func(t *testing.T) {
		same(t, ours(t, 1), reference(t), in, close32, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
			g := &building32{f: f}
			y := g.do(f.Neg(in[0]))
			low, high := g.do(f.Slice(y, []int{0, 0}, []int{7, 32}, ones(2))), g.do(f.Slice(y, []int{0, 32}, []int{7, 64}, ones(2)))
			return g.do(f.Exp(g.do(f.Concatenate(1, high, low)))), g.err
		}))
	})
	t.Run("another type", func(t *testing.T) {
		same(t, ours(t, 1), reference(t), in, close32, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
			g := &building32{f: f}
			low := g.do(f.Slice(g.do(f.Neg(in[0])), []int{0, 0}, []int{7, 32}, ones(2)))
			return g.do(f.Neg(g.do(f.ConvertDType(low, dtypes.Float64)))), g.err
		}))
	})
}

// Rows that follow one another are computed at once, also where their last tile is shorter, and those that do not are not.
func TestTilesOfRows(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for _, rows := range []int{1, 2, 79, 80, 81, 577} {
		in := []tensor{random(r, dtypes.Float32, rows, 64), random(r, dtypes.Float32, rows, 32), random(r, dtypes.Float32, 1, 1)}
		same(t, ours(t, 2), reference(t), in, close32, one(func(f compute.Function, in []compute.Value) (compute.Value, error) {
			g := &building32{f: f}
			x := g.do(f.Slice(in[0], []int{0, 32}, []int{rows, 64}, ones(2))) // rows with gaps
			y := g.do(f.Mul(g.do(f.Mul(x, in[1])), in[2]))
			largest := g.do(f.Reshape(g.do(f.ReduceMax(y, 1)), rows, 1))
			return g.do(f.Sub(y, g.do(f.Add(largest, largest)))), g.err
		}))
	}
}
