package execute

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// planted are scores of n examples on a model of 2 × 50 neurons: the first three neurons of each layer have large scores in
// every example, and each example has three others of its own, drawn anew, that are larger still.
func planted(n int) *stabilityInput {
	const L, F = 2, 50
	in := &stabilityInput{
		StabilitySettings: message.StabilitySettings{
			Selections: []string{message.SelectMean, message.SelectPositive, message.SelectLargest}, Sizes: []int{6, 12}, Resamples: 30, Controls: 19,
		},
		shape: engine.Shape{Layers: L, Neurons: F}, bodies: make([]message.AttributeBody, n),
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2 { // rules
		rows := make([][]float32, n)
		for i := range rows {
			rows[i] = make([]float32, L*F)
			for k := range rows[i] {
				rows[i][k] = float32(rng.NormFloat64() * .1)
			}
			for l := range L {
				for k := range 3 {
					rows[i][l*F+k] = float32(2 + rng.Float64())
					rows[i][l*F+10+rng.IntN(F-10)] = float32(4 + 2*rng.Float64())
				}
			}
		}
		in.sums, in.tails = append(in.sums, rows), append(in.tails, make([][]float32, n))
	}
	return in
}

// TestStabilityNull: neurons that every example has are beyond the null, and those that one example has never are, however large
// their scores. A null whose neurons keep their places would call all of them noise; one that is drawn once for all examples
// would, too.
func TestStabilityNull(t *testing.T) {
	in := planted(16)
	e := &env{emit: func(steer.Event) {}}
	seen, null, err := in.views(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	frequency := func(n int) (f float64) {
		for _, c := range seen.counts {
			f += float64(c[n])
		}
		return f
	}
	most := float64(slices.Max(null))
	for n := range in.shape.Layers * in.shape.Neurons {
		if common := n%in.shape.Neurons < 3; common && frequency(n) <= most {
			t.Errorf("neuron %d, which every example has, is in %v views, the null reaches %v", n, frequency(n), most)
		} else if !common && frequency(n) > most {
			t.Errorf("neuron %d, which few examples have, is in %v views, the null reaches %v", n, frequency(n), most)
		}
	}
	again, same, err := in.views(t.Context(), e)
	if err != nil || !slices.Equal(null, same) || !slices.EqualFunc(seen.counts, again.counts, slices.Equal[[]int32]) {
		t.Errorf("the same seed gives other views: %v", err)
	}
}

// TestExchangedKeepsScores: a draw of the null has the scores of every layer and example, at other neurons, and the same ones
// under every rule.
func TestExchangedKeepsScores(t *testing.T) {
	in := planted(3)
	in.sums[1] = in.sums[0]
	out, moved := in.exchanged(stats.Rand(4, stats.Exchanges)), 0
	F := in.shape.Neurons
	for i, row := range in.sums[0] {
		for l := range in.shape.Layers {
			a, b := row[l*F:][:F], out.sums[0][i][l*F:][:F]
			if !slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))) {
				t.Errorf("example %d has other scores in layer %d", i, l)
			}
			for k := range a {
				moved += b2i(a[k] != b[k])
			}
		}
		if !slices.Equal(out.sums[0][i], out.sums[1][i]) {
			t.Errorf("example %d: the rules are exchanged differently", i)
		}
	}
	if moved < 200 {
		t.Errorf("only %d of 300 scores have moved", moved)
	}
}

func b2i(is bool) int {
	if is {
		return 1
	}
	return 0
}

// TestFirstNeurons: the heap gives what sorting gives, ties by place, zeros and signs as they count.
func TestFirstNeurons(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	w := newSelecting(planted(1))
	for trial := range 200 {
		for i := range w.total {
			w.total[i] = float64(rng.IntN(7) - 3) // many ties, many zeros
		}
		strength := func(n int) float64 { return math.Abs(w.total[n]) }
		var want []int32
		for n := range w.total {
			if strength(n) > 0 {
				want = append(want, int32(n))
			}
		}
		slices.SortStableFunc(want, func(a, b int32) int { return int(strength(int(b)) - strength(int(a))) })
		k := 1 + rng.IntN(len(w.total)+5)
		if got := w.first(strength, k); !slices.Equal(got, want[:min(k, len(want))]) {
			t.Fatalf("trial %d, the first %d: %v, want %v", trial, k, got, want[:min(k, len(want))])
		}
	}
}
