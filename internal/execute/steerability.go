package execute

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// steerability steers the tested examples by the vector [L,W] in one layer after another, and returns of each layer lo..hi and example
// the least-squares slope of the logit difference over the multiplier (Tan et al., arXiv 2407.12404).
func steerability(ctx context.Context, e *env, s message.ControlVectorSettings, lo, hi int, v []float32, jobs []job, sizes []int) (message.Numbers, error) {
	N, w := len(jobs), s.Space.Width(e.Shape())
	done, total := 0, N*(1+(hi-lo+1)*(len(message.VectorDoses)-1))
	measure := func(edits []message.Intervention) ([]float64, error) {
		all, err := outcomes(ctx, e, message.BaselineSettings{Examples: s.Tested, Edits: edits}, jobs, sizes, func(k, n int) func(int, int) {
			return e.batchProgress("steer", done+k, n, total)
		})
		done += N
		out := make([]float64, len(all))
		for i, o := range all {
			out[i] = o.Difference
		}
		return out, err
	}
	op := map[engine.Site]string{engine.Residual: message.OpResidual, engine.MLP: message.OpMLP, engine.Neurons: message.OpAddEach}[s.Space]
	unsteered, err := measure(s.Edits)
	if err != nil {
		return nil, err
	}
	var slopes message.Numbers
	for l := lo; l <= hi; l++ {
		responses := make([][]float64, N) // [N] by dose
		for _, x := range message.VectorDoses {
			y := unsteered
			if x != 0 {
				values := make(message.Numbers, len(v))
				for k, d := range v[l*w:][:w] {
					values[l*w+k] = float32(x * float64(d))
				}
				edit := message.Intervention{Op: op, Values: values, Scope: message.Everywhere}
				if y, err = measure(append(slices.Clip(s.Edits), edit)); err != nil {
					return nil, err
				}
			}
			for i := range responses {
				responses[i] = append(responses[i], y[i])
			}
		}
		for _, y := range responses {
			slopes = append(slopes, float32(stats.Slope(message.VectorDoses, y)))
		}
	}
	return slopes, nil
}
