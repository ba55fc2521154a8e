package execute

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func TestRank(t *testing.T) {
	logits := []float32{2, 5, 5, -1, 5}
	for id, want := range []int{4, 1, 2, 5, 3} { // ties by id
		if got := message.Rank(logits, engine.Token{ID: int32(id)}).Rank; got != want {
			t.Errorf("rank of id %d is %d, want %d", id, got, want)
		}
	}
	if got := largestSigned(logits, 9); !slices.Equal(got, []int{1, 2, 4, 0, 3}) {
		t.Errorf("order %v does not agree with the ranks", got)
	}
	for _, k := range []int{-1, 0} {
		if got := largestSigned(logits, k); len(got) != 0 {
			t.Errorf("the %d largest are %v", k, got)
		}
	}
	for _, id := range []int32{-1, 5} {
		if r := message.Rank(logits, engine.Token{ID: id}); r.Probability != 0 {
			t.Errorf("id %d outside the vocabulary has the probability %v", id, r.Probability)
		}
	}
}

// TestFewAreTheFirstOfMany: picked in one pass, the largest are those of the whole order, ties to the lower id.
func TestFewAreTheFirstOfMany(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		logits := make([]float32, 101+r.IntN(200))
		for i := range logits {
			logits[i] = float32(r.IntN(40))
		}
		all := largestSigned(logits, len(logits))
		for i := 1; i < len(all); i++ {
			if a, b := all[i-1], all[i]; logits[a] < logits[b] || logits[a] == logits[b] && a > b {
				t.Fatalf("%d with %g comes before %d with %g", a, logits[a], b, logits[b])
			}
		}
		for _, k := range []int{1, 2, 3, 10, 100} {
			if got := largestSigned(logits, k); !slices.Equal(got, all[:k]) {
				t.Fatalf("the %d largest are %v, want %v", k, got, all[:k])
			}
		}
	}
}

func TestProbabilities(t *testing.T) {
	for _, logits := range [][]float32{
		{0, 1, 2}, {1e30, 1e30, 0}, {-1e30, -1e30}, {88, 89, 90}, {math.MaxFloat32, -math.MaxFloat32}, {float32(math.Inf(-1)), 0},
	} {
		var sum float64
		for id := range logits {
			p := message.Rank(logits, engine.Token{ID: int32(id)}).Probability
			if p < 0 || p > 1 || math.IsNaN(p) {
				t.Errorf("%v: the probability of %d is %v", logits, id, p)
			}
			sum += p
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%v: probabilities sum to %v", logits, sum)
		}
	}
}

func TestArgmax(t *testing.T) {
	if got := argmax([]float32{1, 3, 3}); got != 1 {
		t.Errorf("argmax with a tie is %d, want the lower id 1", got)
	}
}
