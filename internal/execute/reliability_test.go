package execute

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// TestReliability: the figures of pairs are the mean of their cosines, pair by pair, and the cosine with the mean of the others.
func TestReliability(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{2, 3, 9} {
		rows := make([][]float32, n)
		for i := range rows {
			rows[i] = make([]float32, 17)
			for k := range rows[i] {
				rows[i][k] = float32(r.NormFloat64() + .5)
			}
		}
		if n == 9 {
			clear(rows[4])
		}
		agreement, heldOut := make([]float32, n), make([]float32, n)
		reliability(rows, agreement, heldOut)
		cosine := func(a, b []float32) float64 {
			if message.Norm(a)*message.Norm(b) == 0 {
				return 0
			}
			return message.Inner(a, b) / message.Norm(a) / message.Norm(b)
		}
		for i := range rows {
			mean, others := 0., make([]float32, 17)
			for j := range rows {
				if j == i {
					continue
				}
				mean += cosine(rows[i], rows[j]) / float64(n-1)
				for k, x := range rows[j] {
					others[k] += x
				}
			}
			if math.Abs(mean-float64(agreement[i])) > 1e-6 && message.Norm(rows[i]) > 0 || math.Abs(cosine(rows[i], others)-float64(heldOut[i])) > 1e-6 {
				t.Errorf("%d pairs, pair %d: agreement %v, want %v; held out %v, want %v", n, i, agreement[i], mean, heldOut[i], cosine(rows[i], others))
			}
		}
	}
}
