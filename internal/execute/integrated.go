package execute

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/integrate/quad"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A node is one pass on the path of integrated gradients (engine.IntegratedGradients): the model with the neurons of one layer
// scaled by a factor.
type node struct {
	layer  int
	factor float64 // 0: the baseline
	weight float64 // of the integral; those of a layer add up to 1
}

// pathOf returns the passes that a prompt takes, layer by layer: the baseline, and the nodes of Gauss and Legendre's rule in the
// cube root of the factor. In a layer that makes an attention sink nearly everything happens before a factor of a tenth (in
// layer 11 of SmolLM2-135M before a hundredth), where the cube root has half of its nodes.
func pathOf(layers, steps int) []node {
	at, weight := make([]float64, steps), make([]float64, steps)
	quad.Legendre{}.FixedLocations(at, weight, 0, 1)
	for i, u := range at {
		at[i], weight[i] = u*u*u, weight[i]*3*u*u
	}
	var path []node
	for l := range layers {
		path = append(path, node{layer: l})
		for i := range at {
			path = append(path, node{l, at[i], weight[i]})
		}
	}
	return path
}

// integrate attributes prompts by integrated gradients, in batches of passes. The result is that of one pass of the rule
// Gradient, but for the scores, which are the integrals.
func integrate(ctx context.Context, e *env, steps int, in engine.Attribution, progress func(int, int)) (engine.AttributionResult, []*message.Completeness, error) {
	shape, checks := e.Shape(), make([]*message.Completeness, len(in.IDs))
	path := pathOf(shape.Layers, steps)
	total := len(in.IDs) * (1 + len(path))
	meter := func(done, n int) func(int, int) {
		return func(step, of int) { progress(done+step*n/of, total) } // of is at least 1: steertest.TestEngine
	}
	in.Rule = engine.Gradient
	res, err := e.Attribute(ctx, in, meter(0, len(in.IDs)))
	if err != nil {
		return res, nil, err
	}
	done := len(in.IDs)
	for b, ids := range in.IDs {
		row := len(ids) * shape.Neurons
		scores, check := make([]float32, shape.Layers*row), &message.Completeness{Steps: steps, Baselines: make([]float64, shape.Layers)}
		for _, batch := range batches(repeat(len(ids), len(path))) {
			nodes := pick(path, batch)
			part := engine.Attribution{IDs: repeat(ids, len(nodes)), Terms: repeat(in.Terms[b], len(nodes)), Rule: in.Rule, LogProb: in.LogProb, Edit: along(shape, in.Edit, b, nodes)}
			r, err := e.Attribute(ctx, part, meter(done, len(nodes)))
			if err != nil {
				return res, nil, err
			}
			for k, n := range nodes {
				if n.factor == 0 {
					check.Baselines[n.layer] = float64(r.Metric[k])
					continue
				}
				to, w := scores[n.layer*row:][:row], n.weight/n.factor // α·h·∂m/∂h′ becomes h·∂m/∂h′
				for i, v := range r.Scores[k][n.layer*row:][:row] {
					to[i] = float32(float64(to[i]) + w*float64(v))
				}
			}
			done += len(nodes)
		}
		check.Sums, check.Absolutes = sumLayers(scores, shape.Layers)
		res.Scores[b], checks[b] = scores, check
	}
	return res, checks, nil
}

func repeat[T any](x T, n int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = x
	}
	return out
}

// sumLayers returns the sum of each layer's scores [L,T,F], and that of their sizes.
func sumLayers(scores []float32, layers int) (sum, absolute []float64) {
	sum, absolute = make([]float64, layers), make([]float64, layers)
	w := len(scores) / layers
	for i, v := range scores {
		sum[i/w] += float64(v)
		absolute[i/w] += math.Abs(float64(v))
	}
	return sum, absolute
}

// along returns the edit of a batch of nodes: that of prompt b, and after it the neurons of the node's layer times its factor.
func along(shape engine.Shape, of *engine.Edit, b int, nodes []node) *engine.Edit {
	if of == nil {
		of = &engine.Edit{B: 1, T: 1}
	}
	if of.Next != nil || of.Gate != nil {
		return last(shape, of, b, nodes)
	}
	// part repeats the prompt's part of a field [B,L,T,width] for each node.
	part := func(from []float32, width int) []float32 {
		if from == nil {
			return nil
		}
		n := shape.Layers * of.T * width
		all := make([]float32, 0, len(nodes)*n)
		for range nodes {
			all = append(all, from[b%of.B*n:][:n]...)
		}
		return all
	}
	F, D, H := shape.Neurons, shape.Width, shape.Heads
	scale := of.Scale
	if scale == nil {
		scale = filled(of.B*shape.Layers*of.T*F, 1)
	}
	out := &engine.Edit{
		B: len(nodes), T: of.T, Scale: part(scale, F), Add: part(of.Add, F), Lo: part(of.Lo, F), Hi: part(of.Hi, F),
		MLP: part(of.MLP, D), Residual: part(of.Residual, D), Heads: part(of.Heads, H),
		OutMLP: part(of.OutMLP, D), OutResidual: part(of.OutResidual, D), Times: of.Times,
	}
	inf := float32(math.Inf(1))
	for k, n := range nodes {
		for _, f := range []struct {
			field []float32
			off   float32 // in place of 0 times the number, which an infinity makes none
		}{{out.Scale, 0}, {out.Add, 0}, {out.Lo, -inf}, {out.Hi, inf}} {
			if f.field == nil {
				continue
			}
			layer := f.field[(k*shape.Layers+n.layer)*of.T*F:][:of.T*F]
			for i, x := range layer {
				if layer[i] = float32(n.factor * float64(x)); n.factor == 0 {
					layer[i] = f.off
				}
			}
		}
	}
	return out
}

// last is along for an edit of several stages, or under a condition: the factors are a stage after them.
func last(shape engine.Shape, of *engine.Edit, b int, nodes []node) *engine.Edit {
	tail := along(shape, &engine.Edit{B: of.B, T: of.T}, b, nodes)
	var stages []*engine.Edit
	for ; of != nil; of = of.Next {
		bare := *of
		bare.Gate, bare.Next = nil, nil
		same := make([]node, len(nodes)) // of which each factor is 1
		for k := range same {
			same[k].factor = 1
		}
		stage := along(shape, &bare, b, same)
		stage.Gate = of.Gate
		stages = append(stages, stage)
	}
	for _, stage := range slices.Backward(stages) {
		stage.Next, tail = tail, stage
	}
	return tail
}
