package steertest_test

import "github.com/neuronsteer/neuronsteer/steer/engine"

// slopeFaults are faults of the slopes in the heads' outputs.
var slopeFaults = map[string]broken{
	"slopes_of_heads": afterwards(func(_ engine.Attribution, r *engine.AttributionResult) {
		for _, s := range r.HeadSlopes {
			for i := range s {
				s[i] *= 1.1
			}
		}
	}),
	"slopes_of_heads#unasked": afterwards(func(in engine.Attribution, r *engine.AttributionResult) {
		r.HeadSlopes = make([][]float32, len(in.IDs))
	}),
	"slopes_of_heads#scores": afterwards(func(in engine.Attribution, r *engine.AttributionResult) {
		if in.HeadSlopes {
			r.Scores[0] = append([]float32{1 + r.Scores[0][0]}, r.Scores[0][1:]...)
		}
	}),
}
