package execute

import "github.com/neuronsteer/neuronsteer/steer"

// faithfulResponse collects what is measured.
type faithfulResponse struct {
	k, r, n                                           int // sizes, rankings 1+R, cases
	full, empty, kept, ablated, control, transplanted []float32
}

func newFaithfulResponse(k, r, n int, transplant bool) *faithfulResponse {
	out := &faithfulResponse{k: k, r: r, n: n, full: make([]float32, n), empty: make([]float32, n),
		kept: make([]float32, k*r*n), ablated: make([]float32, k*r*n)}
	if transplant {
		out.control, out.transplanted = make([]float32, n), make([]float32, k*r*n)
	}
	return out
}

// put stores the metric of a case under a pass.
func (r *faithfulResponse) put(p faithfulPass, at int, metric float32) {
	place := (p.size*r.r+p.ranking)*r.n + at
	switch p.what {
	case keepAll:
		r.full[at] = metric
	case keepNone, keepNothing:
		r.empty[at] = metric
	case keepSet:
		r.kept[place] = metric
	case ablateSet:
		r.ablated[place] = metric
	case transferSet:
		r.transplanted[place] = metric
	case transferNone:
		r.control[at] = metric
	}
}

// fill writes what no unit does where the size is 0.
func (r *faithfulResponse) fill(counts []int) {
	for k, count := range counts {
		for c := range r.r {
			if at := (k*r.r + c) * r.n; count == 0 {
				copy(r.kept[at:][:r.n], r.empty)
				copy(r.ablated[at:][:r.n], r.full)
				if r.control != nil {
					copy(r.transplanted[at:][:r.n], r.control)
				}
			}
		}
	}
}

// tensors returns the arrays of the record.
func (r *faithfulResponse) tensors() tensors {
	all, one := []int{r.k, r.r, r.n}, []int{r.n}
	out := tensors{"full": {Shape: one, Data: r.full}, "empty": {Shape: one, Data: r.empty}, "kept": {Shape: all, Data: r.kept}, "ablated": {Shape: all, Data: r.ablated}}
	if r.control != nil {
		out["control"], out["transplanted"] = steer.Tensor{Shape: one, Data: r.control}, steer.Tensor{Shape: all, Data: r.transplanted}
	}
	return out
}
