package steer

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// Reliability says whether pairs have a direction in common in a layer, and where examples were given (ControlVectorTask.OnExamples)
// what that direction does to them. The first is about how the vector was taken and no test of what it does: a direction that pairs
// share need not steer (Tan et al., arXiv 2407.12404).
type Reliability struct {
	Layer         int      `json:"layer"`
	Agreement     Estimate `json:"agreement"`     // the mean cosine of a pair's difference with those of the other pairs
	HeldOut       Estimate `json:"heldOut"`       // the share of pairs whose difference points to the side of the mean of the others'
	Steerability  Estimate `json:"steerability"`  // the mean slope of an example's logit difference over the multiplier of this layer alone, in logits; N 0: not tested
	AntiSteerable Estimate `json:"antiSteerable"` // the share of examples whose slope is below 0: the vector moves them the other way
}

// Reliability returns how well the pairs agree, in each layer of the vector, and how many of the tested examples it moves the other way;
// intervals are over the pairs and over the examples. It is nil where neither is known: of a single pair, of given directions, sums
// of vectors and files. A scaled vector does not know what it does.
//
//	for _, r := range v.Reliability() {
//		fmt.Println(r.Layer, r.Agreement.Value, r.HeldOut.Value, r.AntiSteerable.Value)
//	}
func (v Vector) Reliability() (all []Reliability) {
	d := v.data()
	pairs, tested := len(d.agreement) > 0 && d.n > 1, len(d.slopes) > 0
	if !pairs && !tested {
		return nil
	}
	var agree, steered [][]float64
	for l, has := range d.has {
		if !has {
			continue
		}
		all = append(all, Reliability{Layer: l})
		if pairs {
			agree = append(agree, d.agreement[l*d.n:][:d.n], marked(d.heldOut[l*d.n:][:d.n], func(c float64) bool { return c > 0 }))
		}
		if tested {
			slopes := d.slopes[l*d.tested:][:d.tested]
			steered = append(steered, slices.Clone(slopes), marked(slopes, func(x float64) bool { return x < 0 }))
		}
	}
	if pairs {
		for i, e := range bootstrap(agree, stats.Ones(d.n), 0) {
			*[]*Estimate{&all[i/2].Agreement, &all[i/2].HeldOut}[i%2] = e
		}
	}
	if tested {
		for i, e := range bootstrap(steered, stats.Ones(d.tested), 0) {
			*[]*Estimate{&all[i/2].Steerability, &all[i/2].AntiSteerable}[i%2] = e
		}
	}
	return all
}

// marked returns 1 for each number that is meant, else 0.
func marked(xs []float64, meant func(float64) bool) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		if meant(x) {
			out[i] = 1
		}
	}
	return out
}
