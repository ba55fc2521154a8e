package golden

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// recordedEdges are the edges of a prompt: [layer, position, neuron] of both ends, and the weight.
type recordedEdges struct{ Total, Direct [][7]float64 }

// Edges replays the recorded edges of a prompt.
func (r *replay) Edges(_ context.Context, in engine.Edges, _ func(int, int)) (engine.EdgesResult, error) {
	var out engine.EdgesResult
	rec, ok := r.edges[fmt.Sprint(in.IDs)]
	if !ok {
		return out, fmt.Errorf("no edges of %v are recorded", in.IDs)
	}
	list := rec.Total
	if in.Direct {
		list = rec.Direct
	}
	weights := map[[6]int]float64{}
	for _, x := range list {
		var e [6]int
		for i := range e {
			e[i] = int(x[i])
		}
		weights[e] = x[6]
	}
	for _, t := range in.Targets {
		row := make([]float32, len(in.Sources))
		for i, s := range in.Sources {
			row[i] = float32(weights[[6]int{s.Layer, s.Position, s.Index, t.Layer, t.Position, t.Index}])
		}
		out.Weights, out.Tokens = append(out.Weights, row), append(out.Tokens, make([]float32, len(in.IDs)))
		out.Attention = append(out.Attention, make([]float32, r.shape.Layers))
		if in.Direct {
			out.Neurons = append(out.Neurons, make([]float32, r.shape.Layers))
		}
	}
	out.Value, out.Biases, out.Injected = make([]float32, len(in.Targets)), make([]float32, len(in.Targets)), make([]float32, len(in.Targets))
	return out, nil
}
