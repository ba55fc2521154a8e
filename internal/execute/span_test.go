package execute

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestSpanDependent: a direction that the others span changes nothing, however it is scaled, and zero is no direction.
func TestSpanDependent(t *testing.T) {
	s := newSpan([]float32{1, 2, 3, 4})
	if !s.add([]float32{1, 1, 0, 0}) || !s.add([]float32{0, 1, 1, 0}) {
		t.Fatal("two directions")
	}
	r2, basis := s.r2(), len(s.basis)
	for _, w := range [][]float32{{1, 1, 0, 0}, {-30, -30, 0, 0}, {2, 5, 3, 0}, {1e-20, 2e-20, 1e-20, 0}, {0, 0, 0, 0}} {
		if s.add(w) || s.r2() != r2 || len(s.basis) != basis {
			t.Errorf("%v is in the span and changes R² from %v to %v", w, r2, s.r2())
		}
	}
	if math.Abs(s.r2()+s.left()-1) > 1e-12 {
		t.Errorf("%v is spanned and %v is left", s.r2(), s.left())
	}
	if z := newSpan(make([]float32, 3)); z.r2() != 0 || z.left() != 0 {
		t.Error("R² of nothing")
	}
}

// TestSpanNearlyParallel: directions that differ by a ten-thousandth still give an orthonormal basis, and a vector of
// theirs is theirs; one pass of Gram–Schmidt would not.
func TestSpanNearlyParallel(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	const n, d = 40, 200
	base, v := make([]float64, d), make([]float32, d)
	for i := range base {
		base[i] = rng.NormFloat64()
	}
	sum := make([]float64, d)
	ws := make([][]float32, n)
	for k := range ws {
		ws[k] = make([]float32, d)
		for i := range base {
			ws[k][i] = float32(base[i] + 1e-4*rng.NormFloat64())
			sum[i] += float64(ws[k][i]) * rng.NormFloat64()
		}
	}
	for i := range v {
		v[i] = float32(sum[i])
	}
	s := newSpan(v)
	for _, w := range ws {
		s.add(w)
	}
	for i := range s.basis {
		for j := range i {
			if x := dot(s.basis[i], s.basis[j]); math.Abs(x) > 1e-13 {
				t.Fatalf("basis vectors %d and %d have the product %v", i, j, x)
			}
		}
	}
	if len(s.basis) != n || s.r2() > 1 {
		t.Errorf("%d of %d directions, R² %v", len(s.basis), n, s.r2())
	}
}

// TestGreedyTies: equal neurons are chosen by index, and one that adds nothing is not listed.
func TestGreedyTies(t *testing.T) {
	w := []float32{0, 1, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0} // [F,D]: y, 2x, 2y, 0
	steps := greedy(4, []float32{1, 1, 1}, w, 9)
	if want := []engine.Neuron{{Layer: 4, Index: 0}, {Layer: 4, Index: 1}}; len(steps) != 2 || steps[0].Neuron != want[0] || steps[1].Neuron != want[1] || math.Abs(steps[1].R2-2./3) > 1e-12 {
		t.Errorf("%+v", steps)
	}
}

// TestGreedyEnds: when the rest of the neurons adds nothing and something is left, the choice ends.
func TestGreedyEnds(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	w, v := make([]float32, 4*7), make([]float32, 7) // [F,D], [D]
	for i := range w {
		w[i] = float32(rng.NormFloat64())
	}
	for d := range 7 { // spanned by the others, but for rounding
		w[3*7+d] = w[d] - .3*w[7+d] + w[14+d]
	}
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	if steps := greedy(0, v, w, 7); len(steps) != 3 || steps[2].R2 > .999 {
		t.Errorf("%+v", steps)
	}
}

// TestComposeNothing: a vector of zeros leaves no edit behind, in whatever space and scope.
func TestComposeNothing(t *testing.T) {
	shape := engine.Shape{Layers: 2, Width: 3, Neurons: 4}
	for _, i := range []message.Intervention{
		{Op: message.OpResidual, Scope: message.Everywhere, Values: make(message.Numbers, 6)}, {Op: message.OpMLP, Scope: message.PromptOnly, SkipBOS: true, Values: make(message.Numbers, 6)},
		{Op: message.OpAddEach, Scope: message.Everywhere, Values: message.Numbers{0, float32(math.Copysign(0, -1)), 0, 0, 0, 0, 0, 0}},
	} {
		if p, g := compose(shape, []message.Intervention{i, i}, 5, true); p != nil || g != nil {
			t.Errorf("%s of zeros is an edit: %+v %+v", i.Op, p, g)
		}
		i.Values[1] = 1
		if p, _ := compose(shape, []message.Intervention{i}, 5, true); p == nil {
			t.Errorf("%s of a number is no edit", i.Op)
		}
	}
}

// TestInParallel: every call is made once, progress rises to the end in the caller's goroutine, and a canceled one says so.
func TestInParallel(t *testing.T) {
	done, seen := make([]int32, 50), []int{}
	err := inParallel(t.Context(), len(done), func(d, total int) { seen = append(seen, d*100+total) }, func(i int) { done[i]++ })
	if err != nil || slices.ContainsFunc(done, func(n int32) bool { return n != 1 }) {
		t.Error(err, done)
	}
	if !slices.IsSorted(seen) || seen[len(seen)-1] != 50*100+50 {
		t.Error(seen)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := inParallel(ctx, 5, func(int, int) {}, func(int) {}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
