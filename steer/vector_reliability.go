package steer

import "github.com/neuronsteer/neuronsteer/internal/stats"

// Reliability says whether pairs have a direction in common in a layer. It is about how the vector was taken, and no test of what
// it does: a direction that pairs share need not steer (Tan et al., arXiv 2407.12404).
type Reliability struct {
	Layer     int      `json:"layer"`
	Agreement Estimate `json:"agreement"` // the mean cosine of a pair's difference with those of the other pairs
	HeldOut   Estimate `json:"heldOut"`   // the share of pairs whose difference points to the side of the mean of the others'
}

// Reliability returns how well the pairs agree, in each layer of the vector; intervals are over the pairs. It is nil where that is not
// known: of a single pair, of given directions, sums of vectors and files.
//
//	for _, r := range v.Reliability() {
//		fmt.Println(r.Layer, r.Agreement.Value, r.HeldOut.Value)
//	}
func (v Vector) Reliability() (all []Reliability) {
	d := v.data()
	if len(d.agreement) == 0 || d.n < 2 {
		return nil
	}
	var series [][]float64
	for l, has := range d.has {
		if !has {
			continue
		}
		all = append(all, Reliability{Layer: l})
		side := make([]float64, d.n)
		for i, c := range d.heldOut[l*d.n:][:d.n] {
			if c > 0 {
				side[i] = 1
			}
		}
		series = append(series, d.agreement[l*d.n:][:d.n], side)
	}
	of := bootstrap(series, stats.Ones(d.n), 0)
	for i := range all {
		all[i].Agreement, all[i].HeldOut = of[2*i], of[2*i+1]
	}
	return all
}
