package execute

import (
	"math"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// reliability writes what each of at least two pairs' differences [n][W] has in common with the others: its mean cosine with
// theirs, and its cosine with their sum, which is their mean's direction, a vector that was made without the pair. A difference of
// zeros has the cosine 0. Sums are in float64, and no pair is compared with another one by one: Σ_{j≠i}⟨d_i,d_j⟩ = ⟨d_i,Σd⟩ − ‖d_i‖².
func reliability(rows [][]float32, agreement, heldOut []float32) {
	w := len(rows[0])
	sum, units, norms := make([]float64, w), make([]float64, w), make([]float64, len(rows))
	for i, r := range rows {
		norms[i] = message.Norm(r)
		for k, x := range r {
			sum[k] += float64(x)
			if norms[i] > 0 {
				units[k] += float64(x) / norms[i]
			}
		}
	}
	for i, r := range rows {
		if norms[i] == 0 {
			continue
		}
		with, along, rest := 0., 0., 0. // ⟨d_i, Σ units⟩, ⟨d_i, what the others sum to⟩, and the squared length of that
		for k, x := range r {
			other := sum[k] - float64(x)
			with, along, rest = with+float64(x)*units[k], along+float64(x)*other, rest+other*other
		}
		agreement[i] = float32((with/norms[i] - 1) / float64(len(rows)-1))
		if rest > 0 {
			heldOut[i] = float32(along / norms[i] / math.Sqrt(rest))
		}
	}
}
